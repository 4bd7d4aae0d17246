"""What is wrong with an FAQ, said so that an editor can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import PostboteError


@dataclass(frozen=True, order=True)
class Finding:
    """One complaint; as text it is `file:line: problem. remedy`, which editors and terminals make a link of."""

    file: str
    line: int
    problem: str
    """Without a full stop at its end."""
    remedy: str
    """A whole sentence."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}. {self.remedy}"


class FaqError(PostboteError):
    """The FAQ cannot be used as it stands; `findings` has every reason, and the message is one line for each."""

    code = "faq"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))

"""The road of one conversation, step by step, as far as the database knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import PostboteError
from bot.masking import mask


class UnknownTraceError(PostboteError):
    """There is no such conversation."""

    code = "unknown_conversation"


@dataclass(frozen=True)
class Personal:
    """What says who somebody is, or what somebody wrote."""

    text: str

    def __str__(self) -> str:
        return f"[{len(self.text)} characters]"


Detail = Personal | str | int | float | bool | None


@dataclass(frozen=True)
class Step:
    """Something that happened."""

    at: datetime | None
    """None: it has not yet."""
    stop: str
    """As in docs/road.md."""
    what: str
    details: Mapping[str, Detail]


@dataclass(frozen=True)
class Trace:
    """All of it, in the order of time; what is still to come stands at the end."""

    id: str
    facts: Mapping[str, Detail]
    steps: Sequence[Step]


class Traces(Protocol):
    """Where it is read from."""

    async def get(self, conversation: str) -> Trace:
        """By its id, or `channel:address`. Raises UnknownTraceError."""


def shown(detail: Detail, *, plainly: bool) -> str | int | float | bool | None:
    """
    For people who may see personal data, or may not.

    >>> shown(Personal("anna@beispiel.de"), plainly=False), shown("refused by anna@beispiel.de", plainly=False)
    ('[16 characters]', 'refused by [address]')
    """
    if isinstance(detail, Personal):
        return detail.text if plainly else str(detail)
    return mask(detail) if isinstance(detail, str) and not plainly else detail

"""One-time codes are never stored: only what they come to under a key that is not in the database."""

import hashlib
import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MASK = "••••••"
# Six digits, as people type and copy them: 123456, 123 456, 123-456; not a part of a longer number.
_GAP = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}-]?"
_CODE = re.compile(rf"(?<![\d.])\d(?:{_GAP}\d){{5}}(?![\d]|[.,]\d)")


@dataclass(frozen=True)
class Typed:
    """What may be a code, in a customer's message."""

    written: str
    digest: str


class Digests:
    """Digests of codes, bound to the conversation: a code of one is of no use in another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, conversation: str, code: str) -> str:
        """HMAC-SHA256 as 64 hexadecimal digits."""
        return hmac.new(self._key, f"{conversation}\0{code}".encode(), hashlib.sha256).hexdigest()

    def typed(self, conversation: str, text: str) -> Sequence[Typed]:
        """All that may be a code in the text."""
        return [Typed(each, self.of(conversation, re.sub(r"\D", "", each))) for each in _CODE.findall(text)]


def mask(text: str, typed: Collection[Typed]) -> str:
    """The text without them."""
    written = {each.written for each in typed}
    return _CODE.sub(lambda match: MASK if match[0] in written else match[0], text)

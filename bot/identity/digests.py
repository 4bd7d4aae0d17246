"""One-time codes are never stored: only what they come to under a key that is not in the database."""

import hashlib
import hmac
import re

MASK = "••••••"
# Six digits, as people type them: 123456, 123 456, 123-456; not a part of a longer number.
_CODE = re.compile(r"(?<![\d.])\d(?:[ -]?\d){5}(?![\d]|[.,]\d)")


class Digests:
    """Digests of codes, bound to the conversation: a code of one is of no use in another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, conversation: str, code: str) -> str:
        """HMAC-SHA256 as 64 hexadecimal digits."""
        return hmac.new(self._key, f"{conversation}\0{code}".encode(), hashlib.sha256).hexdigest()

    def conceal(self, conversation: str, text: str) -> tuple[str, str | None]:
        """The text with its code masked, and the code's digest; the text as it is when there is none."""
        found = _CODE.search(text)
        if found is None:
            return text, None
        digest = self.of(conversation, re.sub(r"\D", "", found[0]))
        return _CODE.sub(MASK, text), digest

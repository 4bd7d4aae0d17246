"""Find one person's address in texts, however it is written there, and take it out."""

import re
from typing import Any

import idna

SHORTEST_ID = 6
"""Characters of a channel's id that are looked for in texts: shorter ones mean many other things."""
# What may stand before it in a log of JSON or in an address of the web, although it ends with a letter.
_ESCAPES = r"(?<=\\[nrtbf])|(?<=\\u[0-9a-f]{4})|(?<=%[0-9a-f]{2})"
_BEFORE = rf"(?:(?<![^\W_])(?<![^\W_][._+-])|{_ESCAPES})"
_AFTER = r"(?![^\W_])"
_AT = r"\s*(?:@|%40|&#0*64;|\\u0040|\(at\)|\[at\])\s*"
_DETAIL = r"(?:(?:\+|%2b)[\w.-]+)?"
"""Of anna+shop@…, which comes to anna@…, too."""


class Needle:
    """Of one address or id; in any case, with other signs around it, not within a longer one."""

    def __init__(self, pattern: str, part: str) -> None:
        """`part` stands in every text that `pattern` matches, in any case."""
        self.part = part
        self._texts = re.compile(pattern, re.IGNORECASE)

    @classmethod
    def of_address(cls, address: str) -> "Needle":
        """`address` in its one spelling, see bot.mailboxes.address."""
        local, _, domain = address.partition("@")
        unicode_domain = idna.decode(domain)
        escaped = unicode_domain.encode("unicode_escape").decode("ascii").replace("\\x", "\\u00")
        domains = "|".join(re.escape(each) for each in dict.fromkeys((domain, unicode_domain, escaped)))
        return cls(f"{_BEFORE}{re.escape(local)}{_DETAIL}{_AT}(?:{domains}){_AFTER}", local)

    @classmethod
    def of_id(cls, id: str) -> "Needle | None":
        """None where it is too short to be looked for in texts."""
        if len(id) < SHORTEST_ID:
            return None
        return cls(f"{_BEFORE}{re.escape(id)}{_AFTER}", id)

    def is_in(self, text: str) -> bool:
        """Whether the text has it."""
        return self._texts.search(text) is not None

    def masked(self, value: Any, mark: str) -> Any:
        """A text, or what JSON holds, with `mark` in its place; what does not have it comes back equal."""
        match value:
            case str():
                return self._texts.sub(lambda _: mark, value)
            case list() | tuple():
                return [self.masked(each, mark) for each in value]
            case dict():
                return {self.masked(key, mark): self.masked(each, mark) for key, each in value.items()}
        return value

    def blanked(self, content: bytes) -> bytes:
        """Stars in its place, as many as it has bytes: the length stays."""
        if self.part.lower().encode() not in content.lower():
            return content
        text = content.decode("utf-8", "surrogateescape")
        return self._texts.sub(_stars, text).encode("utf-8", "surrogateescape")


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found[0].encode("utf-8", "surrogateescape"))

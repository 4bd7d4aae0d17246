"""A mail's head, as text that is safe to work with; whatever stands there, nothing here raises."""

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

LONGEST_HEAD = 10_000
"""Characters of one field that are looked at."""
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_BLANKS = re.compile(r"[\s\0]+")


def field(message: Message, name: str) -> str:
    """The field's first value on one line, encoded words decoded; empty if there is none."""
    return decoded(message.get(name))


def fields(message: Message, name: str) -> Sequence[str]:
    """All its values."""
    return [decoded(value) for value in message.get_all(name, [])]


def ids(message: Message, name: str) -> Sequence[str]:
    """Message-IDs that the field names, in order, without brackets."""
    return [each for value in message.get_all(name, []) for each in _ID.findall(str(value)[:LONGEST_HEAD])]


def addresses(message: Message, name: str) -> Sequence[str]:
    """
    The addresses that the field names, as `name@domain`.

    Read before encoded words are decoded, which may hide commas and further addresses.
    """
    raw = [str(value)[:LONGEST_HEAD] for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(raw) if "@" in address]


def decoded(value: object) -> str:
    """A value on one line."""
    raw = str(value or "")[:LONGEST_HEAD]
    try:
        text = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        text = raw
    return _BLANKS.sub(" ", printable(text)).strip()


def printable(text: str) -> str:
    """Without the halves of characters that broken encodings leave, which no database takes."""
    return text.encode("utf-8", "replace").decode()

"""A mail's head, as text that is safe to work with; whatever stands there, nothing here raises."""

import re
from collections.abc import Sequence
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

LONGEST_HEAD = 10_000
"""Characters of one field that are looked at."""
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_BLANKS = re.compile(r"[\s\0]+")


def field(message: Message, name: str) -> str:
    """The field's first value on one line, encoded words decoded; empty if there is none."""
    return decoded(next(iter(_values(message, name)), ""))


def fields(message: Message, name: str) -> Sequence[str]:
    """All its values."""
    return [decoded(value) for value in _values(message, name)]


def ids(message: Message, name: str) -> Sequence[str]:
    """Message-IDs that the field names, in order, without brackets."""
    return [each for value in _values(message, name) for each in _ID.findall(value)]


def addresses(message: Message, name: str) -> Sequence[str]:
    """
    The addresses that the field names, as `name@domain`.

    Read before encoded words are decoded, which may hide commas and further addresses.
    """
    found = getaddresses(list(_values(message, name)))
    return [address for _, address in found if "@" in address]


def decoded(value: object) -> str:
    """A value on one line."""
    raw = str(value or "")[:LONGEST_HEAD]
    try:
        text = "".join(_chunk(chunk, charset) for chunk, charset in decode_header(raw))
    except (MessageError, LookupError, ValueError):
        text = raw
    return _BLANKS.sub(" ", printable(text)).strip()


def _values(message: Message, name: str) -> Sequence[str]:
    """As they stand there; bytes beyond ASCII, which many programmes just write, are UTF-8 at best."""
    wanted = name.lower()
    raws = [str(value)[:LONGEST_HEAD] for key, value in message.raw_items() if key.lower() == wanted]
    return [raw if raw.isascii() else _read(raw.encode("utf-8", "surrogateescape")) for raw in raws]


def _read(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _chunk(chunk: bytes | str, charset: str | None) -> str:
    if isinstance(chunk, str):
        return chunk
    # What stands between encoded words comes back in this encoding, whatever it was.
    return chunk.decode(charset or "raw-unicode-escape", "replace")


def inner(message: Message) -> Sequence[Message]:
    """The parts that it is made of, or the mail that it holds; the standard library fails on texts, so it is asked."""
    payload = message.get_payload() if message.is_multipart() else []
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def raw_of(message: Message) -> bytes:
    """All of it; empty where parts within parts have no end, or the standard library fails on what it parsed."""
    try:
        return message.as_bytes()
    except (RecursionError, LookupError, TypeError, ValueError):
        return b""


def printable(text: str) -> str:
    """Without the halves of characters that broken encodings leave, which no database takes."""
    return text.encode("utf-8", "replace").decode()

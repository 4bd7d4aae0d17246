"""What a file is: by its content, because names and what a channel says can be chosen by anybody."""

import re

import puremagic

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
PDF = "application/pdf"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def type_of(content: bytes) -> str:
    """
    Its media type; of text without marks of its own `text/plain`.

    >>> type_of("Grüße".encode())
    'text/plain'
    """
    found = _by_marks(content)
    # What is readable is text, whatever it begins with; a PDF can consist of letters alone, too.
    return TEXT if found != PDF and is_text(content) else found


def is_text(content: bytes) -> bool:
    """UTF-8 without control characters."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and not CONTROLS.search(text)


def _by_marks(content: bytes) -> str:
    try:
        best, *_ = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return best.mime_type or UNKNOWN

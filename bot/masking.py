"""Take personal data out of what operators read: logs, traces, errors of other systems."""

import re

ADDRESS, NUMBER = "[address]", "[number]"
_SUSPECT = re.compile(r"@|%40|\d{3}")
"""Most texts have nothing of it, and are done with here."""
_FOUND = re.compile(
    r"""
    # Ours: ids of conversations, points in time, fractions.
    (?P<keep> \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b
      | \b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?
      | \b\d+\.\d+\b )
    # E-mail addresses, in paths too; Matrix' people and rooms.
    | (?P<address> [^\s@<>()\[\]{},;:„“"'`/?=&]+(?:@|%40)[\w-]+(?:\.[\w-]+)*
      | [@!\#][\w.=/+-]+:[\w-]+(?:\.[\w-]+)+ )
    # Of accounts (IBAN), telephones, cards, contracts; one-time codes, also in halves.
    | (?P<number> \b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b
      | (?<![\w.])(?:\+|\(?0)(?:[\s/().-]{0,3}\d){5,}
      | (?<![\w.])\d+(?:[ /-]\d{2,}){3,}(?!\w)
      | (?<![\w.])\d{3}[ -]\d{3}(?!\w)
      | (?<![\w.])\d{6,}(?!\w) )
    """,
    re.VERBOSE,
)


def mask(text: str) -> str:
    """
    The text without e-mail addresses, telephone numbers, codes and other long numbers; ids of conversations stay.

    >>> mask("550 no such user anna@beispiel.de (0171/123 45 67), code 123 456")
    '550 no such user [address] ([number]), code [number]'
    """
    return _FOUND.sub(_replaced, text) if _SUSPECT.search(text) else text


def _replaced(found: re.Match[str]) -> str:
    if found["keep"]:
        return found["keep"]
    return ADDRESS if found["address"] else NUMBER

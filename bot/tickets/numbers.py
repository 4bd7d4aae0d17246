"""Ticket numbers: short enough to be read out on the telephone, and the same on every attempt."""

import hashlib
import re

# Crockford's base 32 has no I, L, O and U, so that nothing is misread: https://www.crockford.com/base32.html
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
LENGTH = 8
# In one piece, or in halves behind a T on its own: "Titel 2025" and "teil 3 von 5" are no numbers.
_WRITTEN = re.compile(r"\bT(?:[-\s]?([0-9A-Z]{8})|[-\s]([0-9A-Z]{4}[-\s][0-9A-Z]{4}))\b", re.IGNORECASE)


def number_of(key: str, attempt: int = 0) -> str:
    """
    The number of the ticket that `key` names, which has a digit; `attempt` counts numbers that were another's already.

    >>> number_of("conversation:message")
    'T-JNNHWB2M'
    """
    value = int.from_bytes(hashlib.sha256(f"{key}:{attempt}".encode()).digest()[:8])
    digit, signs = _SIGNS[value % 10], ""
    for _ in range(LENGTH):
        value, rest = divmod(value, len(_SIGNS))
        signs += _SIGNS[rest]
    # A digit tells a number from a word.
    return f"T-{signs}" if _has_digit(signs) else f"T-{signs[:-1]}{digit}"


def number_in(text: str) -> str | None:
    """
    The ticket number in a customer's message, however it is written.

    >>> number_in("was ist mit t jnnh wb2m")
    'T-JNNHWB2M'
    """
    for found in _WRITTEN.finditer(text):
        written = re.sub(r"[-\s]", "", found[1] or found[2])
        signs = written.upper().translate(_MISREAD)
        if _has_digit(written) and set(signs) <= set(_SIGNS):
            return f"T-{signs}"
    return None


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)

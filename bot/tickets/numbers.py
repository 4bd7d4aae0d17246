"""Ticket numbers: short enough to be read out on the telephone, and the same on every attempt."""

import hashlib
import re

# Crockford's base 32 has no I, L, O and U, so that nothing is misread: https://www.crockford.com/base32.html
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
LENGTH = 8
_WRITTEN = re.compile(rf"\bT[-\s]?((?:[0-9A-Z][-\s]?){{{LENGTH - 1}}}[0-9A-Z])\b", re.IGNORECASE)


def number_of(key: str, attempt: int = 0) -> str:
    """
    The number of the ticket that `key` names; `attempt` counts numbers that were another's already.

    >>> number_of("conversation:message")
    'T-JNNHWB2M'
    """
    value = int.from_bytes(hashlib.sha256(f"{key}:{attempt}".encode()).digest()[:8])
    signs = ""
    for _ in range(LENGTH):
        value, rest = divmod(value, len(_SIGNS))
        signs += _SIGNS[rest]
    return f"T-{signs}"


def number_in(text: str) -> str | None:
    """
    The ticket number in a customer's message, however it is written.

    >>> number_in("was ist mit t jnnh wb2m")
    'T-JNNHWB2M'
    """
    found = _WRITTEN.search(text)
    if not found:
        return None
    signs = re.sub(r"[-\s]", "", found[1]).upper().translate(_MISREAD)
    return f"T-{signs}" if set(signs) <= set(_SIGNS) else None

"""What a text is made of, for comparison: the character n-grams of its folded words."""

import re

from bot.faq.words import fold

SHORTEST, LONGEST = 3, 5
MOST_SIGNS = 2000
"""Of a longer message the beginning is read: what the customer wants is rarely said later."""

# Whose mailbox it is says nothing about what is wanted.
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÄÖÜ„\"0-9])|\n+")


def grams(text: str) -> list[str]:
    """
    The n-grams of each word, its edges marked by spaces; compounds, typos and endings share most of theirs.

    >>> grams("Öl")
    [' o', 'oe', 'el', 'l ', ' oe', 'oel', 'el ', ' oel', 'oel ', ' oel ']
    """
    found = []
    for word in fold(_ADDRESS.sub("mailadresse", text[:MOST_SIGNS])).split():
        edged = f" {word} "
        for size in range(SHORTEST, min(LONGEST, len(edged)) + 1):
            found += [edged[start : start + size] for start in range(len(edged) - size + 1)]
    return found


def sentences(plain: str) -> list[str]:
    """The sentences of a text without markup."""
    return [part.strip() for part in _SENTENCE_END.split(plain) if part.strip()]

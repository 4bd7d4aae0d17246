"""The few words around what was searched for."""

import re
from collections.abc import Sequence

LENGTH = 160
BEFORE = 60
"""Characters that are shown before the hit."""


def excerpt(text: str, needles: Sequence[str]) -> str:
    """
    At most about 160 characters of the text, on one line, around the first of the needles; else its beginning.

    >>> excerpt("Welchen Port brauche ich?", ["port"])
    'Welchen Port brauche ich?'
    """
    line = " ".join(text.split())
    found = re.search("|".join(map(re.escape, needles)), line, re.IGNORECASE) if needles else None
    begin = _word_begin(line, max(0, found.start() - BEFORE)) if found else 0
    end = _word_end(line, begin + LENGTH)
    return f"{'… ' if begin else ''}{line[begin:end]}{' …' if end < len(line) else ''}"


def _word_begin(line: str, at: int) -> int:
    space = line.find(" ", at, at + BEFORE)
    return space + 1 if at and space >= 0 else at


def _word_end(line: str, at: int) -> int:
    if at >= len(line):
        return len(line)
    space = line.rfind(" ", at - BEFORE, at)
    return space if space >= 0 else at

"""Which of several things that were offered a short answer names by its place: "die zweite", "2", "nummer drei"."""

import re

from bot.faq.words import fold

MOST_WORDS = 4
"""A longer answer says more than which one."""
_PLACES = (
    r"1|1te\w?|eins|erste\w?|oberste\w?",
    r"2|2te\w?|zwei|zweite\w?|zweitens",
    r"3|3te\w?|drei|dritte\w?|drittens",
)
_BESIDE = r"(?:ja|bitte|ok|also|nummer|nr|punkt|frage|option|antwort|die|das|der|den|dem|von|oben|nehme?|ich|meine?)"
_PATTERNS = tuple(re.compile(rf"(?:{_BESIDE} )*(?:{place})(?: {_BESIDE})*") for place in _PLACES)


def find_place(text: str, count: int) -> int | None:
    """From 0; None when the text says something else, or names a place behind the last of `count`."""
    words = fold(text)
    if len(words.split()) > MOST_WORDS:
        return None
    return next((place for place, pattern in enumerate(_PATTERNS[:count]) if pattern.fullmatch(words)), None)

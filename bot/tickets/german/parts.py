"""Reads parts of a day: "gestern abend", "in der früh", "letzte Nacht", "in der Nacht auf Montag"."""

import re
from collections.abc import Iterator
from datetime import time

from bot.tickets.german.mentions import Night, Part, Stage
from bot.tickets.german.spelling import Sentence, said
from bot.tickets.german.words import WEEKDAYS

_DAY = rf"(?:gestern|heute|{'|'.join(WEEKDAYS)}|am|diesen|jenen|\d\.|woche)"
_ADJECTIVE = r"(?:(?:fruehen|spaeten|frueh|spaet)\s+)?"

# The beginning of the part: what was lost in it was still there then.
_PARTS = [
    (r"morgens|in (?:der|da) frueh|am fruehen morgen|frueh am morgen|frueh morgens", time(6), Stage.MORNING),
    (rf"(?:{_DAY},?|uhr)\s+(?P<said>{_ADJECTIVE}morgen|frueh)", time(6), Stage.MORNING),
    (rf"(?P<said>{_ADJECTIVE}vormittags?)", time(9), Stage.MORNING),
    (rf"(?P<said>{_ADJECTIVE}nachmittags?)", time(13), Stage.AFTERNOON),
    (r"mittags?", time(12), Stage.NOON),
    (r"(?:am\s+)?(?P<said>(?:(?:fruehen|spaeten)\s+)?abends?)", time(18), Stage.AFTERNOON),
]
_COMPILED = [(re.compile(rf"\b(?:{pattern})\b"), start, stage) for pattern, start, stage in _PARTS]

_NAME = rf"(?:{'|'.join(WEEKDAYS)}|heute|gestern|vorgestern|\d\d?\.)"
_MORNING_AFTER = re.compile(rf"\bnacht (?:von|vom) (?:\w+ )?{_NAME} (?P<said>(?:auf|zum?) (?:den )?{_NAME})")
_NIGHTS = [
    (re.compile(r"\bnacht\b(?= (?:von|vom)\b)"), Night.BEGINS),
    (
        re.compile(r"\bnacht (?:auf|zum?)\b|\b(?:letzte|vergangene|vorige)r? nacht\b|\b(?:in der|ueber) nacht\b"),
        Night.ENDS,
    ),
    (re.compile(r"\bheute (?P<said>nachts?)\b"), Night.ENDS),
    (re.compile(r"\bnacht\b"), Night.EITHER),
    (re.compile(r"\bnachts\b"), None),
]


def parts(sentence: Sentence) -> Iterator[Part]:
    """Take the parts of a day, nights first."""
    list(sentence.take(_MORNING_AFTER))
    for pattern, night in _NIGHTS:
        for match in sentence.take(pattern):
            yield Part(time(22), Stage.NIGHT, said(match), night)
    for pattern, start, stage in _COMPILED:
        for match in sentence.take(pattern):
            yield Part(start, stage, said(match))

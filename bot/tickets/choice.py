"""Reads which of several points in time a short answer picks."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.tickets.german.mentions import Stage
from bot.tickets.german.parts import parts
from bot.tickets.german.spelling import Sentence

MOST_WORDS = 4
"""A longer answer says more than which one."""
HOURS = {
    Stage.MORNING: range(12),
    Stage.NOON: range(11, 15),
    Stage.AFTERNOON: range(12, 24),
    Stage.NIGHT: (*range(6), 22, 23),
}
_EARLY = re.compile(r"\b(?:frueh|morgen)\b")
_PLACES = [
    (re.compile(r"\b(?:1\.|erste\w?|fruehere\w?)"), 0),
    (re.compile(r"\b(?:2\.|zweite\w?)"), 1),
    (re.compile(r"\b(?:letzte\w?|spaetere\w?)"), -1),
]


def choose_moment(text: str, candidates: Sequence[datetime]) -> datetime | None:
    """The one of the candidates, which are in order: "der zweite", "nachmittags". None when it is not one."""
    sentence = Sentence(text)
    if len(sentence.left.split()) > MOST_WORDS:
        return None
    for pattern, place in _PLACES:
        if pattern.search(sentence.left) and len(candidates) > 1:
            return candidates[place]
    stages = {part.stage for part in parts(sentence)} or {Stage.MORNING for _ in _EARLY.finditer(sentence.left)}
    fitting = [at for at in candidates if any(at.hour in HOURS[stage] for stage in stages)]
    return fitting[0] if len(fitting) == 1 else None

"""
Reads the point in time that a customer's sentence names, for "as it was then".

A day without a time of day is its beginning and a part of a day is the beginning of that part: whatever
got lost in it was still there then. Words that can mean more than one point are asked back, not guessed
(docs/decisions/0005-points-in-time.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.tickets.german.clock import clocks
from bot.tickets.german.dates import dates
from bot.tickets.german.days import days, spans
from bot.tickets.german.mentions import Day, Instant, Question
from bot.tickets.german.parts import parts
from bot.tickets.german.points import Mentions, Reading
from bot.tickets.german.spelling import Sentence

MOST_CANDIDATES = 7
"""More than these are not offered: the question is asked openly."""


@dataclass(frozen=True)
class Moment:
    """A point in time, in the zone of `now`."""

    at: datetime
    exact: bool
    """Whether a time of day was said; else `at` is the beginning of the day or of its part."""
    words: str
    """The words that say it."""


@dataclass(frozen=True)
class Ambiguous:
    """Words that can mean several points."""

    candidates: tuple[datetime, ...]
    """Those that are possible, in order; empty when there are too many to offer."""
    question_key: str
    """A value of `Question`."""


@dataclass(frozen=True)
class Refused:
    """A point from which nothing can be restored."""

    reason: Literal["future", "too_old"]
    at: datetime


def read_moment(
    text: str, now: datetime, retention: timedelta, days_meant: Sequence[date] = ()
) -> Moment | Ambiguous | Refused | None:
    """
    Return the point in time that `text` names, or None if it names none.

    `now` is aware, in the hoster's time zone; backups reach back by `retention`. A time of day
    without a day ("doch lieber 18 Uhr") is of the days that were spoken of, else its last occurrence.
    """
    sentence = Sentence(text)
    named = _readings(sentence, now, days_meant)
    oldest = now - retention
    possible = [each for each in (reading.between(oldest, now) for reading in named) if each.points]
    if not possible:
        return _without_points(named, now)
    if len(possible) > 1:
        # "Gestern war alles da, heute ist alles weg": today is only when it was noticed.
        possible = [reading for reading in possible if not reading.today] or possible
    points = tuple(sorted({at for reading in possible for at in reading.points}))
    first = possible[0]
    if len(points) == 1:
        return Moment(points[0], first.exact, _words(sentence, first))
    question = first.question if len(possible) == 1 else Question.SEVERAL
    return Ambiguous(points if len(points) <= MOST_CANDIDATES else (), question)


def _readings(sentence: Sentence, now: datetime, days_meant: Sequence[date]) -> list[Reading]:
    """The order matters: each takes its words out of the sentence for those that come after."""
    whole = sentence.left
    today = now.date()
    distances = list(spans(sentence, now))
    parts_of_day = list(parts(sentence))
    times = list(clocks(sentence, parts_of_day, now.time().replace(second=0, microsecond=0)))
    named = list(dates(sentence, today))
    named += [*days(sentence, today, named), *(each for each in distances if isinstance(each, Day))]
    instants = [each for each in distances if isinstance(each, Instant)]
    return Mentions(named, times, parts_of_day, instants).readings(whole, now, days_meant)


def _without_points(named: list[Reading], now: datetime) -> Ambiguous | Refused | None:
    """What is answered when nothing that was named is possible: why, by the point nearest to now."""
    points = [at for reading in named for at in reading.points]
    if not points:
        return Ambiguous((), named[0].question) if named else None
    nearest = min(points, key=lambda at: abs(at - now))
    return Refused("future" if nearest > now else "too_old", nearest)


def _words(sentence: Sentence, reading: Reading) -> str:
    return " ".join(sentence.original(*span) for span in reading.spans)

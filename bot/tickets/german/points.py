"""Puts days, parts and times of day together to points in time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from dateutil.tz import resolve_imaginary

from bot.tickets.german.mentions import Clock, Day, Instant, Night, Part, Question, Span

_PART = r"(?:frueh|morgen|vormittag|mittag|nachmittag|abend|nacht)"
_SAME = r"(?:also|und zwar|das war|das heisst)"
_BETWEEN = re.compile(
    rf"[\s\0,(]*(?:{_PART}[\s\0,(]+)?(?:{_SAME}[\s\0,]+)?(?:(?:in )?(?:der|den|dem|des)|am|vom)?[\s\0]*"
)
"""Between two words for one day: "Freitagabend, also am 20.11."."""
_NOT = re.compile(r"\b(?:nicht|statt|anstatt)\s+(?:erst\s+)?(?:(?:am|den|dem|der|vom)\s+)?$")
_BETWEEN_DAYS = re.compile(r"\bzwischen\s+(?:\w+\s+){0,2}$")
_FROM_DAY = re.compile(r"\bvo[nm]\s+(?:\w+\s+){0,2}$")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reading:
    """What one mention of a point can mean."""

    points: tuple[datetime, ...]
    exact: bool
    question: Question
    spans: tuple[Span, ...]
    today: bool = False
    """"Heute" and nothing else."""

    def between(self, oldest: datetime, latest: datetime) -> "Reading":
        """The same without the points outside."""
        return replace(self, points=tuple(at for at in self.points if oldest <= at <= latest))


@dataclass(frozen=True)
class Mentions:
    """All that a sentence says of times."""

    days: Sequence[Day]
    clocks: Sequence[Clock]
    parts: Sequence[Part]
    instants: Sequence[Instant]

    def readings(self, sentence: str, now: datetime, days_meant: Sequence[date]) -> list[Reading]:
        """
        The points that can be meant, one Reading for each that is named, in the order of the words.

        A time without a day is of the `days_meant`, if there are any.
        """
        days = _without_denied(sentence, _merged(sentence, self.days))
        found = [_of_instant(instant) for instant in self.instants]
        if days:
            found += [self._of_day(day, days, now) for day in _without_ends(sentence, days)]
        elif self.clocks or self.parts:
            found.append(self._on(days_meant, now) if days_meant else self._without_day(now))
        return sorted(found, key=lambda reading: reading.spans)

    def _of_day(self, day: Day, days: Sequence[Day], now: datetime) -> Reading:
        clocks = [clock for clock in self.clocks if _nearest(clock.span, days) is day]
        parts = [part for part in self.parts if _nearest(part.span, days) is day]
        part = parts[0] if parts else None
        points = {_local(*each, now) for when in day.dates for each in _times(when, clocks, part, today=day.today)}
        spans = {day.span, *(clock.span for clock in clocks), *(part.span for part in parts)}
        question = _question(day, clocks, part)
        only_today = day.today and len(spans) == 1
        return Reading(tuple(sorted(points)), bool(clocks), question, tuple(sorted(spans)), only_today)

    def _on(self, dates: Sequence[date], now: datetime) -> Reading:
        """A time of day alone, where the day is known from before."""
        said = min((*(clock.span for clock in self.clocks), *(part.span for part in self.parts)))
        day = Day(tuple(dates), said)
        return self._of_day(day, [day], now)

    def _without_day(self, now: datetime) -> Reading:
        """A time of day alone: its last occurrence."""
        part = self.parts[0] if self.parts else None
        night = part is not None and part.night is not None
        points = set()
        for when in _times(now.date(), [replace(clock, end_of_day=False) for clock in self.clocks], part, today=night):
            at = _local(*when, now)
            points.add(at if at <= now else _local(when[0] - _ONE_DAY, when[1], now))
        spans = tuple(sorted((*(each.span for each in self.clocks), *(each.span for each in self.parts))))
        return Reading(tuple(sorted(points)), bool(self.clocks), _question(None, self.clocks, part), spans)


def _of_instant(instant: Instant) -> Reading:
    return Reading((instant.at,) if instant.at else (), True, Question.WHICH_TIME, (instant.span,))


def _local(day: date, at: time, now: datetime) -> datetime:
    """
    That time of day on the clocks there.

    Of a time that the clocks show twice the first: nothing is lost yet then. One that they skip is as much later.
    """
    local: datetime = resolve_imaginary(datetime.combine(day, at, now.tzinfo))
    return local


def _times(day: date, clocks: Sequence[Clock], part: Part | None, *, today: bool) -> list[tuple[date, time]]:
    night = part.night if part else None
    if night is Night.EITHER and today:
        night = Night.ENDS
    if not clocks:
        return [(day - _ONE_DAY if night is Night.ENDS else day, part.start if part else time(0))]
    return [
        (day + _ONE_DAY * shift, at) for clock in clocks for at in clock.times for shift in _shifts(clock, at, night)
    ]


def _shifts(clock: Clock, at: time, night: Night | None) -> tuple[int, ...]:
    """On which days the time can lie, counted from the day that was said."""
    if clock.end_of_day and night is None:
        return 0, 1
    evening = at.hour >= 12
    if night is Night.BEGINS:
        return (0,) if evening else (1,)
    if night is Night.ENDS:
        return (-1,) if evening else (0,)
    return (0, 1) if night is Night.EITHER and not evening else (0,)


def _question(day: Day | None, clocks: Sequence[Clock], part: Part | None) -> Question:
    if day and len(day.dates) > 1:
        return day.key
    if len(clocks) > 1:
        return Question.SEVERAL
    if clocks and len(clocks[0].times) > 1:
        return Question.HOUR
    return Question.NIGHT if clocks or part else Question.WHICH_DAY


def _merged(sentence: str, days: Sequence[Day]) -> list[Day]:
    """Days that say one point together: "Freitag, der 13.11.", "Mittwoch letzter Woche", "Wochenende, Samstag"."""
    found: list[Day] = []
    for day in sorted(days, key=lambda each: each.span):
        before = found.pop() if found else None
        together = _together(before, day, sentence) if before else None
        found += [together] if together else [each for each in (before, day) if each]
    return found


def _together(first: Day, second: Day, sentence: str) -> Day | None:
    span = (first.span[0], second.span[1])
    near = _BETWEEN.fullmatch(sentence[first.span[1] : second.span[0]]) is not None
    if near and (second.weeks_ago and first.weekday is not None):
        # "Montag vor einer Woche" counts from the last Monday.
        return Day((first.dates[-1] - timedelta(weeks=second.weeks_ago),), span)
    if near and (first.weeks_ago and second.weekday is not None):
        # "Vor zwei Wochen am Freitag": from the last Friday, or in the week two weeks ago.
        counted = second.dates[-1] - timedelta(weeks=first.weeks_ago)
        monday = first.dates[0] - timedelta(days=first.dates[0].weekday())
        return Day(tuple(sorted({counted, monday + timedelta(days=second.weekday)})), span, Question.WEEK)
    for one, other in ((first, second), (second, first)):
        if near and one.weekday is not None:
            dates = tuple(each for each in other.dates if each.weekday() == one.weekday)
        else:
            dates = tuple(each for each in one.dates if each in other.dates) if _is_stretch(other) else ()
        if dates:
            return replace(other if near else one, dates=dates, span=span if near else one.span)
    # "Vor einer Woche (17.11.)" is said twice.
    both = tuple(each for each in first.dates if each in second.dates)
    return replace(first, dates=both, span=span) if near and both else None


def _is_stretch(day: Day) -> bool:
    return day.key is Question.WHICH_DAY and len(day.dates) > 1


def _without_denied(sentence: str, days: list[Day]) -> list[Day]:
    """ "Nicht gestern, sondern vorgestern": what was denied is left out, unless it was all that was said."""
    return [day for day in days if not _NOT.search(sentence[max(0, day.span[0] - 30) : day.span[0]])] or days


def _without_ends(sentence: str, days: list[Day]) -> list[Day]:
    """ "Zwischen Montag und Dienstag": what got lost in it was still there at its beginning."""
    ends = [second for first, second in pairwise(days) if _is_range(sentence, first.span, second.span)]
    return [day for day in days if day not in ends]


def _is_range(sentence: str, first: Span, second: Span) -> bool:
    before, between = sentence[: first[0]], sentence[first[1] : second[0]]
    if _BETWEEN_DAYS.search(before):
        return "und" in between.split()
    from_day = _FROM_DAY.search(before) or sentence[first[0] :].startswith("vom ")
    return bool(from_day) and not {"auf", "bis"}.isdisjoint(between.split())


def _nearest(span: Span, days: Sequence[Day]) -> Day:
    return min(days, key=lambda day: max(day.span[0] - span[1], span[0] - day.span[1]))

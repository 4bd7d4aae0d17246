"""Reads days by their distance or place: "gestern", "vor drei Wochen", "letzten Freitag", "Anfang der Woche"."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.tickets.german.mentions import Day, Instant, Question
from bot.tickets.german.spelling import Sentence, said
from bot.tickets.german.words import MONTHS, WEEKDAYS

_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_LAST = r"(?:letzt|vergangen|vorig|vorherig)e[nrsm]?"
_WHICH = (
    rf"(?:(?P<before>vorletzte[nrsm]?)|(?P<last>{_LAST})|(?P<this>diese[nrsm]?)|(?P<next>(?:naechst|kommend)e[nrsm]?))"
)

_COUNT = (
    r"(?:(?P<few>(?:ein(?:ige)?n? )?(?:paar|wenigen|einigen))|"
    r"(?P<part>(?:(?:ein|n)e[rmn]?\s+)?(?:halben?|viertel|dreiviertel))|"
    r"(?P<more>anderthalb|eineinhalb|1einhalb)|(?P<one>ein(?:e[rmn]?)?|ne[rm]?|na)|"
    r"(?P<number>\d{1,4})(?P<half>[.,]5|einhalb)?)"
)
_UNIT = r"(?P<unit>minuten?|min|stunden?|std|h|tage?n?|wochen?|monate?n?|jahre?n?)"
_ABOUT = r"(?:(?:ca\.?|circa|etwa|ungefaehr|genau|rund|so|gut|knapp|ueber|mehr als|schon|den letzten)\s+)*"
_SPANS = [
    re.compile(rf"\b(?:vor|seit)\s+{_ABOUT}{_COUNT}\s*{_UNIT}\b"),
    re.compile(rf"\b{_COUNT}\s*{_UNIT} (?:ist (?:das|es) )?her\b"),
]
_BACK = re.compile(r"\b(?P<word>heute|gestern|vorgestern)\s+vor\s+(?P<count>einer|1|2|3|4)\s+wochen?\b")
_JUST_NOW = re.compile(r"\b(?:vorhin|gerade eben|eben gerade|soeben)\b")

_RELATIVE = {"vorvorgestern": -3, "vorgestern": -2, "gestern": -1, "heute": 0, "uebermorgen": 2, "morgen": 1}
_WORDS = re.compile(rf"\b(?P<word>{'|'.join(_RELATIVE)})\b")
_NAMED = re.compile(rf"\b(?:{_WHICH}\s+)?{_WEEKDAY}\b")
_SHORT = re.compile(
    r"\b(?:(?:am|letzten|seit)\s+(?P<said>mo|di|mi|do|fr|sa|so)\b|(?P<bare>mo|di|mi|do|fr|sa|so)\.?,?\s+(?:den\s+)?(?=\d|\0))"
)

_PLACE = r"(?:(?P<place>anfang|mitte|ende)\s+)?"
_WEEK = re.compile(rf"\b{_PLACE}(?:(?:der|des|dieser)\s+)?(?:{_WHICH}\s+)?woche\b")
_WEEKEND = re.compile(rf"\b(?P<edge>vor|nach)?\s*(?:am|dem|das|uebers|zum)?\s*(?:{_WHICH}\s+)?wochenende\b")
_MONTH = re.compile(
    rf"\b{_PLACE}(?:im\s+|seit\s+)?(?:(?:des|dieses)\s+)?(?:{_WHICH}\s+)?"
    rf"(?P<month>monats?|{'|'.join(m for m in MONTHS if len(m) > 3)})\b"
)


def spans(sentence: Sentence, now: datetime) -> Iterator[Day | Instant]:
    """Take what is said by its distance in time: days as Day, hours and minutes as Instant."""
    for match in sentence.take(_BACK):
        day = now.date() + timedelta(days=_RELATIVE[match["word"]])
        weeks = 1 if match["count"] == "einer" else int(match["count"])
        yield Day((day - timedelta(weeks=weeks),), said(match))
    for pattern in _SPANS:
        for match in sentence.take(pattern):
            yield _distance(match, now)
    for match in sentence.take(_JUST_NOW):
        yield Instant(None, said(match))


def days(sentence: Sentence, today: date, dates: Sequence[Day]) -> Iterator[Day]:
    """Take weeks, months, weekdays and words such as "gestern"; `dates` were taken before."""
    named = [*dates, *_stretches(sentence, today)]
    named += [_weekday(WEEKDAYS.index(match["weekday"]), match, today) for match in sentence.take(_NAMED)]
    named += [_relative(match, today) for match in sentence.take(_WORDS)]
    near = {day.span[1] for day in named} | {day.span[0] for day in named}
    for match in sentence.take(_SHORT):
        # "Gestern so 16 Uhr" is no Sunday; "So, 22.11." is one.
        if match["bare"] != "so" or not named or match.end() in near:
            named.append(_short_weekday(match, today))
    yield from named[len(dates) :]


def _stretches(sentence: Sentence, today: date) -> Iterator[Day]:
    for match in sentence.take(_WEEKEND):
        yield _weekend(match, today)
    for match in sentence.take(_WEEK):
        if any(match[word] for word in ("place", "last", "before", "this", "next")):
            yield _week(match, today)
    for match in sentence.take(_MONTH):
        if match["month"] not in {"monat", "monats"} or any(match[word] for word in ("place", "last", "before")):
            yield _month(match, today)


def _relative(match: re.Match[str], today: date) -> Day:
    distance = _RELATIVE[match["word"]]
    return Day((today + timedelta(days=distance),), said(match), today=distance == 0)


def _short_weekday(match: re.Match[str], today: date) -> Day:
    short = match["said"] or match["bare"]
    number = next(index for index, name in enumerate(WEEKDAYS) if name.startswith(short))
    return Day(_last_ones(number, today), match.span(), Question.WEEKDAY, weekday=number)


def _distance(match: re.Match[str], now: datetime) -> Day | Instant:
    unit, amount = match["unit"], _amount(match)
    if unit.startswith(("min", "st", "h")):
        if amount is None:
            return Instant(None, said(match))
        minutes = amount * (1 if unit.startswith("min") else 60)
        # Through UTC: an hour ago is an hour ago when the clocks were changed in between, too.
        past = now.astimezone(UTC) - timedelta(minutes=minutes)
        return Instant(past.astimezone(now.tzinfo), said(match))
    today = now.date()
    if amount is None:
        step = relativedelta(weeks=1) if unit.startswith("woche") else relativedelta(days=1)
        return Day(tuple(today - step * count for count in (2, 3, 4, 5)), said(match))
    whole = min(int(amount), 999)
    if unit.startswith("tag"):
        return Day((today - timedelta(days=int(amount)),), said(match))
    if unit.startswith("woche"):
        return Day((today - timedelta(days=round(amount * 7)),), said(match), weeks_ago=whole)
    months = whole if unit.startswith("monat") else min(round(amount * 12), 12 * 999)
    return Day((today - relativedelta(months=months),), said(match))


def _amount(match: re.Match[str]) -> float | None:
    """How many; None for "ein paar"."""
    if match["few"]:
        return None
    if match["part"]:
        return {"hal": 0.5, "vie": 0.25, "dre": 0.75}[match["part"].split()[-1][:3]]
    if match["more"]:
        return 1.5
    if match["one"]:
        return 1.0
    return int(match["number"]) + (0.5 if match["half"] else 0.0)


def _last_ones(weekday: int, today: date) -> tuple[date, ...]:
    """The last such day; on such a day it and the one a week ago."""
    back = (today.weekday() - weekday) % 7
    latest = today - timedelta(days=back)
    return (latest,) if back else (latest - timedelta(weeks=1), latest)


def _weekday(weekday: int, match: re.Match[str], today: date) -> Day:
    back = (today.weekday() - weekday) % 7
    if match["next"]:
        return Day((today + timedelta(days=7 - back),), said(match))
    if not match["last"] and not match["before"]:
        return Day(_last_ones(weekday, today), said(match), Question.WEEKDAY, weekday=weekday)
    latest = today - timedelta(days=back or 7)
    # "Letzten Montag" said later in the same week: some mean this week's, some last week's.
    this_week = 0 < back <= today.weekday()
    dates: tuple[date, ...] = (latest - timedelta(weeks=1), latest) if this_week else (latest,)
    if match["before"]:
        dates = tuple(day - timedelta(weeks=1) for day in dates)
    return Day(dates, said(match), Question.WEEK)


def _shift(match: re.Match[str]) -> int:
    """How many weeks or months from the present one."""
    if match["next"]:
        return 1
    return -2 if match["before"] else -1 if match["last"] else 0


def _week(match: re.Match[str], today: date) -> Day:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_shift(match))
    week = tuple(monday + timedelta(days=number) for number in range(7))
    place = {"anfang": week[:1], "mitte": week[2:3], "ende": week[4:]}
    return Day(place[match["place"]] if match["place"] else week, said(match))


def _weekend(match: re.Match[str], today: date) -> Day:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if match["next"]:
        saturday += timedelta(weeks=1)
    elif match["before"] or (match["last"] and today.weekday() >= 5):
        saturday -= timedelta(weeks=1)
    sunday = saturday + timedelta(days=1)
    edges = {"vor": (saturday,), "nach": (sunday + timedelta(days=1),)}
    return Day(edges.get(match["edge"] or "", (saturday, sunday)), said(match))


def _month(match: re.Match[str], today: date) -> Day:
    first = today.replace(day=1)
    if number := MONTHS.get(match["month"]):
        first = first.replace(month=number)
        if first > today:
            first -= relativedelta(years=1)
    else:
        first += relativedelta(months=_shift(match))
    length = ((first + relativedelta(months=1)) - first).days
    month = tuple(first + timedelta(days=number) for number in range(length))
    place = {"anfang": month[:1], "mitte": month[14:15], "ende": month[-5:]}
    return Day(place[match["place"]] if match["place"] else month, said(match))

"""Reads calendar dates: "12.11.", "3. nov", "am 30.", "2026-11-12", "11/10"."""

import re
from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from bot.tickets.german.mentions import Day, Question
from bot.tickets.german.spelling import Sentence, said
from bot.tickets.german.words import MONTHS

_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?<![\d.,:/-])(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_END = r"(?![\d/:-]|[.,]\d)"

_ISO = re.compile(rf"(?<![\d.-]){_YEAR}-(?P<month>0\d|1[0-2])-(?P<day>[0-2]\d|3[01])(?:t(?=\d))?(?![\d-])")
_WRITTEN = re.compile(rf"{_DAY}(?:\.|te[nr]?)?\s*(?P<name>{_NAMES})\b\.?(?:\s+{_YEAR}\b)?")
_DOTTED = re.compile(
    rf"{_DAY}\.\s?(?P<month>0?[1-9]|1[0-2])(?:\.\s?(?P<year>(?:19|20)\d\d|\d\d(?![\d.:]|\s*uhr)))?\.?{_END}"
)
_SLASHED = re.compile(rf"{_DAY}/(?P<month>\d\d?)(?:/(?P<year>(?:19|20)\d\d|\d\d))?{_END}")
_DASHED = re.compile(rf"{_DAY}-(?P<month>0?[1-9]|1[0-2])-(?P<year>(?:19|20)\d\d){_END}")
_DAY_ALONE = re.compile(
    rf"\b(?:am|dem|vom|der|den)\s+{_DAY}(?:\.|te[nr]?\b)(?!\s*(?:\d|{_NAMES}|tage?|mal|mail|ordner|woche|stelle|advent|weihnacht|oster|pfingst|feiertag|arbeitstag))"
    r"(?:\s+(?:(?P<last>(?:letzt|vorig)en)\s+|des\s+|diesen\s+)?monats\b)?"
)
_THIS_YEAR = re.compile(r"\b(?:heuer|dieses jahre?s?)\b")
_LAST_YEAR = re.compile(r"\b(?:letzt|vergangen|vorig)e[ns] jahre?s?\b")


def dates(sentence: Sentence, today: date) -> Iterator[Day]:
    """Take the calendar dates; without a year they have the two of the present and the last year."""
    year = _year_said(sentence, today)
    for pattern in (_ISO, _WRITTEN, _DOTTED, _DASHED):
        for match in sentence.take(pattern):
            parts = match.groupdict()
            month = MONTHS[parts["name"]] if parts.get("name") else int(parts["month"])
            years = [_full(parts["year"])] if parts["year"] else [year] if year else [today.year - 1, today.year]
            if found := _existing((each, month, int(parts["day"])) for each in years):
                yield Day(found, said(match), Question.YEAR)
    for match in sentence.take(_SLASHED):
        if found := _either_order(match, today, year):
            yield Day(found, said(match), Question.DAY_OR_MONTH)
    for match in sentence.take(_DAY_ALONE):
        yield Day((_last_of(int(match["day"]), today, months=1 if match["last"] else 0),), said(match))


def _year_said(sentence: Sentence, today: date) -> int | None:
    if list(sentence.take(_THIS_YEAR)):
        return today.year
    return today.year - 1 if list(sentence.take(_LAST_YEAR)) else None


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _existing(candidates: Iterator[tuple[int, int, int]]) -> tuple[date, ...]:
    found = set()
    for year, month, day in candidates:
        try:
            found.add(date(year, month, day))
        except ValueError:
            # No 30th of February: not what was meant.
            continue
    return tuple(sorted(found))


def _either_order(match: re.Match[str], today: date, year: int | None) -> tuple[date, ...]:
    """With a slash both day/month and month/day are in use. Two single digits without a year are rather a fraction."""
    first, second = match["day"], match["month"]
    if not match["year"] and len(first) + len(second) < 3:
        return ()
    years = [_full(match["year"])] if match["year"] else [year] if year else [today.year - 1, today.year]
    return _existing(
        (each, month, day) for each in years for day, month in ((int(first), int(second)), (int(second), int(first)))
    )


def _last_of(day: int, today: date, months: int) -> date:
    """The last time that the month had this day."""
    month = today.replace(day=1) - relativedelta(months=months)
    while (month + relativedelta(day=day)).day != day or (month + relativedelta(day=day)) > today:
        month -= relativedelta(months=1)
    last: date = month + relativedelta(day=day)
    return last

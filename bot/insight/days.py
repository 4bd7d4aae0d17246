"""The hoster's days, each from midnight to midnight on the hoster's clocks: 23 hours long, 24, or 25."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.insight.model import Day


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """
    When a day begins, in UTC.

    >>> str(begin_of(date(2026, 10, 26), ZoneInfo("Europe/Berlin")))
    '2026-10-25 23:00:00+00:00'
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days_between(first: date, last: date, zone: ZoneInfo) -> Sequence[Day]:
    """All of them, both ends included."""
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [Day(day, begin_of(day, zone), begin_of(day + timedelta(days=1), zone)) for day in dates]

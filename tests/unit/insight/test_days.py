"""Days on the hoster's clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.days import begin_of, days_between

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 11, 24), 24),
        # Midnight itself does not exist, or comes twice.
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("Atlantic/Azores", date(2026, 10, 25), 25),
    ],
)
def test_a_day_has_the_hours_that_its_clocks_have(zone: str, day: date, hours: int) -> None:
    """Where they change, too."""
    (found,) = days_between(day, day, ZoneInfo(zone))
    assert found.end - found.begin == timedelta(hours=hours)


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_days_follow_each_other_without_a_gap(first: date, more: int) -> None:
    """Each ends when the next begins; every moment of it is of its date."""
    days = days_between(first, first + timedelta(days=more), BERLIN)
    assert len(days) == more + 1
    assert all(day.end == following.begin for day, following in pairwise(days))
    assert days[0].begin.astimezone(BERLIN).date() == first
    assert (days[-1].end - timedelta(microseconds=1)).astimezone(BERLIN).date() == days[-1].date


def test_a_day_begins_in_utc() -> None:
    """As everything is stored."""
    assert begin_of(date(2026, 11, 24), BERLIN) == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert begin_of(date(2026, 11, 24), BERLIN).tzinfo is UTC


def test_no_days_between_the_wrong_ends() -> None:
    """None at all."""
    assert days_between(date(2026, 11, 24), date(2026, 11, 23), BERLIN) == []

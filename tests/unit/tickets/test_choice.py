"""Which of several points a customer's answer picks; and times of days that were spoken of before."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.tickets.choice import choose_moment
from bot.tickets.moments import Ambiguous, Moment, read_moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 14, 20, tzinfo=BERLIN)
FOUR, SIXTEEN = (datetime(2026, 11, 23, hour, tzinfo=BERLIN) for hour in (4, 16))
FRIDAY, SATURDAY, SUNDAY = (date(2026, 11, day) for day in (20, 21, 22))


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("nachmittags", SIXTEEN),
        ("am Nachmittag", SIXTEEN),
        ("früh", FOUR),
        ("in der nacht", FOUR),
        ("der zweite", SIXTEEN),
        ("das erste bitte", FOUR),
        ("den späteren", SIXTEEN),
        ("weiß nicht", None),
        ("am nachmittag war dann alles wieder da", None),
    ],
)
def test_a_short_answer_picks_a_candidate(text: str, chosen: datetime | None) -> None:
    """By its place or by the part of the day."""
    assert choose_moment(text, [FOUR, SIXTEEN]) == chosen


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("doch lieber 18 uhr", datetime(2026, 11, 20, 18, tzinfo=BERLIN)),
        ("so gegen halb 5 nachmittags", datetime(2026, 11, 20, 16, 30, tzinfo=BERLIN)),
        ("doch lieber montag", datetime(2026, 11, 23, tzinfo=BERLIN)),
    ],
)
def test_a_time_alone_is_of_the_day_spoken_of(text: str, at: datetime) -> None:
    """Another day takes its place."""
    read = read_moment(text, NOW, timedelta(days=30), [FRIDAY])
    assert isinstance(read, Moment)
    assert read.at == at


def test_a_time_alone_leaves_two_days_open() -> None:
    """It is asked back which."""
    read = read_moment("abends", NOW, timedelta(days=30), [SATURDAY, SUNDAY])
    assert isinstance(read, Ambiguous)
    assert [at.day for at in read.candidates] == [21, 22]
    assert {at.hour for at in read.candidates} == {18}

"""When people work, and when they do again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.handoff.hours import Hours
from bot.handoff.timetable import WEEKDAYS, load_hours
from bot.handoff.wording import german_opening
from bot.settings import load_settings

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {"mon-fri": ["08:00-12:00", "13:00-18:00"], "sat": ["09:00-13:00"]}
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "UTC")
"""In Beirut clocks are put forward at midnight, on Lord Howe by half an hour."""


def hours(**values: Any) -> Hours:
    """As the settings have it."""
    return load_hours(load_settings(**{"desk_hours": OFFICE} | values))


def berlin(*parts: int) -> datetime:
    """On the clocks of Berlin."""
    return datetime(*parts, tzinfo=BERLIN)


def test_without_hours_somebody_is_always_there() -> None:
    """So that a fresh clone shows the hand-off, on Christmas as well."""
    always = hours(desk_hours={})
    for at in (
        berlin(2026, 11, 24, 10),
        berlin(2026, 12, 25, 3),
        berlin(2026, 11, 29, 0),
        berlin(2026, 11, 28, 23, 59),
    ):
        assert always.is_open(at)
        assert always.next_opening(at) == at


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (berlin(2026, 11, 24, 7, 59), False),
        (berlin(2026, 11, 24, 8), True),
        (berlin(2026, 11, 24, 11, 59), True),
        (berlin(2026, 11, 24, 12), False),
        (berlin(2026, 11, 24, 13), True),
        (berlin(2026, 11, 24, 18), False),
        (berlin(2026, 11, 28, 9), True),
        (berlin(2026, 11, 29, 10), False),
        (datetime(2026, 11, 24, 7, 30, tzinfo=UTC), True),
        (datetime(2026, 7, 21, 6, 30, tzinfo=UTC), True),
    ],
)
def test_hours_are_those_of_the_hosters_clocks(at: datetime, is_open: bool) -> None:
    """From the first minute on, until before the last; in summer and in winter."""
    assert hours().is_open(at) is is_open


@pytest.mark.parametrize(
    ("state", "closed", "open_"),
    [
        ("BW", [date(2027, 1, 6), date(2026, 6, 4), date(2027, 3, 26), date(2026, 12, 25)], [date(2027, 3, 8)]),
        ("BE", [date(2027, 3, 8), date(2026, 5, 14)], [date(2027, 1, 6), date(2026, 6, 4)]),
        ("DE", [date(2026, 5, 14), date(2027, 3, 29)], [date(2027, 1, 6), date(2027, 3, 8), date(2026, 6, 4)]),
        ("", [], [date(2026, 5, 14), date(2026, 12, 25)]),
    ],
)
def test_holidays_are_those_of_the_state(state: str, closed: list[date], open_: list[date]) -> None:
    """Epiphany in Stuttgart, Women's Day in Berlin, Easter everywhere; none where no state is named."""
    there = hours(desk_state=state)
    for days, expected in ((closed, False), (open_, True)):
        assert [there.is_open(datetime.combine(day, time(10), BERLIN)) for day in days] == [expected] * len(days)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (berlin(2026, 11, 24, 6), berlin(2026, 11, 24, 8)),
        (berlin(2026, 11, 24, 12, 30), berlin(2026, 11, 24, 13)),
        (berlin(2026, 11, 24, 19), berlin(2026, 11, 25, 8)),
        (berlin(2026, 11, 28, 13), berlin(2026, 11, 30, 8)),
        # Thursday the 24th is a day off, Friday and Saturday are Christmas, then comes Sunday.
        (berlin(2026, 12, 23, 18), berlin(2026, 12, 28, 8)),
        (berlin(2026, 12, 31, 18), berlin(2027, 1, 2, 9)),
    ],
)
def test_the_next_opening_steps_over_nights_and_holidays(at: datetime, opens: datetime) -> None:
    """Also over the turn of the year."""
    assert hours(desk_state="BW", desk_days_off=["2026-12-24"]).next_opening(at) == opens


def test_nobody_is_promised_who_never_comes() -> None:
    """A desk whose every day is off has no next opening."""
    assert hours(desk_hours={"sun": []}).next_opening(berlin(2026, 11, 24, 10)) is None


def test_a_shift_over_midnight_is_two_intervals_without_a_gap() -> None:
    """22:00-24:00 and 00:00-06:00 of the next day meet."""
    night = hours(desk_hours={"fri": ["22:00-24:00"], "sat": ["00:00-06:00"]})
    assert night.is_open(berlin(2026, 11, 27, 23, 59))
    assert night.is_open(berlin(2026, 11, 28, 0))
    assert not night.is_open(berlin(2026, 11, 28, 6))


def test_when_clocks_change() -> None:
    """An hour that comes twice is worked twice; one that is missing begins as much later."""
    sunday = hours(desk_hours={"sun": ["02:00-03:00"]})
    twice = datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert [sunday.is_open(twice + timedelta(minutes=m)) for m in (-1, 0, 59, 60, 119, 120)] == [
        *(False, True, True, True, True, False)
    ]
    missing = hours(desk_hours={"sun": ["02:30-10:00"]})
    assert missing.next_opening(berlin(2027, 3, 28, 0)) == berlin(2027, 3, 28, 3, 30)
    # In Nuuk Saturday has no last hour.
    late = hours(desk_hours={"sat": ["23:15-23:45"]}, time_zone="America/Nuuk")
    opens = late.next_opening(datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert opens == datetime(2026, 3, 29, 1, 15, tzinfo=UTC)
    assert late.is_open(opens)


times = st.integers(0, 24 * 4).map(lambda quarter: quarter * 15)


@st.composite
def written_hours(draw: st.DrawFn) -> dict[str, list[str]]:
    """Hours as somebody may write them; some days have none."""
    written = {}
    for day in draw(st.sets(st.sampled_from(WEEKDAYS))):
        ends = sorted(draw(st.sets(times, max_size=6)))
        pairs = zip(ends[::2], ends[1::2], strict=False)
        written[day] = [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in pairs]
    return written or {"mon": []}


zones = st.sampled_from(ZONES)
CHANGES = (
    *(datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC)),
    *(
        datetime(2026, 3, 28, 22, tzinfo=UTC),
        datetime(2026, 4, 4, 15, tzinfo=UTC),
        datetime(2026, 10, 3, 15, tzinfo=UTC),
    ),
)
"""Of clocks, in one of the zones."""
moments = st.one_of(
    st.integers(0, 730 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-36 * 60, 36 * 60),
    ),
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(written=written_hours(), zone=zones, at=moments, off=st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31))))
def test_the_next_opening_is_the_first(written: dict[str, list[str]], zone: str, at: datetime, off: set[date]) -> None:
    """It is not before the moment asked about, people work then, and at no moment in between."""
    there = hours(desk_hours=written, time_zone=zone, desk_days_off=sorted(off))
    opens = there.next_opening(at)
    if opens is None:
        assert not any(there.is_open(at + timedelta(hours=hour)) for hour in range(24 * 7 * 2))
        return
    assert opens >= at
    assert there.is_open(opens)
    assert there.is_open(at) is (opens == at)
    assert not any(there.is_open(at + (opens - at) * part / 40) for part in range(40) if opens > at)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(written=written_hours(), zone=zones, at=moments, state=st.sampled_from(["", "BW", "SN"]))
def test_on_days_without_a_change_of_clocks_the_clock_says_it(
    written: dict[str, list[str]], zone: str, at: datetime, state: str
) -> None:
    """Against another way to reckon: the time of day as text, compared with what was written."""
    there = hours(desk_hours=written, time_zone=zone, desk_state=state)
    local = at.astimezone(ZoneInfo(zone))
    # Not the day itself, nor the one after it, changes clocks.
    around = [datetime.combine(local.date() + timedelta(days=d), time(), local.tzinfo) for d in (-1, 0, 1, 2)]
    if len({moment.utcoffset() for moment in around}) > 1:
        return
    clock = f"{local:%H:%M}"
    intervals = written.get(WEEKDAYS[local.weekday()], [])
    expected = any(each[:5] <= clock < each[6:] for each in intervals)
    holiday = there.is_day_off(local.date())
    assert there.is_open(at) is (expected and not holiday)


BAD = [
    ({"mon": ["22:00-06:00"]}, "over midnight"),
    ({"mon": ["08:00-08:00"]}, "over midnight or are empty"),
    ({"monday": ["08:00-18:00"]}, "names the day 'monday'"),
    ({"mo-fr": ["08:00-18:00"]}, "mon-fri"),
    ({"fri-mon": ["08:00-18:00"]}, "end before they begin"),
    ({"mon-wed": ["08:00-18:00"], "wed": ["09:00-10:00"]}, "names wed twice"),
    ({"mon": ["08:00-12:00", "11:00-13:00"]}, "overlap"),
    ({"mon": ["8-18"]}, "08:00-18:00"),
    ({"mon": ["08:00-24:01"]}, "at most until 24:00"),
    ({"mon": ["08:60-09:00"]}, "08:00-18:00"),
    ({"mon": [""]}, "08:00-18:00"),
]


@pytest.mark.parametrize(("written", "rule"), BAD)
def test_hours_that_make_no_sense_are_refused(written: dict[str, list[str]], rule: str) -> None:
    """The start fails, naming the key, the fault and the rule."""
    with pytest.raises(SettingsError, match="POSTBOTE_DESK_HOURS") as caught:
        hours(desk_hours=written)
    assert rule in str(caught.value)


def test_an_unknown_state_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(SettingsError, match=r"POSTBOTE_DESK_STATE is 'Schwaben'.*BW"):
        hours(desk_state="Schwaben")


def test_days_off_are_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    """As JSON in the environment."""
    monkeypatch.setenv("POSTBOTE_DESK_DAYS_OFF", '["2026-12-24"]')
    assert load_settings().desk_days_off == (date(2026, 12, 24),)
    monkeypatch.setenv("POSTBOTE_DESK_DAYS_OFF", '["24.12.2026"]')
    with pytest.raises(SettingsError, match="POSTBOTE_DESK_DAYS_OFF"):
        load_settings()


@pytest.mark.parametrize(
    ("opens", "words"),
    [
        (berlin(2026, 11, 24, 14), "heute um 14 Uhr"),
        (berlin(2026, 11, 24, 8, 30), "heute um 8:30 Uhr"),
        (berlin(2026, 11, 25, 8), "morgen um 8 Uhr"),
        (berlin(2026, 11, 30, 8), "am Montag, 30. November, um 8 Uhr"),
        (berlin(2026, 11, 25, 0), "morgen um 0 Uhr"),
        (berlin(2027, 1, 4, 9, 15), "am Montag, 4. Januar 2027, um 9:15 Uhr"),
    ],
)
def test_the_next_opening_is_told_in_german(opens: datetime, words: str) -> None:
    """Near days by their names, others by their dates, the year when it is another."""
    assert german_opening(opens, berlin(2026, 11, 24, 7)) == words

"""
Working hours as they are written in the settings.

Such as {"mon-fri": ["08:00-12:00", "13:00-18:00"], "sat": ["09:00-13:00"]}.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bot.errors import SettingsError
from bot.handoff.hours import DAY, Hours, Interval, Weekly
from bot.settings import Settings

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUND_THE_CLOCK = dict.fromkeys(range(7), ((0, DAY),))
COUNTRY = "DE"
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")


def load_hours(settings: Settings) -> Hours:
    """Those of the settings. Raises SettingsError, which names the key and the rule."""
    weekly = _weekly(settings.desk_hours) if settings.desk_hours else ROUND_THE_CLOCK
    holidays = _holidays(settings.desk_state)
    days_off = frozenset(settings.desk_days_off)
    return Hours(weekly, ZoneInfo(settings.time_zone), lambda day: day in days_off or day in holidays)


def _holidays(state: str) -> Collection[date]:
    if not state:
        return ()
    national = country_holidays(COUNTRY)
    if state == COUNTRY:
        return national
    if state not in national.subdivisions:
        raise SettingsError(
            f"POSTBOTE_DESK_STATE is {state!r}, which is no state. Write one of {', '.join(national.subdivisions)}, "
            f"{COUNTRY} for the holidays of all of Germany, or leave it empty."
        )
    # Years are worked out when a day of them is asked for.
    return country_holidays(COUNTRY, subdiv=state)


def _weekly(written: Mapping[str, Sequence[str]]) -> Weekly:
    weekly: dict[int, list[Interval]] = {}
    for key, intervals in written.items():
        for day in _days(key):
            if day in weekly:
                raise _wrong(f"names {WEEKDAYS[day]} twice", "Name every day once")
            weekly[day] = _intervals(key, intervals)
    return weekly


def _days(key: str) -> range:
    first, _, last = key.partition("-")
    try:
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    except ValueError:
        raise _wrong(f"names the day {key!r}", f"Write {', '.join(WEEKDAYS)}, or from-to such as mon-fri") from None
    if end < begin:
        raise _wrong(f"has the days {key!r}, which end before they begin", "The week begins with mon")
    return range(begin, end + 1)


def _intervals(key: str, written: Sequence[str]) -> list[Interval]:
    intervals = sorted(_interval(key, each) for each in written)
    for (_, ends), (begins, _) in pairwise(intervals):
        if begins < ends:
            raise _wrong(f"has hours of {key} that overlap", "Write them one after the other")
    return intervals


def _interval(key: str, written: str) -> Interval:
    begins, _, ends = written.partition("-")
    first, last = _minutes(begins), _minutes(ends)
    if first is None or last is None:
        raise _wrong(f"has the hours {written!r} of {key}", "Write them such as 08:00-18:00, at most until 24:00")
    if last <= first:
        raise _wrong(
            f"has the hours {written!r} of {key}, which go over midnight or are empty",
            "Write the part after midnight on the next day: 22:00-24:00, then 00:00-06:00",
        )
    return first, last


def _minutes(written: str) -> int | None:
    match = _CLOCK.fullmatch(written.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else None
    return minutes if minutes is None or minutes <= DAY else None


def _wrong(fault: str, rule: str) -> SettingsError:
    return SettingsError(f"POSTBOTE_DESK_HOURS {fault}. {rule}. Change it in the environment or in .env.")

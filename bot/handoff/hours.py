"""When people work: hours by weekday on the hoster's clocks, without holidays and other days off."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
"""Minutes."""
LONGEST_SEARCH = 366
"""Days within which the next opening is looked for."""

Interval = tuple[int, int]
"""From and until, in minutes since midnight."""
Weekly = Mapping[int, Sequence[Interval]]
"""Intervals by weekday; Monday is 0. A weekday that is missing is a day off."""


@dataclass(frozen=True)
class Hours:
    """Working hours; whatever zone a point in time comes in."""

    weekly: Weekly
    zone: ZoneInfo
    is_day_off: Callable[[date], bool]

    def is_open(self, at: datetime) -> bool:
        """Whether people work at that moment."""
        return any(begins <= at < ends for begins, ends in self._around(at, days=1))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which people work, on the hoster's clocks; None: not within a year."""
        openings = (max(begins, at) for begins, ends in self._around(at, days=LONGEST_SEARCH) if at < ends)
        first = next(openings, None)
        return first.astimezone(self.zone) if first else None

    def _around(self, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The openings of so many days and of the day before, in order."""
        # The day before: where the last hour is missing on the clocks, what is in it begins after midnight.
        first = at.astimezone(self.zone).date() - timedelta(days=1)
        for number in range(days + 1):
            yield from sorted(self._openings(first + timedelta(days=number)))

    def _openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.is_day_off(day):
            return
        for begins, ends in self.weekly.get(day.weekday(), ()):
            yield self._moment(day, begins), self._moment(day, ends)

    def _moment(self, day: date, minutes: int) -> datetime:
        """
        In UTC, because on one's own clocks hours can be missing or come twice.

        What is missing on the clocks is as much later; of what comes twice it is the first.
        """
        days, minutes = divmod(minutes, DAY)
        local = datetime.combine(day + timedelta(days=days), time(*divmod(minutes, 60)), self.zone)
        return local.astimezone(UTC)

"""Whether a person can be called."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bot.handoff.reception import Admission, Closed, Elsewhere, Full, Open, Reception, Unstaffed
from bot.handoff.timetable import load_hours
from bot.settings import load_settings

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=BERLIN)
NIGHT = datetime(2026, 11, 24, 22, tzinfo=BERLIN)


@dataclass
class Desk:
    """So many wait, and there are accounts or none."""

    customers: int = 0
    staffed: bool = True

    async def waiting(self) -> int:
        """See the port Queue."""
        return self.customers

    async def is_elsewhere(self, conversation: str) -> bool:
        """See the port Queue."""
        return conversation == "elsewhere"

    async def is_staffed(self) -> bool:
        """See the port Staffing."""
        return self.staffed


def reception(desk: Desk, now: datetime) -> Reception:
    """With office hours, and room for three."""
    hours = load_hours(load_settings(desk_hours={"mon-fri": ["08:00-18:00"]}, desk_state="BW"))
    return Reception(hours, desk, desk, 3, lambda: now)


@pytest.mark.parametrize(
    ("desk", "now", "admission", "is_open"),
    [
        (Desk(), TUESDAY, Open(1), True),
        (Desk(2), TUESDAY, Open(3), True),
        (Desk(3), TUESDAY, Full(3), True),
        (Desk(7), TUESDAY, Full(7), True),
        (Desk(), NIGHT, Closed(datetime(2026, 11, 25, 8, tzinfo=BERLIN)), False),
        (Desk(3), NIGHT, Closed(datetime(2026, 11, 25, 8, tzinfo=BERLIN)), False),
        (Desk(staffed=False), TUESDAY, Unstaffed(), False),
        (Desk(staffed=False), NIGHT, Unstaffed(), False),
    ],
)
async def test_a_customer_is_told_what_awaits_them(
    desk: Desk, now: datetime, admission: Admission, is_open: bool
) -> None:
    """Their place, when somebody comes, that too many wait, or that there is no desk."""
    there = reception(desk, now)
    assert await there.admission("c") == admission
    assert await there.is_open("c") is is_open


async def test_the_opening_is_on_the_hosters_clocks() -> None:
    """Whatever zone the clock runs in."""
    admission = await reception(Desk(), NIGHT.astimezone(ZoneInfo("UTC")) + timedelta(days=3)).admission("c")
    assert isinstance(admission, Closed)
    assert admission.opens
    assert admission.opens.isoformat() == "2026-11-30T08:00:00+01:00"


async def test_while_people_work_there_is_no_next_opening() -> None:
    """However often the clock ticks meanwhile; outside of hours it is the first moment."""
    ticks = (TUESDAY + timedelta(microseconds=tick) for tick in count())
    hours = load_hours(load_settings(desk_hours={"mon-fri": ["08:00-18:00"]}))
    assert Reception(hours, Desk(), Desk(), 3, lambda: next(ticks)).next_opening() is None
    assert reception(Desk(staffed=False), NIGHT).next_opening() == datetime(2026, 11, 25, 8, tzinfo=BERLIN)
    never = load_hours(load_settings(desk_hours={"mon": []}))
    assert Reception(never, Desk(), Desk(), 3, lambda: NIGHT).next_opening() is None


async def test_people_elsewhere_know_their_own_hours() -> None:
    """A channel with a desk of its own takes every hand-off; ours has no say in it."""
    there = reception(Desk(7, staffed=False), NIGHT)
    assert await there.admission("elsewhere") == Elsewhere()
    assert await there.is_open("elsewhere")

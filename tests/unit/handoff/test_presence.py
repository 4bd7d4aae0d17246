"""Who has vanished, and who only seems so."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.handoff.model import Person
from bot.handoff.presence import PresenceWatch
from bot.handoff.service import Desk

BERGER = Person(1, "Frau Berger")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class World:
    """One agent who holds a conversation; `ticks` is the time that never jumps."""

    def __init__(self) -> None:
        self.ticks = 1000.0
        self.seen_at: datetime | None = NOON
        self.abandoned: list[Person] = []
        self.watch = self.start()

    def start(self) -> PresenceWatch:
        """As a process that has just begun."""
        return PresenceWatch(self, cast(Desk, self), 300, lambda: self.ticks)

    async def holders(self) -> list[tuple[Person, datetime | None]]:
        """See bot.handoff.ports.Presence."""
        return [(BERGER, self.seen_at)]

    async def alive(self, person: int) -> None:
        """See bot.handoff.ports.Presence."""

    async def is_staffed(self) -> bool:
        """See bot.handoff.ports.Staffing."""
        return True

    async def abandon(self, person: Person) -> None:
        """See bot.handoff.service.Desk."""
        self.abandoned.append(person)

    async def look(self, *, after: float) -> list[Any]:
        """Who is taken to have vanished."""
        self.ticks += after
        await self.watch.do_due()
        return self.abandoned


async def test_who_gives_no_sign_for_five_minutes_has_vanished() -> None:
    """Counted since the last sign that was seen here."""
    world = World()
    assert await world.look(after=0) == []
    assert await world.look(after=299) == []
    assert await world.look(after=1) == [BERGER]


async def test_a_sign_of_life_begins_it_anew() -> None:
    """Whatever its time says."""
    world = World()
    await world.look(after=0)
    await world.look(after=299)
    world.seen_at = NOON - timedelta(hours=3)
    assert await world.look(after=299) == []
    assert await world.look(after=299) == []


async def test_a_clock_that_jumps_makes_nobody_vanish() -> None:
    """The sign is an hour old by the clock, and two seconds old in truth."""
    world = World()
    await world.look(after=0)
    world.seen_at = NOON - timedelta(hours=1)
    assert await world.look(after=2) == []


async def test_a_restart_gives_everybody_the_time_to_come_back() -> None:
    """The last sign may be as old as it likes."""
    world = World()
    world.seen_at = NOON - timedelta(days=1)
    world.watch = world.start()
    assert await world.look(after=0) == []
    assert await world.look(after=299) == []


async def test_who_never_gave_a_sign_gets_the_same_time() -> None:
    """An account that was given a conversation by transfer."""
    world = World()
    world.seen_at = None
    assert await world.look(after=0) == []
    assert await world.look(after=300) == [BERGER]

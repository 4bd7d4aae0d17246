"""Put back into the queue what agents hold who have vanished."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.handoff.model import Person
from bot.handoff.ports import Presence
from bot.handoff.service import Desk
from bot.loops import Loop

PAUSE = 5.0
"""Seconds between looks."""

log = structlog.get_logger(stop="desk")


class PresenceWatch(Loop):
    """
    An agent has vanished when no new sign of life was seen for `patience` seconds.

    The seconds are counted here, since the last sign that was new to this process, and not taken from the
    sign's own time: so neither a clock that jumps nor a restart of the server makes everybody vanish at once.
    """

    def __init__(self, presence: Presence, desk: Desk, patience: float, ticks: Callable[[], float]) -> None:
        """`ticks` counts seconds and never jumps: time.monotonic."""
        super().__init__()
        self._presence = presence
        self._desk = desk
        self._patience = patience
        self._ticks = ticks
        self._signs: dict[int, tuple[datetime | None, float]] = {}

    async def do_due(self) -> None:
        """Look at everybody who holds a conversation."""
        holders = await self._presence.holders()
        self._signs = {person.id: self._sign(person, seen_at) for person, seen_at in holders}
        for person, _ in holders:
            if self._ticks() - self._signs[person.id][1] >= self._patience:
                log.warning("agent vanished", agent=person.id)
                await self._desk.abandon(person)

    def _sign(self, person: Person, seen_at: datetime | None) -> tuple[datetime | None, float]:
        known = self._signs.get(person.id)
        return known if known and known[0] == seen_at else (seen_at, self._ticks())

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return min(PAUSE, self._patience)

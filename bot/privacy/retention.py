"""Delete what has been kept for its time, hourly and a few rows at a time, so that nobody waits for it."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.loops import Loop
from bot.privacy.kinds import Kind

PAUSE = 3600.0
"""Seconds between looks."""

log = structlog.get_logger(stop="retention")


class Retention(Protocol):
    """Where data is kept, and deleted."""

    async def count_due(self, kind: Kind) -> int:
        """Rows whose time is over."""

    async def sweep(self, kind: Kind) -> int:
        """Delete some of them, few enough for one transaction; how many. 0: none is left."""


async def sweep_all(retention: Retention) -> Counter[Kind]:
    """Delete all whose time is over; how many rows of each kind."""
    counts: Counter[Kind] = Counter()
    for kind in Kind:
        while rows := await retention.sweep(kind):
            counts[kind] += rows
    return counts


class RetentionLoop(Loop):
    """Runs where the background work does."""

    def __init__(self, retention: Retention, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        super().__init__()
        self._retention = retention
        self._clock = clock
        self._next = clock()

    async def do_due(self) -> None:
        """If it is time to look."""
        if self._clock() < self._next:
            return
        counts = await sweep_all(self._retention)
        self._next = self._clock() + PAUSE
        for kind, rows in counts.items():
            self.meter.swept(kind, rows)
        if counts:
            log.info("deleted, as their time was over", rows={kind.value: rows for kind, rows in counts.items()})

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return max(0.0, self._next - self._clock())

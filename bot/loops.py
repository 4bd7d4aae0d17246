"""The frame of a loop that works on what is due, sleeps until the next thing is, and can be woken."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

import structlog

from bot.meter import UNMETERED, Meter
from bot.tracing import UNTRACED, Tracer

LONGEST_PAUSE = 30.0
"""Seconds: another process may have put something in, such as `python -m bot tickets replay`."""
PAUSE_AFTER_FAULT = 5.0
"""Seconds; such as while the database restarts."""

log = structlog.get_logger(stop="loop")


class Loop(ABC):
    """Works until it is cancelled."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self.relay: Callable[[], None] | None = None
        """Tells other processes, one of which may be where this loop runs."""
        self.meter: Meter = UNMETERED
        """Told of what the loop does."""
        self.tracer: Tracer = UNTRACED
        """Draws it."""

    def wake(self) -> None:
        """There is something new, wherever the loop runs."""
        self.wake_here()
        if self.relay:
            self.relay()

    def wake_here(self) -> None:
        """There is something new; another process says so."""
        self._woken.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._woken.clear()
            pause = await self._work()
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._woken.wait(), LONGEST_PAUSE if pause is None else min(pause, LONGEST_PAUSE)
                )

    async def _work(self) -> float | None:
        try:
            await self.do_due()
            return await self.seconds_to_next()
        except Exception:
            # The edge: a loop that ended would leave all later work undone, in silence.
            log.exception("loop failed", loop=type(self).__name__, retry_in=PAUSE_AFTER_FAULT)
            return PAUSE_AFTER_FAULT

    @abstractmethod
    async def do_due(self) -> None:
        """Work until nothing is due any more."""

    @abstractmethod
    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

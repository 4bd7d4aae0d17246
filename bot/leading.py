"""Do what only one of several processes may do: as long as this one has the lease, it runs the loops."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import structlog

PACE = 3.0
"""Seconds between renewals."""
PATIENCE = 7.0
"""Seconds without a renewal after which we stop: less than the lease is long, so that two never run at once."""

log = structlog.get_logger(stop="leading")


class Lease(Protocol):
    """Held by one process at a time, and free some seconds after that one fell silent."""

    async def acquire(self) -> bool:
        """Get or renew it; False while another process holds it."""

    async def release(self) -> None:
        """Let another process have it at once."""


class Runs(Protocol):
    """Works until it is cancelled."""

    async def run(self) -> None:
        """For ever."""


class Leading:
    """Runs the loops where the lease is."""

    def __init__(self, lease: Lease, loops: Sequence[Runs]) -> None:
        self._lease = lease
        self._loops = loops
        self._tasks: list[asyncio.Task[None]] = []
        self._renewed = 0.0

    async def run(self) -> None:
        """Until it is cancelled; then another process may have the lease at once."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(PACE)
        finally:
            await self._stop()
            with suppress(Exception):
                # Where the database is away, the lease runs out by itself.
                await self._lease.release()

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(PACE):
                leads = await self._lease.acquire()
        except Exception as error:  # noqa: BLE001 -- the edge: the database is away, and the lease runs on for a while
            log.warning("lease not renewed", error=repr(error))
            if time.monotonic() - self._renewed > PATIENCE:
                await self._stop()
            return
        if leads:
            self._renewed = time.monotonic()
            self._start()
        else:
            await self._stop()

    def _start(self) -> None:
        if not self._tasks:
            log.info("this process leads")
            self._tasks = [asyncio.create_task(loop.run()) for loop in self._loops]

    async def _stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

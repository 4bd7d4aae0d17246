"""One time for all processes that share a database: its own."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.clock import Clock
from bot.loops import Loop
from bot.store.database import Database

PACE = 30.0
"""Seconds between looks at the database's clock."""


class DatabaseClock(Loop):
    """
    A `bot.clock.Clock`: the database server's time, carried on in between by a clock that cannot jump.

    Hosts' clocks differ, and may jump: a proof that one process writes must not have run out for the next one, and
    what is to be tried again in a second must not wait for an hour.
    """

    def __init__(self, database: Database, own: Clock) -> None:
        """`own` until the first look."""
        super().__init__()
        self._database = database
        self._own = own
        self._read: datetime | None = None
        self._at = 0.0

    def __call__(self) -> datetime:
        """The present time, in UTC."""
        if self._read is None:
            return self._own()
        return self._read + timedelta(seconds=time.monotonic() - self._at)

    async def do_due(self) -> None:
        """Look, to half the time of the question."""
        before = time.monotonic()
        read = await self._database.read(lambda connection: connection.scalar(select(func.clock_timestamp())))
        assert isinstance(read, datetime)
        self._read, self._at = read.astimezone(UTC), (before + time.monotonic()) / 2

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return PACE

"""A database server, such as PostgreSQL."""

import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.bus import PgBus
from bot.store.database import Database
from bot.store.migrate import upgrade_server
from bot.store.outage import OUTAGES

T = TypeVar("T")
TRUSTED = 2.0
"""Seconds for which a connection that was in use is believed to be alive, as long as the driver knows of no end."""


class ServerDatabase(Database):
    """A database server, by an asynchronous driver and its pool."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, hide_parameters=True)
        event.listen(self._engine.sync_engine, "checkin", _note_time)
        event.listen(self._engine.sync_engine, "checkout", _check_connection)
        # Each statement of a query sees what is committed, within a transaction or not; without, two round trips less.
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self.bus = PgBus(self._engine) if url.get_backend_name() == "postgresql" else None
        """By which processes that share the database tell each other what happened."""

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        with OUTAGES:
            async with self._reading.connect() as connection:
                return await connection.run_sync(unit)

    async def look_up(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        return await self.read(unit)

    async def report(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""

        def run(connection: Connection) -> T:
            if connection.dialect.name == "postgresql":
                # It would compile each of them for a second, to save some milliseconds.
                connection.exec_driver_sql("SET LOCAL jit = off")
            return unit(connection)

        with OUTAGES:
            async with self._engine.connect() as connection:
                return await connection.run_sync(run)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        with OUTAGES:
            async with self._engine.begin() as connection:
                return await connection.run_sync(unit)

    async def _upgrade(self) -> None:
        await (upgrade_server(self._engine) if self.bus else super()._upgrade())

    async def compact(self) -> None:
        """Give free what dead rows take; nobody waits for it. The bytes are overwritten when the space is used."""
        async with self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.exec_driver_sql("VACUUM")

    async def close(self) -> None:
        """See Database."""
        await self._engine.dispose()


def _note_time(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _check_connection(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    """As SQLAlchemy's pre_ping, which costs three round trips each time, before one or two of the message's own."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError
    if time.monotonic() - record.info.get("used", math.inf) > TRUSTED:
        try:
            connection.ping()
        except Exception as error:
            raise InvalidatePoolError from error

"""Read a database that belongs to somebody else, and never change it."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

import asyncpg
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.mailboxes.errors import PlatformError
from bot.mailplatform.errors import UnreachableError

T = TypeVar("T")
NOT_NOW = (asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)


class Reader(Protocol):
    """The database. Nothing is ever committed, and where the database can be told that we only read, it is."""

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run queries. Raises PlatformError."""

    async def close(self) -> None:
        """Let go of connections."""


class ServerReader:
    """A database server, by an asynchronous driver."""

    def __init__(self, url: URL) -> None:
        # PostgreSQL refuses to write in a read-only transaction; other databases ignore the option.
        self._engine = create_async_engine(
            url, pool_pre_ping=True, hide_parameters=True, execution_options={"postgresql_readonly": True}
        )

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """See Reader."""
        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(unit)
        except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            # Those of asyncpg and of the system come as they are while the connection is made.
            raise explain(error) from error

    async def close(self) -> None:
        """See Reader."""
        await self._engine.dispose()


class SqliteReader:
    """An SQLite file; its driver waits, so it does so in a thread."""

    def __init__(self, url: URL) -> None:
        self._engine = _open_read_only(url)
        self._thread = ThreadPoolExecutor(1, "mailboxes-read")

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """See Reader."""

        def run() -> T:
            with self._engine.connect() as connection:
                return unit(connection)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, run)
        except SQLAlchemyError as error:
            raise explain(error) from error

    async def close(self) -> None:
        """See Reader."""
        self._thread.shutdown()
        self._engine.dispose()


def open_reader(url: URL) -> Reader:
    """Nothing is connected yet."""
    return SqliteReader(url) if url.get_backend_name() == "sqlite" else ServerReader(url)


def explain(error: Exception) -> PlatformError:
    """What a driver's error means for whoever asked."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    message = f"The tables of mailboxes cannot be read: {type(cause).__name__}: {cause}"
    gone = isinstance(error, DBAPIError) and error.connection_invalidated
    if _is_wrong_query(cause):
        return PlatformError(message)
    if gone or isinstance(error, (OSError, OperationalError, InterfaceError, *NOT_NOW)):
        return UnreachableError(message)
    return PlatformError(message)


def _is_wrong_query(cause: BaseException | None) -> bool:
    """SQLite's driver has one error for a table that is missing and for a file that is locked."""
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_ERROR


def _open_read_only(url: URL) -> Engine:
    file = Path(url.database or "").absolute().as_uri()
    read_only = url.set(drivername="sqlite", database=file, query={**url.query, "mode": "ro", "uri": "true"})
    return create_engine(read_only, hide_parameters=True, connect_args={"check_same_thread": False})

"""Open the database, bring it to the present revision, hand out connections."""

import asyncio
import math
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import PostboteError, SettingsError, UnavailableError
from bot.store.bus import PgBus
from bot.store.migrate import upgrade, upgrade_server
from bot.store.outage import Outages
from bot.store.writer import PATIENCE, GroupWriter

T = TypeVar("T")
OUTAGES = Outages()
TRUSTED = 2.0
"""Seconds for which a connection that was in use is believed to be alive, as long as the driver knows of no end."""
COMPACT_PATIENCE, COMPACT_TRIES = 20.0, 3
"""Seconds, and how often."""
# WAL lets readers go on while one writes. FULL syncs the log at each commit, so that what was accepted
# survives a power cut and not only a `kill -9`.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE}")


class AwayError(PostboteError):
    """The database does not answer."""

    code = "database_away"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database does not answer ({reason}). "
            "Does it run, and is POSTBOTE_DATABASE_URL right? python -m bot doctor looks at all the rest."
        )


class Database(ABC):
    """
    Runs units of work: plain functions on a SQLAlchemy `Connection`.

    The functions are the same for every database; how they are run is not. An
    asynchronous driver for SQLite changes threads for every statement, which
    costs ten times the statement; here a whole unit changes threads once.

    All of them raise UnavailableError while the database is away, or has no room.
    """

    folder: Path | None = None
    """Where the file of an SQLite database lies; a server has none."""
    bus: PgBus | None = None
    """How processes that share it tell each other what happened; None: no others can share it."""

    @abstractmethod
    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run queries."""

    @abstractmethod
    async def look_up(self, unit: Callable[[Connection], T]) -> T:
        """Run queries for few rows by their keys, which are done at once."""

    @abstractmethod
    async def report(self, unit: Callable[[Connection], T]) -> T:
        """Run queries that may take long: what customers wait for goes on beside them."""

    @abstractmethod
    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run a transaction: all of it, or nothing when `unit` raises."""

    async def put_down(self, unit: Callable[[Connection], T]) -> T:
        """As `write`, of few rows by their keys, which is done at once."""
        return await self.write(unit)

    async def migrate(self) -> None:
        """
        Run every migration that the database has not seen; processes that start together do it one by one.

        Raises AwayError when it does not answer, and what `bot.store.migrate` raises.
        """
        try:
            await self.ping()
        except UnavailableError as error:
            raise AwayError(error.reason) from error
        await self._upgrade()

    async def _upgrade(self) -> None:
        await self.write(upgrade)

    async def ping(self) -> None:
        """Raises UnavailableError when the database does not answer."""
        await self.read(lambda connection: connection.execute(text("SELECT 1")))

    @abstractmethod
    async def compact(self) -> None:
        """After an erasure: what was deleted is overwritten or given free, also in files beside the database's."""

    @abstractmethod
    async def close(self) -> None:
        """Give every connection back."""


class SqliteDatabase(Database):
    """
    One thread that writes, one that reads, and one that reads at length.

    SQLite has one writer at a time, and a transaction that reads first and writes
    then can fail; so transactions queue up for one connection and lock at once
    (see `bot.store.writer`).
    What is only looked up or put down is so in the thread of the event loop: it takes 0.05 ms, and to
    change threads 0.2 ms.
    """

    def __init__(self, url: URL, file: Path) -> None:
        self.folder = file.parent
        self._file = file
        self._looker = _sqlite_engine(url)
        self._reader = _sqlite_engine(url)
        self._reporter = _sqlite_engine(url)
        self._writing = _sqlite_engine(url)
        event.listen(self._writing, "begin", _begin_immediate)
        self._writer = GroupWriter(self._writing)
        self._read_thread = ThreadPoolExecutor(1, "sqlite-read")
        self._report_thread = ThreadPoolExecutor(1, "sqlite-report")

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        return await self._query(self._reader, self._read_thread, unit)

    async def look_up(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        with OUTAGES, self._looker.connect() as connection:
            return unit(connection)

    async def report(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        return await self._query(self._reporter, self._report_thread, unit)

    async def _query(self, engine: Engine, thread: ThreadPoolExecutor, unit: Callable[[Connection], T]) -> T:
        def run() -> T:
            with engine.connect() as connection:
                return unit(connection)

        with OUTAGES:
            return await asyncio.get_running_loop().run_in_executor(thread, run)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        with OUTAGES:
            return await self._writer.write(unit)

    async def put_down(self, unit: Callable[[Connection], T]) -> T:
        """See Database."""
        with OUTAGES:
            return await self._writer.write(unit, is_quick=True)

    async def compact(self) -> None:
        """Write the file anew, without the deleted, and empty its log; writers wait for it meanwhile."""
        await asyncio.to_thread(_compact, self._file)

    async def close(self) -> None:
        """See Database."""
        self._read_thread.shutdown()
        self._report_thread.shutdown()
        await asyncio.to_thread(self._writer.close)
        self._looker.dispose()
        self._reader.dispose()
        self._reporter.dispose()
        self._writing.dispose()


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


def open_database(address: str) -> Database:
    """Raises SettingsError when `address` is no SQLAlchemy URL. The folder of an SQLite file is made."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise SettingsError(
            "POSTBOTE_DATABASE_URL is no database URL. Write one such as sqlite:///var/postbote.db."
        ) from error
    if url.get_backend_name() != "sqlite":
        return ServerDatabase(url)
    if not url.database or url.database == ":memory:":
        raise SettingsError("POSTBOTE_DATABASE_URL must name a file: what is accepted must survive the process.")
    file = Path(url.database)
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteDatabase(url.set(drivername="sqlite"), file)


def _sqlite_engine(url: URL) -> Engine:
    # What customers wrote must not stand in an error, and so in the log.
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    return engine


def _compact(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=COMPACT_PATIENCE, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        for _ in range(COMPACT_TRIES):
            # Waits for readers by the connection's timeout; their transactions last for milliseconds.
            busy, *_rest = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
    raise PostboteError(f"{file}-wal could not be emptied, as somebody reads the database at length. Try again.")


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # SQLite's own knows no letters beyond ASCII.
    connection.create_function("lower", 1, _lower, deterministic=True)
    # The driver must not begin transactions by itself: see `_begin_immediate`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _lower(value: str | None) -> str | None:
    return None if value is None else str(value).lower()


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


def _begin_immediate(connection: Connection) -> None:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.exec_driver_sql("BEGIN IMMEDIATE")

"""A file of SQLite."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event

from bot.errors import PostboteError
from bot.store.database import Database
from bot.store.outage import OUTAGES
from bot.store.writer import PATIENCE, GroupWriter

T = TypeVar("T")
COMPACT_PATIENCE, COMPACT_TRIES = 20.0, 3
"""Seconds, and how often."""
# WAL lets readers go on while one writes. FULL syncs the log at each commit, so that what was accepted
# survives a power cut and not only a `kill -9`.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE}")


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


def _begin_immediate(connection: Connection) -> None:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.exec_driver_sql("BEGIN IMMEDIATE")

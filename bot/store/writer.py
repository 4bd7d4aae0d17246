"""Write to a database that has one writer at a time: what waits is written together, and one wait for the disk does."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

T = TypeVar("T")
Tell = Callable[[], None]
"""Tells one who waits what became of it."""
MOST_TOGETHER = 32
PATIENCE = 10_000
"""Milliseconds that the thread waits where another process writes; the event loop never does."""


@dataclass(frozen=True)
class Job:
    """What is to be written, and for whom."""

    unit: Callable[[Connection], Any]
    done: "asyncio.Future[Any]"
    is_quick: bool


class GroupWriter:
    """
    Each unit is a transaction to whoever wrote it: all of it or nothing, and on disk before `write` returns.

    To wait for the disk takes longer than to write. So units that came in meanwhile share the
    next transaction and its one wait, each behind a savepoint, to which it falls back if it fails.
    Nobody waits for others to come.

    What is quick is written in the event loop's own thread, and only the wait for the disk is another thread's:
    two threads that both run Python wait for each other's interpreter lock at every statement.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[Job] = deque()
        self._free = Lock()
        """Held by whoever has the connection, from a transaction's begin to its end."""
        self._thread = ThreadPoolExecutor(1, "sqlite-write")

    async def write(self, unit: Callable[[Connection], T], *, is_quick: bool = False) -> T:
        """What `unit` returns or raises; raises for all units of a transaction if that cannot be committed."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        # With what the caller's context says, such as the trace that it is in: others may run it.
        context = copy_context()
        self._waiting.append(Job(lambda connection: context.run(unit, connection), done, is_quick))
        self._begin()
        return await done

    def close(self) -> None:
        """Write what waits, and end."""
        with self._free:
            while jobs := self._take():
                self._tell(jobs, self._write(jobs))
        self._thread.shutdown()

    def _begin(self) -> None:
        """In an event loop: write what waits, if nobody writes; whoever does looks again afterwards."""
        while self._waiting and self._free.acquire(blocking=False):
            if jobs := self._take():
                self._start(jobs)
            else:
                self._free.release()

    def _take(self) -> Sequence[Job]:
        jobs: list[Job] = []
        while self._waiting and len(jobs) < MOST_TOGETHER:
            job = self._waiting.popleft()
            if not job.done.cancelled():
                jobs.append(job)
        return jobs

    def _start(self, jobs: Sequence[Job]) -> None:
        connection = self._begin_now() if all(job.is_quick for job in jobs) else None
        if connection is None:
            self._thread.submit(self._end, jobs, partial(self._write, jobs))
            return
        try:
            outcomes = _run(connection, jobs)
        except Exception as error:  # noqa: BLE001 -- is told to everybody whom it concerns
            connection.close()
            self._thread.submit(self._end, jobs, partial(_fail, jobs, error))
        else:
            self._thread.submit(self._end, jobs, partial(_commit, connection, jobs, outcomes))

    def _begin_now(self) -> Connection | None:
        """In a transaction; None while another process writes."""
        connection = self._engine.connect()
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA busy_timeout=0")
        try:
            connection.begin()
        except OperationalError:
            connection.close()
            return None
        finally:
            raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
        return connection

    def _write(self, jobs: Sequence[Job]) -> Sequence[Tell]:
        """In the thread: from begin to end."""
        try:
            with self._engine.begin() as connection:
                return _run(connection, jobs)
        except Exception as error:  # noqa: BLE001 -- as above
            return _fail(jobs, error)

    def _end(self, jobs: Sequence[Job], write: Callable[[], Sequence[Tell]]) -> None:
        """In the thread: the rest of it; then whoever waits goes on, and what waits begins."""
        outcomes = write()
        self._free.release()
        self._tell(jobs, outcomes)
        with suppress(IndexError):
            _call(self._waiting[0], self._begin)

    @staticmethod
    def _tell(jobs: Sequence[Job], outcomes: Sequence[Tell]) -> None:
        for job, tell in zip(jobs, outcomes, strict=True):
            _call(job, tell)


def _call(job: Job, call: Tell) -> None:
    """In the job's event loop, if that runs still."""
    with suppress(RuntimeError):
        job.done.get_loop().call_soon_threadsafe(call)


def _run(connection: Connection, jobs: Sequence[Job]) -> Sequence[Tell]:
    """How to tell each what became of it, once it is on disk; raises what a single one raises."""
    if len(jobs) == 1:
        return [partial(_succeed, jobs[0], jobs[0].unit(connection))]
    return [_attempt(connection, job) for job in jobs]


def _attempt(connection: Connection, job: Job) -> Tell:
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        tell: Tell = partial(_succeed, job, job.unit(connection))
    except Exception as error:
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            # SQLite has taken back all of it, as it does when the disk is full: there is no savepoint to fall back to.
            raise
        connection.exec_driver_sql("ROLLBACK TO unit")
        tell = _failure(job, error)
    connection.exec_driver_sql("RELEASE unit")
    return tell


def _commit(connection: Connection, jobs: Sequence[Job], outcomes: Sequence[Tell]) -> Sequence[Tell]:
    try:
        with connection:
            connection.commit()
    except Exception as error:  # noqa: BLE001 -- as above
        # Nobody's own fault, such as a full disk: nothing of all this is written.
        return _fail(jobs, error)
    return outcomes


def _fail(jobs: Sequence[Job], error: Exception) -> Sequence[Tell]:
    return [_failure(job, error) for job in jobs]


def _failure(job: Job, error: Exception) -> Tell:
    return partial(_let_fail, job, error)


def _let_fail(job: Job, error: Exception) -> None:
    if not job.done.done():
        job.done.set_exception(error)


def _succeed(job: Job, result: Any) -> None:
    if not job.done.done():
        job.done.set_result(result)

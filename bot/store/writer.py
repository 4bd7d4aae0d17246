"""Write to a database that has one writer at a time: in one thread, and what waits is written together."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Job = tuple[Callable[[Connection], Any], "Future[Any]"]
MOST_TOGETHER = 32


class GroupWriter:
    """
    Each unit is a transaction to whoever wrote it: all of it or nothing, and on disk before `write` returns.

    To wait for the disk takes longer than to write. So units that came in meanwhile share the
    next transaction and its one wait, each behind a savepoint, to which it falls back if it fails.
    Nobody waits for others to come.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="sqlite-write", daemon=True)
        self._thread.start()

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """What `unit` returns or raises; raises for all units of a transaction if that cannot be committed."""
        done: Future[T] = Future()
        self._waiting.put((unit, done))
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        for jobs in self._groups():
            self._write([job for job in jobs if job[1].set_running_or_notify_cancel()])

    def _groups(self) -> Iterator[Sequence[Job]]:
        while first := self._waiting.get():
            jobs = [first]
            while len(jobs) < MOST_TOGETHER and (job := self._next()):
                jobs.append(job)
            yield jobs

    def _next(self) -> Job | None:
        try:
            job = self._waiting.get_nowait()
        except Empty:
            return None
        if job is None:
            self._waiting.put(None)
        return job

    def _write(self, jobs: Sequence[Job]) -> None:
        try:
            with self._engine.begin() as connection:
                outcomes = [_attempt(connection, unit, done) for unit, done in jobs]
        except Exception as error:  # noqa: BLE001 -- is told to everybody whom it concerns
            # Nobody's own fault, such as a full disk: nothing of all this is written.
            outcomes = [partial(done.set_exception, error) for _, done in jobs]
        for tell in outcomes:
            tell()


def _attempt(connection: Connection, unit: Callable[[Connection], Any], done: "Future[Any]") -> Callable[[], None]:
    """How to tell what became of it, once it is on disk."""
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        outcome = partial(done.set_result, unit(connection))
    except Exception as error:  # noqa: BLE001 -- is told to whoever wrote it
        connection.exec_driver_sql("ROLLBACK TO unit")
        outcome = partial(done.set_exception, error)
    connection.exec_driver_sql("RELEASE unit")
    return outcome

"""Several writers, one connection, as few syncs of the disk as possible."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from bot.store.writer import GroupWriter


class Table:
    """A table with one column of unique numbers, and how often it was committed to."""

    def __init__(self, file: Path) -> None:
        self.engine = create_engine(f"sqlite:///{file}", connect_args={"check_same_thread": False})
        event.listen(self.engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE numbers (n INTEGER UNIQUE)"))
        self.commits = 0
        event.listen(self.engine, "commit", self._count)
        self.writer = GroupWriter(self.engine)

    def _count(self, _: Connection) -> None:
        self.commits += 1

    async def add(self, *numbers: int, is_quick: bool = False) -> int:
        """All of them or none; their sum."""

        def unit(connection: Connection) -> int:
            for number in numbers:
                connection.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": number})
            return sum(numbers)

        return await self.writer.write(unit, is_quick=is_quick)

    def all(self) -> list[int]:
        """What is in it."""
        with self.engine.connect() as connection:
            return list(connection.execute(text("SELECT n FROM numbers ORDER BY n")).scalars())


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    """Empty."""
    made = Table(tmp_path / "numbers.db")
    yield made
    made.writer.close()
    made.engine.dispose()


async def hold(table: Table) -> tuple["asyncio.Future[None]", threading.Event]:
    """Keep the writer busy until the event is set."""
    begun, over = threading.Event(), threading.Event()

    def unit(_: Connection) -> None:
        begun.set()
        over.wait(10)

    held = asyncio.ensure_future(table.writer.write(unit))
    await asyncio.to_thread(begun.wait, 10)
    return held, over


async def test_what_waits_is_written_together(table: Table) -> None:
    """While one is written five come in: two transactions, and each gets its own result."""
    held, over = await hold(table)
    adding = [asyncio.ensure_future(table.add(number)) for number in range(5)]
    await asyncio.sleep(0)
    over.set()
    await held
    assert await asyncio.gather(*adding) == [0, 1, 2, 3, 4]
    assert table.all() == [0, 1, 2, 3, 4]
    assert table.commits == 2


async def test_one_that_fails_takes_no_other_with_it(table: Table) -> None:
    """Its own writes are undone, its error is its own."""
    await table.add(3)
    held, over = await hold(table)
    adding = [asyncio.ensure_future(table.add(*numbers)) for numbers in ((1,), (2, 3), (4,))]
    await asyncio.sleep(0)
    over.set()
    await held
    first, failed, last = await asyncio.gather(*adding, return_exceptions=True)
    assert (first, last) == (1, 4)
    assert "UNIQUE" in str(failed)
    assert table.all() == [1, 3, 4]


async def test_what_cannot_be_committed_is_nobody_s(table: Table) -> None:
    """Everybody is told, nothing is written, and the next one is."""

    def refuse(_: Connection) -> None:
        raise OSError("disk full")

    held, over = await hold(table)
    adding = [asyncio.ensure_future(table.add(number)) for number in (1, 2)]
    await asyncio.sleep(0)
    event.listen(table.engine, "commit", refuse)
    over.set()
    failed = await asyncio.gather(held, *adding, return_exceptions=True)
    assert [str(each) for each in failed] == ["disk full"] * 3
    event.remove(table.engine, "commit", refuse)
    await table.add(4)
    assert table.all() == [4]


async def test_who_gave_up_is_not_written(table: Table) -> None:
    """A caller that was cancelled before its turn came has written nothing."""
    held, over = await hold(table)
    given_up = asyncio.ensure_future(table.add(1))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    over.set()
    await held
    await table.add(2)
    assert table.all() == [2]


async def test_the_end_writes_what_waits(table: Table) -> None:
    """Nothing that was handed over is lost by closing."""
    held, over = await hold(table)
    adding = asyncio.ensure_future(table.add(1))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(asyncio.to_thread(table.writer.close))
    over.set()
    await asyncio.gather(held, adding, closing)
    assert table.all() == [1]


async def test_what_is_quick_is_written_at_once_and_on_disk_afterwards(table: Table) -> None:
    """In this thread, before anybody waits for it; a failure leaves nothing, and the next one is written."""
    threads = []

    def unit(connection: Connection) -> int:
        threads.append(threading.current_thread())
        connection.execute(text("INSERT INTO numbers VALUES (1)"))
        return 1

    assert await table.writer.write(unit, is_quick=True) == 1
    assert threads == [threading.current_thread()]
    assert table.all() == [1]
    with pytest.raises(IntegrityError):
        await table.writer.write(unit, is_quick=True)
    await table.add(2)
    assert table.all() == [1, 2]


async def test_what_is_quick_waits_for_its_turn_and_is_written_together(table: Table) -> None:
    """While the disk is waited for, three come in: one transaction more, of which one unit fails alone."""
    held, over = await hold(table)
    adding = [asyncio.ensure_future(table.add(number, is_quick=True)) for number in (1, 1, 2)]
    await asyncio.sleep(0)
    over.set()
    await held
    first, failed, last = await asyncio.gather(*adding, return_exceptions=True)
    assert (first, last) == (1, 2)
    assert isinstance(failed, IntegrityError)
    assert table.all() == [1, 2]
    assert table.commits == 2


async def test_the_loop_does_not_wait_for_another_process(table: Table) -> None:
    """Somebody else holds the file's lock: the loop goes on, and the unit is written when the lock is free."""
    other = sqlite3.connect(table.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    adding = asyncio.ensure_future(table.add(1, is_quick=True))
    await asyncio.sleep(0.05)  # what would be waited for is that nothing happens
    assert not adding.done()
    other.execute("COMMIT")
    other.close()
    assert await asyncio.wait_for(adding, 15) == 1
    assert table.all() == [1]

"""Whoever counts against limits keeps this contract: in one process, and for all that share a PostgreSQL database."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest
from sqlalchemy import func, select

from bot.limiter import HOUR, Hit, Limit, Limiter, LocalLimiter, UncountedError, Windows
from bot.store.choose import open_database
from bot.store.database import Database
from bot.store.limiter import HitsCleaning, PgLimiter
from bot.store.tables import hits
from tests.contract.postgres import Postgres

KEY = b"a key for digests"
TWICE = Limit("messages", 2)
databases = count()


class Seconds:
    """A clock that stands still, on the grid."""

    now = 1_500_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """Of the limiter."""
    return Seconds()


@pytest.fixture
async def shared(postgres: Postgres) -> AsyncIterator[Database]:
    """A database of its own for each test."""
    database = open_database(postgres.create_database(f"limits{next(databases)}"))
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture(params=["local", "postgres"])
def limiter(request: pytest.FixtureRequest, seconds: Seconds) -> Limiter:
    """Each of them."""
    if request.param == "local":
        return LocalLimiter(Windows(seconds))
    return PgLimiter(request.getfixturevalue("shared"), KEY, seconds)


async def allowed(limiter: Limiter, limit: Limit, key: str = "anna") -> bool:
    """Whether one more is."""
    return await limiter.hit(Hit(limit, key)) is None


async def test_beyond_the_limit_nothing_is_counted(limiter: Limiter, seconds: Seconds) -> None:
    """Who is refused does not wait longer for having tried, and is told how long."""
    assert await allowed(limiter, TWICE)
    seconds.now += 30
    assert await allowed(limiter, TWICE)
    refusal = await limiter.hit(Hit(TWICE, "anna"))
    assert refusal is not None
    assert (refusal.limit, refusal.wait) == (TWICE, 30)
    seconds.now += 30
    assert await allowed(limiter, TWICE)
    assert not await allowed(limiter, TWICE)


async def test_never_more_than_the_limit_within_a_window(limiter: Limiter, seconds: Seconds) -> None:
    """Whenever they come; and room comes back a twelfth of the window later at most."""
    limit, taken = Limit("messages", 7), []
    for _ in range(120):
        if await allowed(limiter, limit):
            taken.append(seconds.now)
        seconds.now += 1.7
    for moment in taken:
        assert sum(moment - 60 < other <= moment for other in taken) <= 7
    for earlier, later in zip(taken, taken[7:], strict=False):
        assert later - earlier <= 60 + 60 / 12 + 1.7


async def test_others_are_counted_apart(limiter: Limiter) -> None:
    """Another key, another kind and another length have windows of their own."""
    once = Limit("messages", 1)
    assert await allowed(limiter, once)
    assert await allowed(limiter, once, "ben")
    assert await allowed(limiter, Limit("signals", 1))
    assert await allowed(limiter, Limit("messages", 1, HOUR))
    assert not await allowed(limiter, once)


async def test_what_is_cleared_begins_anew(limiter: Limiter) -> None:
    """Such as wrong passwords, after the right one."""
    once = Limit("sign-in", 1)
    await limiter.clear(once, "never seen")
    assert await allowed(limiter, once)
    assert not await allowed(limiter, once)
    await limiter.clear(once, "anna")
    assert await allowed(limiter, once)


async def test_costs_are_added_up(limiter: Limiter, seconds: Seconds) -> None:
    """Bytes, for instance; something that costs more than the limit waits until nothing else is counted."""
    limit = Limit("bytes", 100)
    assert await limiter.hit(Hit(limit, "anna", 60)) is None
    assert await limiter.hit(Hit(limit, "anna", 60)) is not None
    assert await limiter.hit(Hit(limit, "anna", 40)) is None
    assert await limiter.hit(Hit(limit, "anna", 1000)) is not None
    seconds.now += 60
    assert await limiter.hit(Hit(limit, "anna", 1000)) is None
    assert await limiter.hit(Hit(limit, "anna")) is not None


async def test_several_at_once(limiter: Limiter) -> None:
    """Each is counted; what is refused is named."""
    once, local = Limit("conversations", 1, HOUR), Limit("requests", 5, is_shared=False)
    assert await limiter.hit(Hit(TWICE, "anna"), Hit(once, "198.51.100.7"), Hit(local, "198.51.100.7")) is None
    refusal = await limiter.hit(Hit(TWICE, "anna"), Hit(once, "198.51.100.7"))
    assert refusal is not None
    assert refusal.limit is once
    assert 0 < refusal.wait <= HOUR * 13 / 12


async def test_of_many_at_the_same_moment_as_many_as_the_limit_are_counted(limiter: Limiter) -> None:
    """No more, and no fewer."""
    limit = Limit("messages", 25)
    answers = await asyncio.gather(*(allowed(limiter, limit) for _ in range(60)))
    assert sum(answers) == 25


async def test_two_processes_count_together(shared: Database, postgres: Postgres, seconds: Seconds) -> None:
    """Whichever of them it comes to, it is counted once; what only concerns a process each counts for itself."""
    one, other = PgLimiter(shared, KEY), PgLimiter(shared, KEY)
    limit, local = Limit("messages", 30), Limit("requests", 30, is_shared=False)
    taken = await asyncio.gather(*(allowed((one, other)[number % 2], limit) for number in range(80)))
    assert sum(taken) == 30
    assert [await allowed(each, local) for each in (one, other) for _ in range(30)] == [True] * 60
    assert not await allowed(one, local)


async def test_nobodys_address_stands_in_the_database(shared: Database) -> None:
    """Digests alone, of which nobody without the key can make the address again."""
    await PgLimiter(shared, KEY).hit(Hit(TWICE, "198.51.100.7"))
    rows = await shared.read(lambda connection: connection.execute(select(hits)).all())
    assert len(rows) == 1
    assert "198.51" not in str(rows)
    assert len(rows[0].key) == 16


async def test_what_no_window_reaches_is_removed(shared: Database, seconds: Seconds) -> None:
    """And nothing else."""
    await PgLimiter(shared, KEY, seconds).hit(Hit(TWICE, "anna"))  # of another year
    await PgLimiter(shared, KEY).hit(Hit(TWICE, "ben"))
    await HitsCleaning(shared).do_due()
    kept = await shared.read(lambda connection: connection.scalar(select(func.count()).select_from(hits)))
    assert kept == 1


async def test_a_clock_that_jumps_back_locks_nobody_out(shared: Database, seconds: Seconds) -> None:
    """What seems to have been counted in the future is not counted."""
    limiter = PgLimiter(shared, KEY, seconds)
    assert [await allowed(limiter, TWICE) for _ in range(2)] == [True, True]
    seconds.now -= HOUR
    assert await allowed(limiter, TWICE)


async def test_when_the_database_is_away(postgres: Postgres, capsys: pytest.CaptureFixture[str]) -> None:
    """A process counts for itself and says so once; what must hold everywhere is refused; then it is as before."""
    database = open_database(postgres.create_database(f"limits{next(databases)}"))
    strict = Limit("sign-in", 2, is_strict=True)
    limiter = PgLimiter(database, KEY)  # its table is not there yet, which is as good as away
    assert [await allowed(limiter, TWICE) for _ in range(3)] == [True, True, False]
    with pytest.raises(UncountedError, match="sign-in"):
        await allowed(limiter, strict)
    assert capsys.readouterr().out.count("counted in this process alone") == 1
    await database.migrate()
    assert [await allowed(limiter, strict) for _ in range(3)] == [True, True, False]
    await database.close()


async def test_a_refused_flood_does_not_reach_the_database(shared: Database) -> None:
    """It is remembered here until there is room."""
    limiter = PgLimiter(shared, KEY)
    assert not all([await allowed(limiter, TWICE) for _ in range(3)])
    await shared.close()
    assert [await allowed(limiter, TWICE) for _ in range(3)] == [False] * 3

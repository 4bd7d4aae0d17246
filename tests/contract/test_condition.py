"""What an operator asks about the database."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.clock import now
from bot.store.choose import open_database
from bot.store.condition import clock_ahead, find_pending, is_newer
from bot.store.database import Database
from bot.store.revisions import NewerDatabaseError, pending_after


async def test_a_migrated_database_has_seen_everything(database: Database) -> None:
    """Nothing is left to run."""
    assert await find_pending(database) == []


async def test_an_empty_database_has_seen_nothing(url: str) -> None:
    """All are to come, the oldest first."""
    empty = open_database(url)
    try:
        pending = await find_pending(empty)
    finally:
        await empty.close()
    assert pending[0] == "20261124_conversations"
    assert len(pending) == len(set(pending)) > 10
    assert pending_after(pending[-1:]) == []


def test_a_revision_of_a_later_release_is_no_older_one() -> None:
    """It is said, and not taken for an empty database."""
    with pytest.raises(NewerDatabaseError, match="20991231_future"):
        pending_after(["20991231_future"])


async def test_a_release_may_work_on_a_later_ones_database(database: Database) -> None:
    """As while an update is rolled out, or back: as long as it knows the oldest revision that does."""

    async def do(statement: str) -> None:
        await database.write(lambda connection: connection.execute(text(statement)))

    assert not await is_newer(database)
    await do("UPDATE alembic_version SET version_num = '20991231_future'")
    await database.migrate()
    assert await is_newer(database)
    assert await find_pending(database) == []
    await do("UPDATE compatibility SET revision = '20991230_also_future'")
    with pytest.raises(NewerDatabaseError, match="20991231_future"):
        await database.migrate()
    with pytest.raises(NewerDatabaseError):
        await find_pending(database)


async def test_a_servers_clock_is_compared_with_ours(database: Database) -> None:
    """On one host they agree; where ours is an hour late, the server's is ahead."""
    if database.bus is None:
        return
    assert abs(await clock_ahead(database, now)) < timedelta(seconds=5)
    late = await clock_ahead(database, lambda: now() - timedelta(hours=1))
    assert timedelta(minutes=59) < late < timedelta(minutes=61)

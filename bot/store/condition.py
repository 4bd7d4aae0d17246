"""What an operator asks about the database: where it is, at which revision, and what its clock says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, make_url, select

from bot.clock import Clock
from bot.store.database import Database
from bot.store.revisions import is_ahead, pending_after, read_revisions


def find_file(address: str) -> Path | None:
    """Of an SQLite database; None of a server's. The address is one that `open_database` takes."""
    url = make_url(address)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


async def find_pending(database: Database) -> Sequence[str]:
    """
    The migrations that it has not seen, oldest first; none where a later release has migrated it.

    Raises NewerDatabaseError when this release does not work on it any more.
    """
    return await database.read(
        lambda connection: [] if is_ahead(connection) else pending_after(read_revisions(connection))
    )


async def is_newer(database: Database) -> bool:
    """Whether a later release has migrated it; raises as `find_pending`."""
    return await database.read(is_ahead)


async def clock_ahead(database: Database, clock: Clock) -> timedelta:
    """By how much the server's clock is ahead of ours, to half the time of the question."""
    before = clock()
    theirs = await database.read(lambda connection: connection.scalar(select(func.clock_timestamp())))
    assert isinstance(theirs, datetime)
    return theirs - (before + (clock() - before) / 2)

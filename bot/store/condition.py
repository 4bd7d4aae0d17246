"""What an operator asks about the database: where it is, at which revision, and what its clock says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, make_url, select

from bot.clock import Clock
from bot.errors import PostboteError
from bot.store.database import MIGRATIONS, Database


class NewerDatabaseError(PostboteError):
    """A later release has migrated it."""

    code = "newer_database"


def find_file(address: str) -> Path | None:
    """Of an SQLite database; None of a server's. The address is one that `open_database` takes."""
    url = make_url(address)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


async def find_pending(database: Database) -> Sequence[str]:
    """The migrations that it has not seen, oldest first; raises NewerDatabaseError when it has seen unknown ones."""
    return pending_after(await database.read(_revisions))


def pending_after(revisions: Sequence[str]) -> Sequence[str]:
    """The same, by the revisions that it is at; none: it is empty."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # One after the other, as every migration names the one before it.
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    if foreign := set(revisions) - set(known):
        raise NewerDatabaseError(
            f"The database is at the revision {', '.join(foreign)}, which this release does not know. "
            "Run the release that migrated it, or a later one."
        )
    return known[max((known.index(each) + 1 for each in revisions), default=0) :]


async def clock_ahead(database: Database, clock: Clock) -> timedelta:
    """By how much the server's clock is ahead of ours, to half the time of the question."""
    before = clock()
    theirs = await database.read(lambda connection: connection.scalar(select(func.clock_timestamp())))
    assert isinstance(theirs, datetime)
    return theirs - (before + (clock() - before) / 2)


def _revisions(connection: Connection) -> Sequence[str]:
    return MigrationContext.configure(connection).get_current_heads()

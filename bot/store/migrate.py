"""
Bring the database to this release's revision, while processes of the release before work on it.

What a migration may do stands in migrations/script.py.mako; tests/contract/test_migrations_online.py holds it to that.
"""

import asyncio

import structlog
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import PostboteError
from bot.store.revisions import config_for, is_ahead, note_compatibility

MIGRATING = 0x706F7374
"""Of the lock under which one process at a time migrates; any number that nobody else uses."""
LOOK_AGAIN = 0.2
"""Seconds, while another process migrates."""
LOCK_TIMEOUT = "3s"
"""For which a migration waits for a table; meanwhile everybody else waits behind it."""
TRIES = 20
LOCKED = "55P03"
"""PostgreSQL's code for that it waited too long."""

log = structlog.get_logger(stop="migrations")


class LockedError(PostboteError):
    """A table that a migration needs for a moment is never free."""

    code = "locked"

    def __init__(self) -> None:
        super().__init__(
            f"A migration could not lock its table within {LOCK_TIMEOUT}, {TRIES} times: something holds it for long. "
            "Find it (SELECT * FROM pg_stat_activity WHERE state <> 'idle' ORDER BY xact_start), and start again."
        )


def upgrade(connection: Connection) -> None:
    """
    Run every migration that the database has not seen.

    Raises NewerDatabaseError when a later release has migrated it, and this one does not work on it any more.
    """
    if may_upgrade(connection):
        run(connection)


def may_upgrade(connection: Connection) -> bool:
    """Not where a later release has. Raises NewerDatabaseError."""
    if not is_ahead(connection):
        return True
    log.warning("a later release has migrated the database, and this one still works on it: finish the update")
    return False


def run(connection: Connection) -> None:
    """The migrations, and how far back releases work on the result."""
    command.upgrade(config_for(connection), "head")
    note_compatibility(connection)


async def upgrade_server(engine: AsyncEngine) -> None:
    """The same on PostgreSQL, one process at a time. Raises LockedError, NewerDatabaseError."""
    async with engine.connect() as connection:
        # Not by waiting in the database: an index that is built concurrently waits for those who wait there.
        while True:
            if await _scalar(connection, "SELECT pg_try_advisory_lock(:key)"):
                break
            await asyncio.sleep(LOOK_AGAIN)
        try:
            may = await connection.run_sync(may_upgrade)
            # Alembic begins transactions of its own.
            await connection.rollback()
            if may:
                await _patiently(connection)
        finally:
            await connection.rollback()
            await _scalar(connection, "SELECT pg_advisory_unlock(:key)")


async def _patiently(connection: AsyncConnection) -> None:
    """Who waits for a lock is waited for by all who come later: rather give way, and try again."""
    for left in reversed(range(TRIES)):
        try:
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(run)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCKED:
                raise
            log.warning("a migration gives way to whoever holds its table", tries_left=left)
            await connection.rollback()
        else:
            await connection.execute(text("RESET lock_timeout"))
            await connection.commit()
            return
    raise LockedError


async def _scalar(connection: AsyncConnection, query: str) -> object:
    value = await connection.scalar(text(query), {"key": MIGRATING})
    await connection.commit()
    return value

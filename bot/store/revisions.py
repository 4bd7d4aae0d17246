"""
Which migrations there are, which the database has seen, and whether this release's code works on it.

A migration that takes something away (`ON_PURPOSE`, see migrations/script.py.mako) leaves what the release before it
needs. How far that reaches back stands in the database, so that a release that is older than the database, such as
while an update is rolled out or rolled back, knows whether it may work on it.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.errors import PostboteError

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerDatabaseError(PostboteError):
    """A later release has migrated it."""

    code = "newer_database"

    def __init__(self, revisions: Sequence[str]) -> None:
        super().__init__(
            f"The database is at the revision {', '.join(revisions)}, which this release does not know. "
            "Run the release that migrated it, or a later one."
        )


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def pending_after(revisions: Sequence[str]) -> Sequence[str]:
    """
    The migrations that a database at these revisions has not seen, oldest first; none: it is empty.

    Raises NewerDatabaseError when it has seen unknown ones.
    """
    known = [script.revision for script in _scripts()]
    if foreign := set(revisions) - set(known):
        raise NewerDatabaseError(sorted(foreign))
    return known[max((known.index(each) + 1 for each in revisions), default=0) :]


def read_revisions(connection: Connection) -> Sequence[str]:
    """At which the database is."""
    return MigrationContext.configure(connection).get_current_heads()


def is_ahead(connection: Connection) -> bool:
    """
    Whether a later release has migrated it, and left all that this one needs.

    Raises NewerDatabaseError when it has left less.
    """
    revisions, known = read_revisions(connection), {script.revision for script in _scripts()}
    if known.issuperset(revisions):
        return False
    oldest = text("SELECT revision FROM compatibility")
    if not inspect(connection).has_table("compatibility") or connection.scalar(oldest) not in known:
        raise NewerDatabaseError(revisions)
    return True


def note_compatibility(connection: Connection) -> None:
    """To be called after migrations: who knows this revision works on the result."""
    if not inspect(connection).has_table("compatibility"):
        return
    scripts = _scripts()
    taking = [script for script in scripts if getattr(script.module, "ON_PURPOSE", None)]
    oldest = str(taking[-1].down_revision) if taking else scripts[0].revision
    connection.execute(text("DELETE FROM compatibility"))
    connection.execute(text("INSERT INTO compatibility (revision) VALUES (:oldest)"), {"oldest": oldest})


def _scripts() -> list[Script]:
    """One after the other, as every migration names the one before it."""
    return list(ScriptDirectory.from_config(config_for()).walk_revisions())[::-1]

"""The migrations and the tables say the same."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from bot.store.database import open_database
from bot.store.tables import metadata


async def test_a_migrated_database_has_the_tables_that_the_code_expects(tmp_path: Path) -> None:
    """Nothing is left for alembic to generate."""
    database = open_database(f"sqlite:///{tmp_path}/new.db")

    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    try:
        await database.migrate()
        assert await database.read(differences) == []
    finally:
        await database.close()

"""The migrations and the tables say the same."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.store.choose import open_database
from bot.store.revisions import MIGRATIONS
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


async def test_tickets_of_before_are_still_there(tmp_path: Path) -> None:
    """Where tickets may be without a mailbox, SQLite copies the table: nothing gets lost on the way."""
    database = open_database(f"sqlite:///{tmp_path}/old.db")

    def up_to_then(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "20261128_events")
        connection.execute(
            text(
                "INSERT INTO conversations (id, channel, address, holder, last_seq, created_at, updated_at)"
                " VALUES ('c', 'web', 'anna', 'bot', 0, '2026-11-24', '2026-11-24')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO tickets (number, key, conversation_id, mailbox, point, target, contact, state, opened_at,"
                " updated_at, status) VALUES ('T-1', 'c:1', 'c', 'anna@beispiel.de', '2026-11-23', 'subfolder', '0171',"
                " 'open', '2026-11-24', '2026-11-24', 'queued')"
            )
        )

    try:
        await database.write(up_to_then)
        await database.migrate()
        query = text("SELECT number, mailbox, kind, attempts, text FROM tickets")
        rows = await database.read(lambda connection: connection.execute(query).all())
        assert [tuple(row) for row in rows] == [("T-1", "anna@beispiel.de", "restore", 0, None)]
    finally:
        await database.close()

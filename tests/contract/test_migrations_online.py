"""Migrations run while the previous release works: nothing is taken from it, no table is locked for long."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command, op
from alembic.config import Config
from alembic.script import Script
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import migrate, revisions
from bot.store.choose import open_database
from bot.store.migrate import LockedError
from bot.store.migrations import online
from bot.store.revisions import MIGRATIONS
from tests.conftest import PROJECT
from tests.contract import migrations
from tests.contract.postgres import Postgres

_numbers = count(1)


@pytest.mark.parametrize("script", migrations.released(), ids=lambda script: script.revision)
def test_no_migration_is_dangerous(script: Script) -> None:
    """Or its file names the release that stopped using it, and the reason: see migrations/script.py.mako."""
    assert list(migrations.faults(script.module)) == []


def _of(upgrade: object, **more: object) -> ModuleType:
    module = ModuleType("migration")
    module.__dict__.update(upgrade=upgrade, **more)
    return module


DANGERS = {
    "DROP TABLE": lambda: op.drop_table("outbox"),
    "DROP COLUMN": lambda: op.drop_column("messages", "deaths"),
    "DROP CONSTRAINT": lambda: op.drop_constraint("uq_x", "messages"),
    "RENAME": lambda: op.alter_column("messages", "deaths", new_column_name="tries"),
    "TYPE": lambda: op.alter_column("messages", "author", type_=sa.String(8)),
    "SET NOT NULL": lambda: op.alter_column("messages", "decision", nullable=False),
    "NOT NULL": lambda: op.add_column("messages", sa.Column("language", sa.String(2), nullable=False)),
    "CONSTRAINT": lambda: op.create_unique_constraint("uq_x", "messages", ["text"]),
    "INDEX": lambda: op.create_index("ix_x", "messages", ["text"]),
    "ROWS": lambda: op.execute("UPDATE messages SET deaths = 0"),
}


@pytest.mark.parametrize("name", migrations.DANGEROUS)
def test_what_is_dangerous_is_refused(name: str) -> None:
    """Unless a release and a reason stand in the file."""
    (fault,) = migrations.faults(_of(DANGERS[name]))
    assert fault.startswith(f"{name}: ")
    assert list(migrations.faults(_of(DANGERS[name], ON_PURPOSE={name: ("0.2", "")})))
    named = {name: ("0.2", "nothing since 0.1 reads it")}
    assert list(migrations.faults(_of(DANGERS[name], ON_PURPOSE=named))) == []


def _careful() -> None:
    op.add_column("messages", sa.Column("language", sa.String(2)))
    op.add_column("messages", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_table("notes", sa.Column("text", sa.Text(), nullable=False))
    op.create_index("ix_notes_text", "notes", ["text"])
    online.create_index("ix_messages_language", "messages", ["language"])


def test_what_is_careful_is_not() -> None:
    """To add what the old code need not know, and to build indexes beside it; new tables may be as they like."""
    assert list(migrations.faults(_of(_careful))) == []


@pytest.fixture(params=["sqlite", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of empty databases, as many as one takes."""

    def more() -> Iterator[str]:
        for number in _numbers:
            if request.param == "sqlite":
                yield f"sqlite:///{tmp_path}/online{number}.db"
            else:
                yield request.getfixturevalue("postgres").create_database(f"online{number}")

    return more()


async def shapes_at(revision: str, url: str) -> Mapping[str, migrations.Shape]:
    """Of all tables, when everything up to the migration is run."""

    def up(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    database = open_database(url)
    try:
        if database.bus is None:
            await database.write(up)
        else:
            # Where migrations have transactions of their own.
            engine = create_async_engine(url)
            async with engine.connect() as connection:
                await connection.run_sync(up)
            await engine.dispose()
        return await database.read(migrations.shapes)
    finally:
        await database.close()


async def test_no_migration_takes_anything_from_the_release_before(urls: Iterator[str]) -> None:
    """Its tables and columns are there, and what it writes into them is taken."""
    before = await shapes_at(migrations.BEFORE_ANY_RELEASE, next(urls))
    assert len(before) > 20
    for script in migrations.released():
        after = await shapes_at(script.revision, next(urls))
        assert list(migrations.narrowed(before, after)) == []
        before = after


def test_what_is_taken_is_seen() -> None:
    """Each way of it."""
    old = {"a": migrations.Shape({"x": ("TEXT", True, False)}, frozenset()), "b": migrations.Shape({}, frozenset())}
    new = {
        "a": migrations.Shape({"x": ("TEXT", False, False), "y": ("TEXT", False, False)}, frozenset({("x",)})),
    }
    assert len(list(migrations.narrowed(old, new))) == 4


@pytest.mark.slow
def test_the_previous_release_works_on_the_new_tables(tmp_path: Path) -> None:
    """
    Its own tests of the store, run by its own code, on a database that this release has migrated.

    Where git has no history (a shallow clone, a tarball) what the test above compares must do.
    """
    previous = migrations.find_previous(tmp_path)
    if previous is None:
        print("There is no history here, so that the previous release's code is not known.")
        return
    plugin = PROJECT / "tests" / "contract" / "on_new_schema.py"
    environment = os.environ | {"POSTBOTE_TEST_RELEASE": str(PROJECT), "PYTHONPATH": str(plugin.parent)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", plugin.stem, "-p", "no:cacheprovider", "tests/contract"]
    done = subprocess.run(command, cwd=previous, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > 100, done.stdout[-500:]


TO_ENV = (MIGRATIONS / "env.py").read_text("utf-8")
FIRST = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "1", None
def upgrade():
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text))
"""
COLUMN = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "2", "1"
def upgrade():
    op.add_column("notes", sa.Column("language", sa.String(2)))
"""
INDEX = """
from bot.store.migrations.online import create_index
revision, down_revision = "2", "1"
def upgrade():
    create_index("uq_notes_text", "notes", ["text"], unique=True)
"""


class Trial:
    """A database of one table, in use, and a migration to come."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.engine = create_async_engine(url)
        self.database = open_database(url)

    async def begin(self, second: str) -> None:
        """The first migration is run, the second one is to come."""
        (self.folder / "versions").mkdir(parents=True)
        (self.folder / "env.py").write_text(TO_ENV)
        (self.folder / "versions" / "one.py").write_text(FIRST)
        await self.database.migrate()
        (self.folder / "versions" / "two.py").write_text(second)

    async def do(self, statement: str) -> Any:
        """As a customer's turn, which waits for no lock."""
        async with self.engine.begin() as connection:
            await connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            result = await connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None

    async def until(self, statement: str) -> None:
        """It says true; what another connection does, nothing tells us."""
        async with asyncio.timeout(20):
            while True:
                if await self.do(statement):
                    return
                await asyncio.sleep(0.02)


@pytest.fixture
async def trial(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trial]:
    """On PostgreSQL, with migrations of its own."""
    monkeypatch.setattr(revisions, "MIGRATIONS", tmp_path / "migrations")
    trial = Trial(tmp_path / "migrations", postgres.create_database(f"trial{next(_numbers)}"))
    yield trial
    await trial.engine.dispose()
    await trial.database.close()


IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('uq_notes_text')"


async def test_an_index_is_built_while_others_write(trial: Trial) -> None:
    """It waits for who has begun before it, and nobody for it; a process that starts meanwhile waits its turn."""
    await trial.begin(INDEX)
    async with trial.engine.connect() as writer:
        await writer.execute(text("INSERT INTO notes (text) VALUES ('under way')"))
        building = [asyncio.create_task(trial.database.migrate()) for _ in range(2)]
        await trial.until("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONCURR%'")
        await trial.do("INSERT INTO notes (text) VALUES ('meanwhile')")
        assert not any(task.done() for task in building)
        await writer.commit()
        await asyncio.gather(*building)
    assert await trial.do(IS_VALID) is True


async def test_an_index_that_was_half_built_is_built_again(trial: Trial) -> None:
    """As after a crash, here after a double that must not be there."""
    await trial.begin(INDEX)
    await trial.do("INSERT INTO notes (text) VALUES ('twice'), ('twice')")
    with pytest.raises(IntegrityError):
        await trial.database.migrate()
    assert await trial.do(IS_VALID) is False
    await trial.do("DELETE FROM notes WHERE id = 1")
    await trial.database.migrate()
    assert await trial.do(IS_VALID) is True


async def test_a_migration_gives_way_to_whoever_holds_its_table(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so when the table is never free; as soon as it is, all is well."""
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(migrate, "TRIES", 2)
    await trial.begin(COLUMN)
    async with trial.engine.connect() as reader:
        await reader.execute(text("SELECT * FROM notes"))
        with pytest.raises(LockedError, match="pg_stat_activity"):
            await trial.database.migrate()
        await trial.do("INSERT INTO notes (text) VALUES ('meanwhile')")
    await trial.database.migrate()
    await trial.do("INSERT INTO notes (text, language) VALUES ('then', 'de')")
    # What was set for the migration is not left to others who use the connection.
    assert await trial.database.read(lambda one: one.scalar(text("SHOW lock_timeout"))) == "0"

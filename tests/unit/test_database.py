"""SQLite's three threads."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from bot.store.choose import open_database
from bot.store.database import AwayError


@pytest.mark.parametrize("said", ["GRÖSSE ÄÖÜ ẞ", "Straße", "ΕΛΛΆΔΑ", "", "ASCII"])
async def test_sqlite_knows_small_letters(tmp_path: Path, said: str) -> None:
    """All of them, as Python does; of nothing it makes nothing."""
    database = open_database(f"sqlite:///{tmp_path}/new.db")
    try:
        for run in (database.read, database.report, database.write):
            lowered = await run(lambda connection: connection.scalar(text("SELECT lower(:said)"), {"said": said}))
            assert lowered == said.lower()
            assert await run(lambda connection: connection.scalar(text("SELECT lower(NULL)"))) is None
    finally:
        await database.close()


@pytest.mark.parametrize("url", ["postgresql+asyncpg://postbote:geheim@127.0.0.1:1/postbote", "sqlite:///{folder}"])
async def test_a_database_that_is_away_is_said_to_be(tmp_path: Path, url: str) -> None:
    """Before anything is begun, in one line, without the password."""
    database = open_database(url.format(folder=tmp_path))
    try:
        with pytest.raises(AwayError, match="POSTBOTE_DATABASE_URL") as raised:
            await database.migrate()
    finally:
        await database.close()
    assert "geheim" not in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_what_takes_long_holds_nothing_up(tmp_path: Path) -> None:
    """Messages are read and written while somebody looks at figures."""
    database = open_database(f"sqlite:///{tmp_path}/new.db")
    begun, enough = threading.Event(), threading.Event()

    def long(connection: Connection) -> bool:
        connection.execute(text("SELECT count(*) FROM conversations"))
        begun.set()
        return enough.wait(30)

    try:
        await database.migrate()
        report = asyncio.create_task(database.report(long))
        await asyncio.to_thread(begun.wait, 30)
        assert await database.read(lambda connection: connection.scalar(text("SELECT 1"))) == 1
        await database.write(lambda connection: connection.execute(text("DELETE FROM choices")))
        assert not report.done()
        enough.set()
        assert await report
    finally:
        enough.set()
        await database.close()


async def test_an_error_does_not_say_what_was_written(tmp_path: Path) -> None:
    """What customers wrote would else stand in the log."""
    database = open_database(f"sqlite:///{tmp_path}/new.db")

    def unit(connection: Connection) -> None:
        connection.execute(text("SELECT * FROM nowhere WHERE said = :said"), {"said": "mein Kennwort"})

    for run in (database.read, database.look_up, database.write, database.report):
        with pytest.raises(OperationalError) as raised:
            await run(unit)
        assert "nowhere" in str(raised.value)
        assert "Kennwort" not in f"{raised.value} {raised.value!r}"
    await database.close()

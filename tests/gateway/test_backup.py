"""A rehearsal: copied while customers write, put back, and nothing of what was acknowledged before is missing."""

import asyncio
import random
import sqlite3
import stat
import tarfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.__main__ import main
from bot.gateway.app import create_app
from bot.settings import Settings, load_settings
from bot.wiring import build
from tests.fakes import FakeDialogue

CUSTOMERS, BEFORE, AFTER = 20, 150, 60


class Crowd:
    """Customers who write on and on; remembers what was acknowledged, in the order in which it was."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._chance = random.Random(7)
        self.acknowledged: list[str] = []
        self._reached = asyncio.Condition()

    async def write(self, number: int) -> None:
        """One customer, until cancelled."""
        while True:
            text = f"{number}: {self._chance.randrange(10**9)}"
            body = {"sender": f"customer {number}", "message": text}
            async with self._client.post("/webhooks/rest/webhook", json=body) as response:
                assert response.status == 200
            async with self._reached:
                self.acknowledged.append(text)
                self._reached.notify_all()

    async def reaches(self, count: int) -> None:
        """Returns as soon as so many are acknowledged."""
        async with self._reached:
            await self._reached.wait_for(lambda: len(self.acknowledged) >= count)


def customers_messages(database: Path) -> tuple[Counter[str], int]:
    """What customers wrote, and how many of it wait for their turn or lack its reply."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT text FROM messages WHERE author = 'customer'").fetchall()
        lacking = connection.execute(
            "SELECT count(*) FROM messages m WHERE author = 'customer' AND done_at IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.answers = m.id)"
        ).fetchone()[0]
    return Counter(text for (text,) in rows), lacking


async def test_nothing_acknowledged_before_it_is_missing(
    client: TestClient, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor doubled, nor half done; and the restored database serves on."""
    copy, elsewhere = tmp_path / "copy.tar.gz", tmp_path / "elsewhere" / "postbote.db"
    crowd = Crowd(client)
    writers = [asyncio.create_task(crowd.write(number)) for number in range(CUSTOMERS)]
    await crowd.reaches(BEFORE)
    before = list(crowd.acknowledged)
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", settings.database_url)
    assert await asyncio.to_thread(main, ["backup", str(copy)]) == 0
    # Customers were not held up by it, and go on after it.
    await crowd.reaches(len(crowd.acknowledged) + AFTER)
    for writer in writers:
        writer.cancel()
    await asyncio.gather(*writers, return_exceptions=True)

    monkeypatch.setenv("POSTBOTE_DATABASE_URL", f"sqlite:///{elsewhere}")
    assert await asyncio.to_thread(main, ["restore", str(copy)]) == 0
    found, lacking = customers_messages(elsewhere)
    assert [text for text in before if found[text] != 1] == []
    assert max(found.values()) == 1
    assert lacking == 0
    assert len(crowd.acknowledged) > sum(found.values()) >= BEFORE

    async with TestClient(TestServer(create_app(build(load_settings(), FakeDialogue())))) as restored:
        body = {"sender": "customer 1", "message": "noch da?"}
        async with restored.post("/webhooks/rest/webhook", json=body) as response:
            # The fake counts the conversation's turns: its memory came along, too.
            said = (await response.json())[0]["text"]
    turns = sum(text.startswith("1: ") for text in found)
    assert said == f"{turns + 1}: noch da?"


@pytest.fixture
async def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database that has had a message, and its key; nobody has it open."""
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", f"sqlite:///{tmp_path}/var/postbote.db")
    async with TestClient(TestServer(create_app(build(load_settings(), FakeDialogue())))) as client:
        answer = await client.post("/webhooks/rest/webhook", json={"sender": "a", "message": "hallo"})
        assert answer.status == 200
    return tmp_path / "var"


def test_the_key_comes_along_and_nobody_else_may_read_it(installation: Path, tmp_path: Path) -> None:
    """Without it, mails that wait could not be opened."""
    copy = tmp_path / "copy.tar.gz"
    assert main(["backup", str(copy)]) == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with tarfile.open(copy) as archive:
        assert set(archive.getnames()) == {"manifest.json", "postbote.db", "secret.key"}
    key = (installation / "secret.key").read_bytes()
    (installation / "secret.key").write_bytes(b"another")
    assert main(["restore", str(copy)]) == 0
    assert (installation / "secret.key").read_bytes() == key
    assert stat.S_IMODE((installation / "secret.key").stat().st_mode) == 0o600
    assert len(list(installation.glob("*.before-*"))) == 2


def test_what_is_there_is_not_written_over(
    installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An older copy stays; the database that was there is set aside, and is whole."""
    copy = tmp_path / "copy.tar.gz"
    assert main(["backup", str(copy)]) == 0
    assert main(["backup", str(copy)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["restore", str(copy)]) == 0
    (aside,) = installation.glob("postbote.db.before-*")
    assert customers_messages(aside)[0] == Counter(["hallo"])


async def test_a_database_in_use_is_not_replaced(
    installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server would write on into a file that nobody will read."""
    copy = tmp_path / "copy.tar.gz"
    assert main(["backup", str(copy)]) == 0
    async with TestClient(TestServer(create_app(build(load_settings(), FakeDialogue())))):
        assert await asyncio.to_thread(main, ["restore", str(copy)]) == 1
    assert "Stop the server first" in capsys.readouterr().err
    assert set_aside(installation) == []


def set_aside(installation: Path) -> list[Path]:
    """What a restoration put out of the way."""
    return list(installation.glob("*.before-*"))


@pytest.mark.parametrize("damage", ["cut", "foreign", "rotten", "newer"])
def test_what_is_no_good_copy_changes_nothing(
    damage: str, installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cut off, something else, damaged within, or of a later release."""
    copy = tmp_path / "copy.tar.gz"
    if damage == "newer":
        with closing(sqlite3.connect(installation / "postbote.db")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '20991231_future'")
    assert main(["backup", str(copy)]) == 0
    if damage == "cut":
        copy.write_bytes(copy.read_bytes()[:-2000])
    if damage == "foreign":
        copy.write_bytes(b"no copy at all")
    if damage == "rotten":
        _rot(copy)
    before = customers_messages(installation / "postbote.db")
    assert main(["restore", str(copy)]) == 1
    assert capsys.readouterr().err
    assert customers_messages(installation / "postbote.db") == before
    assert not list(installation.glob("*.before-*"))
    assert not list(installation.glob(".restore-*"))


def _rot(copy: Path) -> None:
    """Bytes in the middle of the database fall over."""
    folder = copy.parent / "rotten"
    with tarfile.open(copy) as archive:
        archive.extractall(folder)
    database = folder / "postbote.db"
    content = bytearray(database.read_bytes())
    content[8192:12000] = b"\xff" * 3808
    database.write_bytes(content)
    with tarfile.open(copy, "w:gz") as archive:
        for name in ("manifest.json", "secret.key", "postbote.db"):
            archive.add(folder / name, name)


def test_of_postgresql_the_command_is_told_without_the_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """pg_dump and pg_restore do it better than we could; who looks at the list of processes sees no password."""
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", "postgresql+asyncpg://postbote:geheim@db.example/postbote")
    assert main(["backup", "copy.dump"]) == 1
    assert "pg_dump --format=custom" in (told := capsys.readouterr().err)
    assert "--dbname=postgresql://postbote@db.example/postbote" in told
    assert main(["restore", "copy.dump"]) == 1
    assert "pg_restore --clean" in (told := told + capsys.readouterr().err)
    assert "geheim" not in told

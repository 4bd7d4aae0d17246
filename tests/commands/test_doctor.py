"""`python -m bot doctor`: what is wrong has a line that says what to do, and the exit code tells programs."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.__main__ import main
from bot.commands.checks.here import check_space
from bot.settings import load_settings
from bot.store.choose import open_database

Found = dict[str, tuple[str, str]]


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """To nowhere: configured for this process, it would go on to the stderr of this test in all later ones."""
    monkeypatch.setattr("bot.commands.doctor.configure", lambda _: None)
    with capture_logs():
        yield


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of an installation that has never run; without models."""
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", f"sqlite:///{tmp_path}/var/postbote.db")
    monkeypatch.setenv("POSTBOTE_MODELS", str(tmp_path / "models"))
    return tmp_path


@pytest.fixture
def closed_port() -> int:
    """On which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, Found]:
    """Its exit code, and state and text by name."""
    code = main(["doctor", "--json"])
    return code, {each["name"]: (each["state"], each["text"]) for each in json.loads(capsys.readouterr().out)}


def test_a_fresh_clone_is_well_and_stays_untouched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It warns of the demo's parts, and makes no database by looking for one."""
    code, found = doctor(capsys)
    assert code == 0
    assert {name for name, (state, _) in found.items() if state == "warning"} == {
        "database",
        "model",
        "mailboxes",
        "mails",
    }
    assert not list(folder.rglob("*.db"))
    assert main(["doctor"]) == 0
    assert "warning  mails" in capsys.readouterr().out


async def migrated(folder: Path) -> None:
    """A database of this release."""
    database = open_database(f"sqlite:///{folder}/var/postbote.db")
    await database.migrate()
    await database.close()


async def test_a_database_of_this_release_is_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All migrations are run, nothing waits."""
    await migrated(folder)
    # Its own event loop: the command's.
    code, found = await asyncio.to_thread(doctor, capsys)
    assert code == 0
    assert found["database"][0] == found["migrations"][0] == found["work"][0] == "ok"


async def test_revisions_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An older database will be migrated; a newer one can be used as long as it says so."""
    await migrated(folder)

    def set_revision(revision: str, oldest: str = "20261124_conversations") -> None:
        with sqlite3.connect(folder / "var" / "postbote.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            connection.execute("UPDATE compatibility SET revision = ?", (oldest,))
        connection.close()

    set_revision("20261204_channels")
    code, found = await asyncio.to_thread(doctor, capsys)
    assert code == 0
    state, text = found["migrations"]
    assert state == "warning"
    assert "20261205_workers" in text
    set_revision("20991231_future")
    code, found = await asyncio.to_thread(doctor, capsys)
    assert code == 0
    assert found["migrations"][0] == "warning"
    set_revision("20991231_future", oldest="20991230_future")
    code, found = await asyncio.to_thread(doctor, capsys)
    assert code == 1
    assert found["database"][0] == "failed"
    assert "20991231_future" in found["database"][1]


def test_a_setting_that_does_not_fit_is_the_first_thing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without settings nothing else can be looked at."""
    monkeypatch.setenv("POSTBOTE_LONGEST_MESSAGE", "viel")
    code, found = doctor(capsys)
    assert code == 1
    assert list(found) == ["settings"]
    assert "POSTBOTE_LONGEST_MESSAGE" in found["settings"][1]


def test_what_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], closed_port: int
) -> None:
    """Ticket system, mail server, mailbox platform: one that is down hides none of the others."""
    there = f"http://127.0.0.1:{closed_port}"
    for name, value in {
        "TICKETS": "rt",
        "TICKETS_URL": there,
        "TICKETS_TOKEN": "a token nobody shall see",
        "TICKETS_QUEUE": "General",
        "MAILER": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(closed_port),
        "SMTP_PASSWORD": "a password nobody shall see",
        "MAIL_FROM": "hilfe@example.de",
        "MAILBOXES": "doveadm",
        "DOVEADM_URL": there,
        "DOVEADM_API_KEY": "a key nobody shall see",
    }.items():
        monkeypatch.setenv(f"POSTBOTE_{name}", value)
    code, found = doctor(capsys)
    assert code == 1
    assert {name for name, (state, _) in found.items() if state == "failed"} == {"tickets", "mails", "mailboxes"}
    assert str(closed_port) in found["tickets"][1]
    assert "nobody shall see" not in json.dumps(found)


def test_a_server_that_is_away_hides_what_stands_in_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], closed_port: int
) -> None:
    """And nothing else; several processes need the same secret key, too."""
    url = f"postgresql+asyncpg://postbote:geheim-wort@127.0.0.1:{closed_port}/postbote"
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", url)
    code, found = doctor(capsys)
    assert code == 1
    assert found["database"][0] == "failed"
    assert "POSTBOTE_DATABASE_URL" in found["database"][1]
    assert found["secret key"][0] == "failed"
    assert "POSTBOTE_SECRET_KEY" in found["secret key"][1]
    assert "model" not in found
    assert found["FAQ"][0] == "ok"
    assert "geheim-wort" not in json.dumps(found)


def test_channels_are_asked_and_vendors_need_our_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that is half configured fails by its own name."""
    monkeypatch.setenv("POSTBOTE_CHANNELS", '["telegram"]')
    code, found = doctor(capsys)
    assert code == 1
    assert found["channel telegram"][0] == "failed"
    assert "POSTBOTE_CHANNEL_TELEGRAM_" in found["channel telegram"][1]
    assert found["public URL"][0] == "failed"
    assert "telegram" in found["public URL"][1]
    monkeypatch.setenv("POSTBOTE_PUBLIC_URL", "https://hilfe.example.de")
    assert doctor(capsys)[1]["public URL"] == ("ok", "https://hilfe.example.de")


def test_a_key_that_others_may_read_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the remedy can be copied."""
    key = folder / "var" / "secret.key"
    key.parent.mkdir()
    key.write_text("x" * 40)
    key.chmod(0o644)
    code, found = doctor(capsys)
    assert code == 1
    assert f"chmod 600 {key}" in found["secret key"][1]
    key.chmod(0o600)
    assert doctor(capsys)[1]["secret key"][0] == "ok"


def test_a_faq_with_a_fault_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `faq check` does, with file and line."""
    faq = folder / "faq"
    faq.mkdir()
    (faq / "leer.md").write_text("# Thema\n")
    monkeypatch.setenv("POSTBOTE_FAQ", str(faq))
    code, found = doctor(capsys)
    assert code == 1
    assert "leer.md:1" in found["FAQ"][1]


@pytest.mark.parametrize(("free", "state"), [(100, "failed"), (500, "warning"), (5000, "ok")])
async def test_space_runs_out_by_degrees(free: int, state: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Megabytes, at whichever place has the least."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free * 1_000_000}))
    (result,) = await check_space(load_settings())
    assert result.state == state
    assert str(folder) in result.text


def test_a_channel_that_asks_needs_no_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], closed_port: int
) -> None:
    """Telegram by polling; called, it does. Its vendor is away here, which is another line."""
    monkeypatch.setenv("POSTBOTE_CHANNELS", '["telegram"]')
    monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_TOKEN", f"4711:{'A' * 35}")
    monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_URL", f"http://127.0.0.1:{closed_port}")
    for polling, state in (("true", "ok"), ("false", "failed")):
        monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_POLLING", polling)
        code, found = doctor(capsys)
        assert code == 1
        assert found["public URL"][0] == state
        assert found["channel telegram"][0] == "failed"
        assert "unreachable" in found["channel telegram"][1]
        assert "A" * 35 not in json.dumps(found)

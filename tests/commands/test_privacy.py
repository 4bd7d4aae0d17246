"""`python -m bot privacy`: by period, and about one person."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import now
from bot.privacy.kinds import Periods, periods_table
from bot.settings import load_settings
from bot.store.audit import SqlAudit
from bot.store.choose import open_database
from tests.conftest import PROJECT
from tests.contract.rows import fill

ANNA = "anna@beispiel.de"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of its own, in which everything is a hundred days old and Anna's."""
    url = f"sqlite:///{tmp_path}/postbote.db"
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", url)
    monkeypatch.setenv("POSTBOTE_TICKETS", "rt")
    monkeypatch.setenv("POSTBOTE_TICKETS_URL", "https://rt.beispiel.de")

    async def fill_it() -> None:
        database = open_database(url)
        await database.migrate()
        values = {"mailbox": ANNA, "used": True, "reference": "4711", "login": ANNA}
        await database.write(lambda connection: fill(connection, now() - timedelta(days=100), "Worte", **values))
        await database.close()

    asyncio.run(fill_it())
    return tmp_path


def privacy(*arguments: str) -> int:
    """Run the command; returns its exit code."""
    return main(["privacy", *arguments])


def actions(folder: Path) -> list[tuple[str, str | None]]:
    """The audit log, oldest first."""

    async def read() -> list[tuple[str, str | None]]:
        database = open_database(f"sqlite:///{folder}/postbote.db")
        entries, _ = await SqlAudit(database, now).page(1)
        await database.close()
        return [(entry.action, entry.subject) for entry in reversed(entries)]

    return asyncio.run(read())


def test_the_record_of_processing_has_the_periods() -> None:
    """As the settings' defaults are; `python -m bot privacy periods` prints them."""
    record = (PROJECT / "docs" / "privacy" / "record-of-processing.md").read_text("utf-8")
    assert periods_table(Periods.from_settings(load_settings())) in record


def test_retention(capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run counts the same, and deletes nothing."""
    for _ in range(2):
        assert privacy("retention", "--dry-run") == 0
        table = {line.split()[0]: line.split()[1:3] for line in capsys.readouterr().out.splitlines()}
        assert table["conversations"] == ["90", "1"]
        assert table["audit"] == ["365", "0"]
    assert privacy("retention") == 0
    assert "deleted" in capsys.readouterr().out
    assert privacy("retention", "--dry-run") == 0
    table = {line.split()[0]: line.split()[2] for line in capsys.readouterr().out.splitlines()[1:]}
    assert set(table.values()) == {"0"}


def test_export(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To a file or the terminal; that it was asked for is in the audit log."""
    log = folder / "app.log"
    log.write_text(f"an {ANNA}\n")
    assert privacy("export", "ANNA@Beispiel.de", "--log", str(log)) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["about"], len(printed["conversations"])) == (ANNA, 1)
    assert printed["log_lines"] == [{"file": str(log), "line": 1, "text": f"an {ANNA}"}]
    assert privacy("export", ANNA, "--out", f"{folder}/anna.json", "--files", f"{folder}/files") == 0
    assert [file.read_bytes() for file in (folder / "files").iterdir()] == [b"Worte"]
    assert actions(folder)[1:] == [("export_person", ANNA)] * 2


def test_erase_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody can be asked it does nothing, without `--yes`; a dry run does nothing either."""
    for arguments in ((), ("--dry-run",)):
        assert privacy("erase", ANNA, *arguments) == (0 if arguments else 1)
        assert "1 conversations would be deleted" in capsys.readouterr().out
    assert actions(folder) == [("Worte", "Worte")]


def test_erase(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And what is to be done elsewhere; the audit log does not name them."""
    log = folder / "app.log"
    log.write_text(f"an {ANNA}\n")
    assert privacy("erase", ANNA, "--yes", "--log", str(log)) == 0
    told = capsys.readouterr().out
    for words in (
        "1 conversations were deleted",
        f"1 lines of {log}",
        "(4711)",
        "rt-shredder",
        f"Kept: {ANNA} is an account of the desk",
        "contact address on file",
    ):
        assert words in told
    assert log.read_text() == f"an {'*' * len(ANNA)}\n"
    (_, first), (action, subject) = actions(folder)
    assert action == "erase_person"
    assert first
    assert first.startswith("[gelöscht ")
    assert subject
    assert subject.startswith(first)
    assert privacy("erase", ANNA, "--yes", "--no-compact") == 0
    told = capsys.readouterr().out
    assert "Nothing was found." in told
    assert "privacy compact" in told
    assert privacy("compact") == 0


def test_a_log_that_cannot_be_read_is_named_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is erased."""
    log = folder / "app.log.gz"
    log.write_bytes(b"no gzip at all")
    assert privacy("erase", ANNA, "--yes", "--log", str(log)) == 1
    assert "app.log.gz" in capsys.readouterr().err
    assert [action for action, _ in actions(folder)] == ["Worte"]


def test_who_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip is no customer without data."""
    assert privacy("erase", "anna", "--yes") == 1
    assert "channel:id" in capsys.readouterr().err

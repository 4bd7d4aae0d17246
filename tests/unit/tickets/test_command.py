"""`python -m bot tickets`: what the hoster's people see where there is no ticket system."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.tickets import SqlTickets
from bot.tickets.model import MessageRequest, RestoreRequest, Target

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
WORDS = "Grüß Gott,\nseit gestern kommen bei mir keine Mails von meinem Steuerberater mehr an.\nBitte um Rückruf."


@pytest.fixture(autouse=True)
def numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A restore and a message, in a database that the command finds."""
    url = f"sqlite:///{tmp_path}/tickets.db"
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", url)
    return asyncio.run(_open_two(url))


async def _open_two(url: str) -> list[str]:
    database = open_database(url)
    await database.migrate()
    conversations = SqlConversations(database, lambda: AT)
    tickets = SqlTickets(database, conversations, lambda: AT)
    talk = await conversations.begin("web", "anna")
    restore = RestoreRequest("anna@beispiel.de", "Rechnungen", AT, Target.SUBFOLDER, "0171 5550102")
    opened = [
        await tickets.open("1", talk, restore),
        await tickets.open("2", talk, MessageRequest("0171 5550102", WORDS)),
    ]
    await database.close()
    return [each.ticket.number for each in opened]


def test_both_kinds_are_listed_on_a_line_each(numbers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The mailbox of a restore, the contact and the beginning of a message."""
    assert main(["tickets", "list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert sorted(lines) == sorted(numbers)
    assert lines[numbers[0]].endswith("anna@beispiel.de")
    assert lines[numbers[1]].endswith("0171 5550102: Grüß Gott, seit gestern kommen bei mir keine Mails von …")


def test_programs_get_all_of_it(numbers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the whole text."""
    assert main(["tickets", "list", "--json"]) == 0
    restore, message = sorted(json.loads(capsys.readouterr().out), key=lambda each: each["kind"], reverse=True)
    assert (restore["number"], restore["folder"], restore["point"]) == (
        numbers[0],
        "Rechnungen",
        "2026-11-24T09:00:00+00:00",
    )
    assert (message["number"], message["text"], message["contact"]) == (numbers[1], WORDS, "0171 5550102")
    assert "mailbox" not in message


def test_the_state_of_a_message_is_set_like_any_other(numbers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And an unknown number is refused."""
    assert main(["tickets", "set", numbers[1], "done"]) == 0
    assert main(["tickets", "set", "T-00000000", "done"]) == 1
    assert "There is no ticket T-00000000" in capsys.readouterr().err

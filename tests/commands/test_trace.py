"""`python -m bot trace`: the road of one conversation on the terminal."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import now
from bot.conversations.model import Decision, Incoming, Reply, Turn
from bot.store.audit import SqlAudit
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations

WORDS = "Mein Postfach anna@lindenpost.example ist voll"


async def talked(url: str) -> str:
    """A conversation of one turn."""
    database = open_database(url)
    await database.migrate()
    conversations = SqlConversations(database, now)
    accepted = await conversations.accept(Incoming("rest", "anna", "1", WORDS), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    await conversations.finish(waiting, Turn((Reply("Ja"),), None, Decision.ANSWER, ("faq/storage",), 0.9))
    await database.close()
    return accepted.conversation


async def audited(url: str) -> list[tuple[str, str | None, str | None]]:
    """The audit log."""
    database = open_database(url)
    entries, _ = await SqlAudit(database, now).page(1)
    await database.close()
    return [(entry.action, entry.conversation, entry.source) for entry in entries]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the database."""
    url = f"sqlite:///{tmp_path}/postbote.db"
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", url)
    return url


def test_the_road_is_printed_without_words(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And nobody has to answer for having looked."""
    conversation = asyncio.run(talked(url))
    assert main(["trace", conversation]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"conversation {conversation}")
    assert "message 1: answer  labels=faq/storage  confidence=0.900" in out
    assert "anna" not in out
    assert asyncio.run(audited(url)) == []


def test_who_reads_words_is_written_down(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By --show; for programs as JSON."""
    conversation = asyncio.run(talked(url))
    assert main(["trace", "rest:anna", "--show", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["conversation"] == conversation
    assert found["steps"][0]["text"] == WORDS
    assert asyncio.run(audited(url)) == [("trace", conversation, "command line")]


def test_an_unknown_one_is_said_to_be(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what can be named."""
    assert main(["trace", "4711"]) == 1
    assert "channel:address" in capsys.readouterr().err

"""What is typed as a one-time code stays nowhere: not in a table, not in a log of any level."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.server import Server

pytestmark = pytest.mark.slow

ANNA = "anna@lindenpost.example"


@pytest.fixture
def server(model: Path, tmp_path: Path) -> Iterator[Server]:
    """That logs everything."""
    server = Server(tmp_path, log=tmp_path / "log", log_level="debug")
    yield server
    server.kill()


class Customer:
    """Of the REST door."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def say(self, text: str) -> str:
        """The last reply."""
        body = {"sender": "anna", "message": text}
        async with self._session.post(f"{self._url}/webhooks/rest/webhook", json=body) as response:
            replies: list[dict[str, Any]] = await response.json()
            return str(replies[-1]["text"])

    async def codes(self, count: int) -> list[str]:
        """Those that were mailed, newest first, as soon as there are so many."""
        while True:
            async with self._session.get(f"{self._url}/demo/mails.json") as response:
                mails = await response.json()
            if len(mails) >= count:
                return [re.findall(r"^\d{6}$", mail["text"], re.MULTILINE)[0] for mail in mails]
            await asyncio.sleep(0.02)  # nothing tells another process when a mail is out


def everything_in(folder: Path) -> bytes:
    """All bytes of all files: the database, what SQLite has beside it, the log."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_no_code_is_left_anywhere(server: Server, tmp_path: Path) -> None:
    """Right or wrong, typed when it was asked for, after the customer cancelled, or once more for good measure."""
    async with aiohttp.ClientSession() as session:
        anna = Customer(session, server.url)
        assert "Code" in await anna.say(f"wie voll ist {ANNA}")
        (first,) = await anna.codes(1)
        wrong = f"{(int(first) + 1) % 1_000_000:06}"
        assert "Bitte geben Sie" in await anna.say(f"ist es {wrong[:3]} {wrong[3:]}?")
        await anna.say("abbrechen")
        await anna.say(f"ach, jetzt ist er da: {first}")
        assert "Code" in await anna.say(f"wie voll ist {ANNA}")
        second, _ = await anna.codes(2)
        assert "64" in await anna.say(f"mein code ist {second[:3]}-{second[3:]}, danke")
        await anna.say(second)
        await anna.say("meine kundennummer ist 471100")
    server.kill()
    kept = everything_in(tmp_path)
    for code in (first, wrong, second):
        for written in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
            assert written.encode() not in kept
            assert json.dumps(written).encode() not in kept
    assert kept.count("••••••".encode()) >= 4
    assert b"471100" in kept
    assert b"stop=intake" in kept

"""What `kill -9` does to 200 conversations: nothing that a customer could notice."""

import asyncio
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import PROJECT
from tests.gateway.crashing_app import POISON

pytestmark = pytest.mark.slow

NEIGHBOURS = 20
CONVERSATIONS = 200
MESSAGES = 5
KILLS = 6


class Server:
    """The application in a process of its own."""

    def __init__(self, database: Path, port: int) -> None:
        self._command = [sys.executable, "-m", "tests.gateway.crashing_app", str(database), str(port)]
        self.database = database
        self.url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self.start()

    def start(self) -> None:
        """Start it; clients try until it answers."""
        self._process = subprocess.Popen(self._command, cwd=PROJECT)

    async def wait(self) -> int:
        """Until it ends; its exit code."""
        return await asyncio.to_thread(self._process.wait)

    def kill(self) -> None:
        """As the kernel would: no handler runs, nothing is flushed."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@asynccontextmanager
async def killing(server: Server, chance: random.Random, answered: asyncio.Semaphore) -> AsyncIterator[None]:
    """Kill and restart the server again and again, each time after a random number of further answers."""

    async def kill() -> None:
        for _ in range(KILLS):
            for _ in range(chance.randrange(60, 140)):
                await answered.acquire()
            server.kill()
            server.start()

    killer = asyncio.create_task(kill())
    yield
    await killer


@asynccontextmanager
async def restarting(server: Server, deaths: list[int]) -> AsyncIterator[None]:
    """Start the server again whenever it dies, and note of what."""

    async def restart() -> None:
        while True:
            deaths.append(await server.wait())
            server.start()

    restarter = asyncio.create_task(restart())
    try:
        yield
    finally:
        restarter.cancel()
        server.kill()


async def converse(server: Server, number: int, answered: asyncio.Semaphore) -> list[str]:
    """One customer: says each message until it is answered, always with the same id; the answers."""
    answers = []
    async with aiohttp.ClientSession() as session:
        for turn in range(MESSAGES):
            body = {
                "sender": f"customer-{number}",
                "message": f"nachricht {turn}",
                "metadata": {"message_id": f"{number}-{turn}"},
            }
            answers.append(await _until_answered(session, server.url, body))
            answered.release()
    return answers


async def _until_answered(session: aiohttp.ClientSession, url: str, body: dict[str, object]) -> str:
    while True:
        try:
            async with session.post(url, json=body) as response:
                assert response.status == 200, await response.text()
                (reply,) = await response.json()
                return str(reply["text"])
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)  # the server is down: nothing tells another process when it is up


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """On a port that is free, with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(tmp_path / "crash.db", port)
    yield server
    server.kill()


async def test_no_accepted_message_is_lost_or_repeated(server: Server) -> None:
    """Each message is stored once, answered once, with the right words, in order, however often the server dies."""
    answered = asyncio.Semaphore(0)
    async with killing(server, random.Random(17), answered):
        conversations = await asyncio.gather(*(converse(server, n, answered) for n in range(CONVERSATIONS)))
    server.kill()

    expected = [f"{turn + 1}: nachricht {turn}" for turn in range(MESSAGES)]
    assert all(answers == expected for answers in conversations)
    with sqlite3.connect(server.database) as rows:
        (asked,) = rows.execute("SELECT count(*) FROM messages WHERE author = 'customer'").fetchone()
        (said,) = rows.execute("SELECT count(*) FROM messages WHERE author = 'bot'").fetchone()
        (undone,) = rows.execute(
            "SELECT count(*) FROM messages WHERE author = 'customer' AND done_at IS NULL"
        ).fetchone()
        (deaths,) = rows.execute("SELECT sum(deaths) FROM messages").fetchone()
    assert (asked, said, undone) == (CONVERSATIONS * MESSAGES, CONVERSATIONS * MESSAGES, 0)
    assert deaths > 0, "No kill hit a turn under way: the test shows nothing."


async def test_a_message_that_kills_the_process_takes_no_neighbour_with_it(server: Server) -> None:
    """It gets an apology after four deaths; those whose turns were under way each time get their answers."""
    deaths: list[int] = []
    said = [f"nachricht {number}" for number in range(NEIGHBOURS)] + [POISON]
    bodies = [{"sender": text, "message": text, "metadata": {"message_id": text}} for text in said]
    async with restarting(server, deaths), aiohttp.ClientSession() as session:
        *answers, apology = await asyncio.gather(*(_until_answered(session, server.url, body) for body in bodies))
    assert answers == [f"1: {text}" for text in said[:-1]]
    assert apology.startswith("Entschuldigung")
    assert deaths == [-signal.SIGKILL] * 4

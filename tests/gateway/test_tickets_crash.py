"""What `kill -9` and a bad ticket system do to 500 restores: nothing that a customer could notice."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.clock import now
from tests.contract.ticket_fakes import ZammadApp, served
from tests.server import Server

pytestmark = pytest.mark.slow

CUSTOMERS = 500
AT_ONCE = 25
KILLS = 5
KEY = "ein schlüssel nur für diesen test, lang genug"
TIMEOUT = 1.0
"""Seconds that Postbote gives the ticket system; some answers take longer."""
LATE = 1.5
NUMBER = re.compile(r"T-[0-9A-Z]{8}")


class BadZammad(ZammadApp):
    """Of three requests to open a ticket one fails, before or after the work is done; others are answered late."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._opened = asyncio.Event()

    async def has(self, count: int) -> None:
        """Returns as soon as there are so many tickets."""
        while len(self.tickets) < count:
            self._opened.clear()
            await self._opened.wait()

    async def _create(self, request: web.Request) -> web.Response:
        lot = self._chance.random()
        if lot < 1 / 6:
            return web.json_response({"error": "down"}, status=503)
        answer = await super()._create(request)
        self._opened.set()
        if lot < 2 / 6:
            return web.json_response({"error": "too late to say so"}, status=500)
        if lot < 3 / 6:
            await asyncio.sleep(LATE)  # what is tested is an answer that comes too late
        return answer


def body(customer: int, turn: int, text: str) -> dict[str, Any]:
    """A message; its id is the same whenever it is sent again."""
    claims = {"aud": "postbote", "exp": now() + timedelta(minutes=10), "mailboxes": [f"kunde{customer}@beispiel.de"]}
    token = jwt.encode(claims, KEY, "HS256", {"kid": "test"})
    metadata = {"message_id": f"{customer}-{turn}", "token": token}
    return {"sender": f"customer-{customer}", "message": text, "metadata": metadata}


async def say(session: aiohttp.ClientSession, url: str, message: dict[str, Any]) -> str:
    """The last reply; said again until the server is there to answer."""
    while True:
        try:
            async with session.post(f"{url}/webhooks/rest/webhook", json=message) as response:
                replies = await response.json()
                assert response.status == 200, replies
                return str(replies[-1]["text"])
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)  # the server is down: nothing tells another process when it is up


async def order_restore(session: aiohttp.ClientSession, url: str, customer: int) -> str:
    """One conversation; the number that the customer was told."""
    texts = (
        "stellt mir bitte das ganze postfach von gestern 16 uhr wieder her",
        "in einen unterordner",
        "0171 2345678",
        "ja",
    )
    for turn, text in enumerate(texts):
        reply = await say(session, url, body(customer, turn, text))
    found = NUMBER.search(reply)
    assert found, reply
    return found[0]


@pytest.fixture
def chance() -> random.Random:
    """The same in every run."""
    return random.Random(20261124)


@pytest.fixture
async def zammad(chance: random.Random) -> AsyncIterator[tuple[BadZammad, str]]:
    """It outlives the server."""
    bad = BadZammad(chance)
    async with served(bad.app()) as url:
        yield bad, url


@pytest.fixture
def server(model: Path, tmp_path: Path, zammad: tuple[BadZammad, str]) -> Iterator[Server]:
    """The application in a process of its own, with nothing replaced but the address of the ticket system."""
    server = Server(
        tmp_path,
        tickets="zammad",
        tickets_url=zammad[1],
        tickets_token=ZammadApp.token,
        tickets_queue="Restores",
        tickets_timeout=str(TIMEOUT),
        token_keys=f'{{"test": {{"algorithm": "HS256", "key": "{KEY}"}}}}',
        conversations_per_hour="100000",
        messages_per_minute="1000",
    )
    yield server
    server.kill()


@asynccontextmanager
async def killing(server: Server, chance: random.Random, done: asyncio.Semaphore) -> AsyncIterator[None]:
    """Kill and restart the server again and again, each time after a random number of finished conversations."""

    async def kill() -> None:
        for _ in range(KILLS):
            for _ in range(chance.randrange(60, 95)):
                await done.acquire()
            server.kill()
            server.start()

    killer = asyncio.create_task(kill())
    yield
    await killer


async def test_500_restores_are_500_tickets(
    server: Server, zammad: tuple[BadZammad, str], chance: random.Random
) -> None:
    """No more, no fewer, and every customer was told the number of one of them."""
    done, free = asyncio.Semaphore(0), asyncio.Semaphore(AT_ONCE)

    async def customer(number: int) -> str:
        async with free:
            told = await order_restore(session, server.url, number)
        done.release()
        return told

    async with aiohttp.ClientSession() as session, killing(server, chance, done):
        numbers = await asyncio.gather(*map(customer, range(CUSTOMERS)))
    fake = zammad[0]
    await asyncio.wait_for(fake.has(CUSTOMERS), 120)
    await asyncio.sleep(4 * TIMEOUT + LATE)  # a second ticket would be opened by an attempt that is still to come
    titles = [NUMBER.findall(ticket["title"]) for ticket in fake.tickets.values()]
    assert sorted(number for found in titles for number in found) == sorted(numbers)
    assert len(set(numbers)) == CUSTOMERS

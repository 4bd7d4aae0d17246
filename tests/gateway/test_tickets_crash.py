"""What `kill -9` and a bad ticket system do to 500 restores: nothing that a customer could notice."""

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import Enum, auto
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
KILLS = 8
KEY = "ein schlüssel nur für diesen test, lang genug"
TIMEOUT = 1.0
"""Seconds that Postbote gives the ticket system."""
LATE = 3.5
"""Seconds that a late answer takes, or late work: longer than the process takes to start again."""
NUMBER = re.compile(r"T-[0-9A-Z]{8}")


class Lot(Enum):
    """What becomes of a request."""

    REFUSED = auto()
    """It fails, and nothing was done."""
    UNHEARD = auto()
    """It fails after the work was done."""
    LATE_ANSWER = auto()
    LATE_WORK = auto()
    """Done when nobody waits for it any more."""
    FINE = auto()


class BadZammad(ZammadApp):
    """Of three requests about a ticket one fails, whether it looks for the ticket or opens it; others are late."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._opened = asyncio.Event()
        self._lots: defaultdict[str, list[Lot]] = defaultdict(list)
        self.drawn: Counter[Lot] = Counter()

    def app(self) -> web.Application:
        """See ZammadApp."""
        app = super().app()
        app.middlewares.append(self._misbehave)
        return app

    async def has(self, count: int) -> None:
        """Returns as soon as there are so many tickets."""
        while len(self.tickets) < count:
            self._opened.clear()
            await self._opened.wait()

    @web.middleware
    async def _misbehave(self, request: web.Request, handler: Any) -> web.StreamResponse:
        lot = self._draw(await self._about(request))
        if lot is Lot.REFUSED:
            return web.json_response({"error": "down"}, status=503)
        if lot is Lot.LATE_WORK:
            await asyncio.sleep(LATE)  # what is tested is work that is done too late
        answer = await handler(request)
        self._opened.set()
        if lot is Lot.UNHEARD:
            return web.json_response({"error": "too late to say so"}, status=500)
        if lot is Lot.LATE_ANSWER:
            await asyncio.sleep(LATE)  # what is tested is an answer that comes too late
        return answer

    async def _about(self, request: web.Request) -> str:
        found = NUMBER.search(request.query_string + (await request.text()))
        return found[0] if found else ""

    def _draw(self, ticket: str) -> Lot:
        if not self._lots[ticket]:
            failing = self._chance.choice([Lot.REFUSED, Lot.UNHEARD])
            late = self._chance.choice([Lot.LATE_ANSWER, Lot.LATE_WORK, Lot.FINE, Lot.FINE])
            self._lots[ticket] = self._chance.sample([failing, late, Lot.FINE], 3)
        lot = self._lots[ticket].pop()
        self.drawn[lot] += 1
        return lot


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
        unlimited_from='["127.0.0.1"]',
        messages_per_minute="1000",
    )
    yield server
    server.kill()


@asynccontextmanager
async def killing(server: Server, chance: random.Random, done: asyncio.Semaphore) -> AsyncIterator[None]:
    """Kill and restart the server again and again, at a random moment after a random number of conversations."""

    async def kill() -> None:
        for _ in range(KILLS):
            for _ in range(chance.randrange(35, 60)):
                await done.acquire()
            await asyncio.sleep(chance.uniform(0, 0.5))  # so that it hits any point of the others' turns
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
    await asyncio.wait_for(fake.has(CUSTOMERS), 600)  # the last ones have had bad luck, and wait for long
    await asyncio.sleep(8 * TIMEOUT + LATE)  # a second ticket would be opened by an attempt that is still to come
    assert all(fake.drawn[lot] > CUSTOMERS / 10 for lot in Lot), fake.drawn
    titles = [NUMBER.findall(ticket["title"]) for ticket in fake.tickets.values()]
    assert sorted(number for found in titles for number in found) == sorted(numbers)
    assert len(set(numbers)) == CUSTOMERS

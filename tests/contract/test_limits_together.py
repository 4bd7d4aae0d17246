"""Two gateways on one PostgreSQL database: what comes through both is counted once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import count

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.settings import load_settings
from bot.wiring import Role, build
from tests.contract.postgres import Postgres
from tests.fakes import FakeDialogue

numbers = count()


@pytest.fixture
async def gateways(postgres: Postgres) -> AsyncIterator[list[TestClient]]:
    """Two, each with connections and loops of its own."""
    url = postgres.create_database(f"together{next(numbers)}")
    settings = load_settings(
        database_url=url,
        secret_key="a secret that all processes share, long enough",
        messages_per_minute=10,
        conversations_per_hour=6,
    )
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                TestClient(TestServer(create_app(build(settings, FakeDialogue(), role=Role.GATEWAY))))
            )
            for _ in range(2)
        ]


async def test_conversations_and_messages_are_counted_together(gateways: list[TestClient]) -> None:
    """Of an address and of a conversation, in turn and at the same moment; the refusal says when to come again."""
    begun = await asyncio.gather(*(gateways[n % 2].post("/channels/web/conversations") for n in range(20)))
    assert sorted(each.status for each in begun) == [201] * 6 + [429] * 14
    secret = (await next(each for each in begun if each.status == 201).json())["secret"]
    owner = {"Authorization": f"Bearer {secret}"}
    statuses = []
    for number in range(16):
        body = {"id": str(number), "text": "hallo"}
        said = await gateways[number % 2].post("/channels/web/messages", json=body, headers=owner)
        statuses.append(said.status)
    assert statuses == [202] * 10 + [429] * 6
    assert 0 < int(said.headers["Retry-After"]) <= 65
    refused = next(each for each in begun if each.status == 429)
    assert 3500 < int(refused.headers["Retry-After"]) <= 3900

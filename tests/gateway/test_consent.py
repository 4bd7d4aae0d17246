"""What customers of the widget read about privacy, and what is kept of that."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.gateway.app import create_app
from bot.gateway.keys import SERVICES
from bot.settings import Settings, load_settings
from bot.store.tables import conversations
from bot.wiring import build
from tests.fakes import FakeDialogue

BEGIN, CONFIG, CONSENT = "/channels/web/conversations", "/channels/web/config", "/channels/web/consent"
POLICY = "https://www.example.de/datenschutz"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Customers must accept."""
    return load_settings(
        database_url=settings.database_url, privacy_consent="ask", privacy_url=POLICY, keep_conversations=30
    )


async def kept(client: TestClient) -> list[Any]:
    """What is kept of each conversation."""
    query = select(conversations.c.consent, conversations.c.consent_at.is_not(None))
    database = client.app[SERVICES].database
    return [tuple(row) for row in await database.read(lambda connection: connection.execute(query).all())]


async def test_what_is_said(client: TestClient) -> None:
    """By the settings; the version is another one as soon as any of them is."""
    told = (await (await client.get(CONFIG)).json())["privacy"]
    version = told.pop("version")
    assert told == {"mode": "ask", "url": POLICY, "days": 30}
    assert version.startswith("ask-30-")


async def test_without_it_nothing_begins(client: TestClient) -> None:
    """Nor with that of another version; with it, it is kept with the conversation."""
    version = (await (await client.get(CONFIG)).json())["privacy"]["version"]
    for body in ({}, {"json": {}}, {"json": {"consent": "ask-31-00000000 de1"}}, {"json": {"consent": f"x{version}"}}):
        refused = await client.post(BEGIN, **body)
        assert (refused.status, (await refused.json())["error"]) == (403, "consent_needed")
    assert await kept(client) == []
    begun = await client.post(BEGIN, json={"consent": f"{version} de1"})
    assert begun.status == 201
    assert await kept(client) == [(f"{version} de1", True)]
    assert (await client.post(BEGIN, json={"consent": "x" * 65})).status == 422


async def test_other_words_later(client: TestClient) -> None:
    """Who has a conversation accepts them there."""
    version = (await (await client.get(CONFIG)).json())["privacy"]["version"]
    secret = (await (await client.post(BEGIN, json={"consent": f"{version} de1"})).json())["secret"]
    headers = {"Authorization": f"Bearer {secret}"}
    old = await client.post(CONSENT, json={"words": "ask-1-1 de1"}, headers=headers)
    assert (old.status, (await old.json())["error"]) == (409, "other_words")
    assert (await client.post(CONSENT, json={"words": f"{version} en1"}, headers=headers)).status == 204
    assert await kept(client) == [(f"{version} en1", True)]
    assert (await client.post(CONSENT, json={"words": f"{version} en1"})).status == 401


@pytest.fixture
async def easy(settings: Settings) -> AsyncIterator[TestClient]:
    """Where a notice is enough, which is the default."""
    plain = load_settings(database_url=settings.database_url)
    async with TestClient(TestServer(create_app(build(plain, FakeDialogue())))) as client:
        yield client


async def test_a_notice_is_no_condition(easy: TestClient) -> None:
    """Clients that know nothing of it go on; those that showed it say so."""
    assert (await (await easy.get(CONFIG)).json())["privacy"]["mode"] == "notice"
    assert (await easy.post(BEGIN)).status == 201
    assert (await easy.post(BEGIN, json={"consent": "notice-90-1 de1"})).status == 201
    assert sorted(await kept(easy), key=str) == [("notice-90-1 de1", True), (None, False)]

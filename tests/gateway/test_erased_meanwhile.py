"""A running server whose customer's conversation is changed by an erasure in the middle of a turn."""

import asyncio

from aiohttp.test_utils import TestClient
from sqlalchemy import select

from bot.clock import now
from bot.gateway.keys import SERVICES
from bot.privacy.person import person_of
from bot.store.privacy.erasure import SqlErasure
from bot.store.tables import conversations, messages
from tests.fakes import FakeDialogue

REST = "/webhooks/rest/webhook"
ADDRESS = "quirin.zander@lindenpost.example"


async def test_the_turn_is_taken_anew_and_answered_once(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """The customer notices nothing, and nothing of what the turn knew comes back."""
    await client.post(REST, json={"sender": "bernd", "message": f"von {ADDRESS}"})
    fake_dialogue.heard.clear()
    asking = asyncio.create_task(client.post(REST, json={"sender": "bernd", "message": "langsam"}))
    await fake_dialogue.heard.wait()
    database = client.app[SERVICES].database
    await SqlErasure(database, now).erase(person_of(ADDRESS), "[gelöscht]", "test")
    fake_dialogue.gate.set()
    answer = await asking
    assert [reply["text"] for reply in await answer.json()] == ["2: langsam"]
    assert fake_dialogue.asked[1:] == ["langsam", "langsam"]
    query = select(messages.c.text).order_by(messages.c.id)
    said = await database.read(lambda connection: connection.scalars(query).all())
    assert said == ["von [gelöscht]", "1: von [gelöscht]", "langsam", "2: langsam"]
    assert await database.read(lambda connection: connection.scalar(select(conversations.c.edition))) == 2

"""What customers can do at any time while people have the conversation: the actions of its status."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.channels.web import CHANNEL, address_of
from bot.gateway.keys import SERVICES
from bot.handoff.model import Person
from bot.staff.model import NewAgent
from bot.store.staff import SqlAgents
from tests.gateway.test_web import begin, tab

BACK = {"id": "utter_back_to_bot", "title": "Zurück zum Bot"}
LEAVE = {"id": "utter_leave_message", "title": "Nachricht hinterlassen"}


async def status_of(client: TestClient, secret: str) -> Any:
    """Who holds it, as a client without a socket learns."""
    headers = {"Authorization": f"Bearer {secret}"}
    response = await client.get("/channels/web/messages?after=0&wait=0", headers=headers)
    return (await response.json())["status"]


async def claim(client: TestClient, secret: str) -> None:
    """An agent takes the conversation."""
    services = client.app[SERVICES]
    conversation = await services.conversations.find(CHANNEL, address_of(secret))
    agent = await SqlAgents(services.database, services.clock).add(NewAgent("berger@lindenpost.example", "Frau Berger"))
    await services.desk.claim(conversation, Person(agent.id, agent.name))


@pytest.mark.parametrize("action", [BACK, LEAVE])
async def test_who_waits_can_go_back_or_leave_a_message(client: TestClient, action: dict[str, str]) -> None:
    """The status says so; the action pressed, the bot has the conversation and is told which one it was."""
    secret = await begin(client)
    async with tab(client, secret) as (anna, _):
        await anna.say("m-1", "mensch")
        queued = (await anna.next("status"))["status"]
        assert queued == {"holder": "queued", "position": 1, "agent": None, "actions": [BACK, LEAVE]}
        await anna.say("m-2", action["title"], choice=action["id"])
        assert (await anna.next("status"))["status"]["actions"] == []
        await anna.answer()  # that it calls somebody
        payload = {"utter_back_to_bot": "/resume", "utter_leave_message": "/leave_message"}[action["id"]]
        assert (await anna.answer())["text"].endswith(payload)
    assert (await status_of(client, secret))["holder"] == "bot"


async def test_who_talks_to_an_agent_can_go_back(client: TestClient) -> None:
    """Also when the agent took the conversation from the bot, which never offered a button for it."""
    secret = await begin(client)
    async with tab(client, secret) as (anna, _):
        await anna.say("m-1", "hallo")
        await anna.answer()
        await claim(client, secret)
        assert await status_of(client, secret) == {
            "holder": "agent", "position": None, "agent": "Frau Berger", "actions": [BACK]
        }  # fmt: skip
        await anna.say("m-2", BACK["title"], choice=BACK["id"])
        await anna.answer()  # the notice that she joined
        assert (await anna.answer())["text"].endswith("/resume")
    assert (await status_of(client, secret))["holder"] == "bot"

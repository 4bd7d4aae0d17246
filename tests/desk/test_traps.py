"""
The eight ways in which a hand-off by Rasa's own means breaks, and that none of them is open here.

In Rasa a take-over is a paused tracker, a message of an agent is an event that is sent before it is saved, and it
leaves by whichever channel the customer named last (rasa 3.6.21: core/processor.py, server.py, core/channels).
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.conversations.delivery import DeliveryLoop
from bot.conversations.errors import DeliveryError
from bot.conversations.holding import Standing
from bot.conversations.model import Holder, Incoming, Message
from bot.desk.app import add_desk
from bot.gateway.app import create_app
from bot.settings import Settings
from bot.store.outbox import SqlOutbox
from bot.wiring import Services, build
from tests.desk.conftest import Browser, Clock, SignIn
from tests.fakes import FakeDialogue

REST = "/webhooks/rest/webhook"


class Customer:
    """Writes over the REST door."""

    def __init__(self, client: TestClient, services: Services) -> None:
        self._client = client
        self._services = services

    async def say(self, text: str, **more: Any) -> list[str]:
        """What is said to the customer since the last time."""
        response = await self._client.post(REST, json={"sender": "anna", "message": text, **more})
        assert response.status == 200, await response.text()
        return [message["text"] for message in await response.json()]

    @property
    async def conversation(self) -> str:
        """Its id."""
        found = await self._services.conversations.find("rest", "anna")
        assert found
        return found

    @property
    async def holder(self) -> Standing:
        """Who answers."""
        return await self._services.standings.standing(await self.conversation)


@pytest.fixture
async def customer(browser: Browser, services: Services) -> Customer:
    """Anna."""
    return Customer(browser.client, services)


@pytest.fixture
async def held(customer: Customer, agent: Browser) -> Customer:
    """Anna, when Frau Berger has taken over."""
    assert await customer.say("mensch") == ["1: Ich rufe jemanden."]
    response = await agent.post("/desk/api/claim-next")
    assert response.status == 200
    return customer


async def answers(agent: Browser, customer: Customer, text: str, key: str = "1") -> int:
    """Frau Berger writes; returns the status."""
    path = f"/desk/api/conversations/{await customer.conversation}/messages"
    return (await agent.post(path, {"id": key, "text": text})).status


async def test_1_a_customer_cannot_end_a_take_over(held: Customer, fake_dialogue: FakeDialogue) -> None:
    """`/restart` un-pauses Rasa's tracker; here it is text for the agent, as everything else."""
    asked = len(fake_dialogue.asked)
    for text in ("/restart", "/session_start", "/back", '/resume{"x": 1}', "restart"):
        await held.say(text)
    assert await held.holder == Standing(Holder.AGENT, agent="Frau Berger")
    assert len(fake_dialogue.asked) == asked


async def test_2_silence_does_not_end_a_take_over(held: Customer, agent: Browser, clock: Clock) -> None:
    """After 60 minutes Rasa begins a new session, un-paused; here nothing expires."""
    clock.pass_by(minutes=59)
    assert await answers(agent, held, "Sind Sie noch da?") == 200
    clock.pass_by(minutes=61)
    await held.say("ja")
    clock.pass_by(days=30)
    await held.say("immer noch")
    assert await held.holder == Standing(Holder.AGENT, agent="Frau Berger")


async def test_3_nothing_is_understood_and_no_slot_filled_in_between(
    held: Customer, services: Services, fake_dialogue: FakeDialogue, agent: Browser
) -> None:
    """A paused tracker still runs the NLU and fills slots; here the dialogue is not asked, and its state stays."""
    state = await self_state(services, held)
    await held.say("meine adresse ist anna@lindenpost.example")
    assert fake_dialogue.asked == ["mensch"]
    assert await self_state(services, held) == state
    assert (await agent.post(f"/desk/api/conversations/{await held.conversation}/return")).status == 200
    assert await held.say("weiter") == ["Frau Berger geht.", "2: weiter"]


async def self_state(services: Services, customer: Customer) -> object:
    """The dialogue's memory."""
    waiting = await services.conversations.accept(Incoming("rest", "probe", "1", "probe"), None, 5)
    assert waiting
    conversation = await customer.conversation
    return await services.database.read(
        lambda connection: connection.exec_driver_sql(
            "SELECT state FROM conversations WHERE id = ?", (conversation,)
        ).scalar()
    )


async def test_4_an_agents_message_is_not_lost_on_the_rest_door(held: Customer, agent: Browser) -> None:
    """Rasa answers 200 and collects it for nobody; here the next answer of the door brings it, once."""
    assert await answers(agent, held, "Guten Tag.") == 200
    assert await held.say("hallo") == ["Frau Berger ist da.", "Guten Tag."]
    assert await held.say("und nun?") == []


async def test_5_a_customer_does_not_choose_the_channel(
    customer: Customer, browser: Browser, services: Services
) -> None:
    """`input_channel` of a REST request decides in Rasa where an agent's answer goes; here it is ignored."""
    await customer.say("hallo", input_channel="slack", metadata={"input_channel": "telegram"})
    case = await services.cases.case(await customer.conversation)
    assert case.channel == "rest"
    assert await services.conversations.find("slack", "anna") is None
    assert await services.conversations.find("telegram", "anna") is None


class Unreliable:
    """A channel that is pushed to, and fails as often as it is told."""

    name = "messenger"

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.sent: list[str] = []

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:
        """See the port."""
        if self.failures:
            self.failures -= 1
            raise DeliveryError("connection reset, as asked", retry_after=0.01)
        self.sent.append(message.text)


async def test_6_saved_first_then_sent_and_once(services: Services, agent: Browser, clock: Clock) -> None:
    """Rasa sends, then saves; a failure in between makes the agent's second try a second message."""
    services.conversations._writer._pushed = frozenset({"messenger"})
    taken = await services.conversations.accept(Incoming("messenger", "anna", "1", "hallo"), None, 5)
    assert (await agent.post(f"/desk/api/conversations/{taken.conversation}/claim")).status == 200
    path = f"/desk/api/conversations/{taken.conversation}/messages"
    for _ in range(3):
        assert (await agent.post(path, {"id": "same", "text": "Guten Tag"})).status == 200
    channel = Unreliable(failures=2)
    loop = DeliveryLoop(
        SqlOutbox(services.database, clock), {"messenger": channel}, services._chance, services._contacts
    )
    for _ in range(5):
        await loop.do_due()
        clock.pass_by(seconds=1)
    assert channel.sent == ["Frau Berger ist da.", "Guten Tag"]


@pytest.fixture
async def replacement(settings: Settings, clock: Clock) -> AsyncIterator[TestClient]:
    """Another process on the same database, with memory of its own."""
    app = create_app(build(settings, FakeDialogue(), clock))
    add_desk(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_7_any_process_can_go_on(
    held: Customer, agent: Browser, replacement: TestClient, services: Services
) -> None:
    """Rasa's socketio channel cannot speak to a customer of another worker; here what is said is in the database."""
    assert await answers(agent, held, "Guten Tag.") == 200
    elsewhere = Customer(replacement, services)
    assert await elsewhere.say("hallo") == ["Frau Berger ist da.", "Guten Tag."]
    assert await elsewhere.holder == Standing(Holder.AGENT, agent="Frau Berger")


async def test_8_a_message_is_acknowledged_before_it_is_answered(
    browser: Browser, fake_dialogue: FakeDialogue, sign_in: SignIn
) -> None:
    """Rasa's callback channel acknowledges after the turn, so a slow one is sent again and answered twice."""
    begun = await browser.client.post("/channels/web/conversations")
    headers = {"Authorization": f"Bearer {(await begun.json())['secret']}"}
    for _ in range(3):
        message = {"id": "m-1", "text": "langsam"}
        response = await browser.client.post("/channels/web/messages", json=message, headers=headers)
        assert response.status == 202
    await asyncio.wait_for(fake_dialogue.heard.wait(), 5)
    fake_dialogue.gate.set()
    answer = await browser.client.get("/channels/web/messages?after=1&wait=5", headers=headers)
    assert [message["text"] for message in (await answer.json())["messages"]] == ["1: langsam"]
    assert fake_dialogue.asked == ["langsam"]

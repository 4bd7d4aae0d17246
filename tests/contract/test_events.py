"""Events of hand-offs, from the transaction to a real HTTP server that fails on command."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Connection, insert, select

from bot.conversations.model import Incoming, Reason
from bot.errors import SettingsError
from bot.handoff.announcing import MOST_ATTEMPTS, EventLoop
from bot.handoff.events import Progress
from bot.settings import Settings, load_settings
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.events import SqlEvents
from bot.store.proofs import SqlProofs
from bot.store.tables import agents, events
from bot.webhooks.choose import find_receiver
from tests.contract.clock import START, Clock
from tests.contract.ticket_fakes import served

SECRET = "whsec_" + base64.b64encode(b"geheimnis-geheimnis-geheimnis-24").decode()
PATIENCE = 0.3

pytestmark = pytest.mark.slow


class Listener:
    """Takes events; before that it fails as often, and in such ways, as `orders` has entries."""

    def __init__(self) -> None:
        self.orders: list[Any] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.asked = 0
        self.over = asyncio.Event()

    def app(self) -> web.Application:
        """At /hook."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        return app

    def said(self) -> list[dict[str, Any]]:
        """What was taken."""
        return [json.loads(body) for _, body in self.taken]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked += 1
        match self.orders.pop(0) if self.orders else None:
            case None:
                self.taken.append((dict(request.headers), body))
                return web.Response(status=204)
            case "reset":
                assert request.transport
                request.transport.abort()
            case "silent":
                await self.over.wait()
            case int(status):
                return web.Response(status=status, headers={"Location": "http://127.0.0.1:9/elsewhere"})
            case (status, respite):
                return web.Response(status=status, headers={"Retry-After": respite})
        return web.Response(status=500)


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    """And its URL."""
    listener = Listener()
    async with served(listener.app()) as url:
        yield listener, f"{url}/hook"
        listener.over.set()


def configured(url: str, secret: str = SECRET) -> Settings:
    """As an operator does it."""
    return load_settings(events_url=url, events_secret=secret, events_timeout=PATIENCE)


class House:
    """A conversation whose hand-off is told of."""

    def __init__(self, database: Database, clock: Clock, conversation: str, loop: EventLoop) -> None:
        self.database = database
        self.events = SqlEvents(database, clock, wanted=True)
        self.clock = clock
        self.conversation = conversation
        self.loop = loop

    async def call(self) -> None:
        """A person is called."""
        await self.database.write(lambda connection: self.events.initiate(connection, self.conversation, Reason.ASKED))

    async def tell(self, progress: Progress, reason: str | None = None) -> None:
        """How it went on."""
        await self.database.write(
            lambda connection: self.events.status(connection, self.conversation, progress, 1, reason)
        )


@pytest.fixture
async def house(database: Database, clock: Clock, listener: tuple[Listener, str]) -> AsyncIterator[House]:
    """Anna has said two things, and has proven that a mailbox is hers; Frau Berger is an agent."""
    receiver = find_receiver(configured(listener[1]), clock)
    assert receiver
    conversations = SqlConversations(database, clock)
    for number, words in enumerate(("Grüß Gott", "ich will mit einem Menschen sprechen")):
        accepted = await conversations.accept(Incoming("web", "anna", str(number), words), None, 20)
    proofs = SqlProofs(database, clock)
    await proofs.add(accepted.conversation, ["anna@lindenpost.example"], START + timedelta(minutes=30))
    await database.write(_add_agent)
    loop = EventLoop(SqlEvents(database, clock, wanted=True), receiver, random.Random(1))
    yield House(database, clock, accepted.conversation, loop)
    await receiver.close()


def _add_agent(connection: Connection) -> None:
    row = {"id": 1, "login": "berger@example.de", "name": "Frau Berger", "role": "agent", "groups": [], "seats": 4}
    connection.execute(insert(agents), row | {"created_at": START})


async def test_a_call_is_told_with_what_a_person_needs_to_know(house: House, listener: tuple[Listener, str]) -> None:
    """Reason, channel, proven mailboxes and the last messages; then how it went on, in the same order."""
    await house.call()
    await house.tell(Progress.ACCEPTED)
    await house.tell(Progress.COMPLETED, "Gelöst")
    await house.loop.do_due()
    call, accepted, completed = listener[0].said()
    assert (call["type"], call["timestamp"]) == ("handoff.initiate", "2026-11-24T09:30:15.123456Z")
    assert call["data"] == {
        "conversation": house.conversation,
        "reason": "asked",
        "group": None,
        "channel": "web",
        "mailboxes": ["anna@lindenpost.example"],
        "messages": [
            {"seq": 1, "from": "customer", "agent": None, "text": "Grüß Gott", "at": START.isoformat()},
            {
                "seq": 2,
                "from": "customer",
                "agent": None,
                "text": "ich will mit einem Menschen sprechen",
                "at": START.isoformat(),
            },
        ],
    }
    assert accepted["type"] == "handoff.status"
    assert accepted["data"]["status"] == "accepted"
    assert accepted["data"]["agent"] == {"id": 1, "name": "Frau Berger"}
    assert (completed["data"]["status"], completed["data"]["reason"]) == ("completed", "Gelöst")


async def test_whoever_has_the_secret_can_check_it(house: House, listener: tuple[Listener, str]) -> None:
    """Signed over id, time and body, as Standard Webhooks has it; the time is that of the attempt."""
    await house.call()
    house.clock.pass_by(90)
    await house.loop.do_due()
    headers, body = listener[0].taken[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == int((START + timedelta(seconds=90)).timestamp())


LATER = format_datetime(START + timedelta(minutes=5), usegmt=True)
FAILURES = [
    pytest.param(500, 1, id="500"),
    pytest.param(404, 1, id="404: a wrong path can be put right"),
    pytest.param(302, 1, id="302: what customers wrote goes nowhere else"),
    pytest.param("reset", 1, id="reset"),
    pytest.param("silent", 1, id="time-out"),
    pytest.param((429, "120"), 120, id="429 with seconds"),
    pytest.param((503, LATER), 300, id="503 with a date"),
    pytest.param((429, "bald"), 1, id="429 with nonsense"),
    pytest.param((429, "9" * 400), 3600, id="429 with an hour too many"),
]


@pytest.mark.parametrize(("order", "pause"), FAILURES)
async def test_what_fails_is_tried_again(
    house: House, listener: tuple[Listener, str], order: Any, pause: float
) -> None:
    """After the pause that the receiver asks for, and with the same id."""
    listener[0].orders = [order]
    await house.call()
    await house.loop.do_due()
    (waiting,) = await _queued(house)
    assert (listener[0].taken, waiting.attempts) == ([], 1)
    seconds = await house.loop.seconds_to_next()
    assert seconds is not None
    assert pause / 2 <= seconds <= pause
    house.clock.pass_by(seconds)
    await house.loop.do_due()
    ((headers, _),) = listener[0].taken
    assert headers["webhook-id"] == waiting.key
    assert await house.loop.seconds_to_next() is None


async def _queued(house: House) -> Any:
    """However far off its next try is."""
    now, house.clock.now = house.clock.now, START + timedelta(days=1)
    due = await house.events.due()
    house.clock.now = now
    return due


async def test_what_happened_first_is_told_first(house: House, listener: tuple[Listener, str]) -> None:
    """While the call waits for its next try, what came of it waits, too."""
    listener[0].orders = [500]
    await house.call()
    await house.tell(Progress.ACCEPTED)
    await house.loop.do_due()
    assert (listener[0].asked, listener[0].taken) == (1, [])
    house.clock.pass_by(1)
    await house.loop.do_due()
    assert [each["type"] for each in listener[0].said()] == ["handoff.initiate", "handoff.status"]


async def test_gone_is_a_dead_letter_at_once(house: House, listener: tuple[Listener, str]) -> None:
    """With the reason; the next event passes it, and it can be sent again."""
    listener[0].orders = [410]
    await house.call()
    await house.tell(Progress.FAILED)
    await house.loop.do_due()
    (dead,) = await house.events.dead()
    assert "410" in str(dead.last_error)
    assert [each["data"]["status"] for each in listener[0].said()] == ["failed"]
    assert await house.events.replay(dead.id)
    assert not await house.events.replay(dead.id)
    await house.loop.do_due()
    assert listener[0].said()[-1]["type"] == "handoff.initiate"


async def test_a_receiver_that_stays_away_is_given_up(house: House, listener: tuple[Listener, str]) -> None:
    """After so many attempts; hours have passed then."""
    listener[0].orders = [500] * 100
    await house.call()
    while (seconds := await house.loop.seconds_to_next()) is not None:
        house.clock.pass_by(seconds)
        await house.loop.do_due()
    (dead,) = await house.events.dead()
    assert dead.attempts == listener[0].asked == MOST_ATTEMPTS
    assert house.clock.now > START + timedelta(hours=1)


async def test_what_is_sent_is_not_kept(house: House, listener: tuple[Listener, str]) -> None:
    """It repeats what customers wrote; what waits or is dead is still needed."""
    await house.call()
    await house.loop.do_due()
    kept = await house.database.read(lambda connection: connection.scalar(select(events.c.data)))
    assert kept == {}


async def test_a_transaction_that_fails_tells_nothing(house: House, listener: tuple[Listener, str]) -> None:
    """Nor does one where nobody is to be told."""

    def unit(connection: Connection) -> None:
        house.events.initiate(connection, house.conversation, Reason.ANGRY)
        raise RuntimeError("as asked")

    with pytest.raises(RuntimeError):
        await house.database.write(unit)
    nobody = SqlEvents(house.database, house.clock, wanted=False)
    await house.database.write(lambda connection: nobody.initiate(connection, house.conversation, Reason.ASKED))
    await house.database.write(lambda connection: nobody.status(connection, house.conversation, Progress.FAILED))
    await house.loop.do_due()
    assert listener[0].asked == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"events_url": "https://crm.example.de/hook"}, "POSTBOTE_EVENTS_SECRET is missing"),
        ({"events_secret": SECRET}, "POSTBOTE_EVENTS_URL is missing"),
        ({"events_url": "crm.example.de", "events_secret": SECRET}, "POSTBOTE_EVENTS_URL must begin"),
        ({"events_url": "https://crm.example.de", "events_secret": "whsec_?"}, "POSTBOTE_EVENTS_SECRET does not fit"),
    ],
)
def test_half_a_configuration_stops_the_start(values: dict[str, str], message: str, clock: Clock) -> None:
    """The key is named."""
    with pytest.raises(SettingsError, match=message):
        find_receiver(load_settings(**values), clock)
    assert find_receiver(load_settings(), clock) is None

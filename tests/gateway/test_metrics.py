"""What Prometheus reads: figures of the road, for those who may, and nothing about anybody."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import now
from bot.conversations.delivery import DeliveryLoop
from bot.conversations.errors import DeliveryError
from bot.conversations.model import Author, Delivery, Message
from bot.gateway.app import create_app
from bot.insight.backlog import Backlog
from bot.metrics import Metrics, Present
from bot.settings import Settings, load_settings
from bot.wiring import Role, build
from tests.fakes import FakeDialogue

Sample = dict[tuple[str, frozenset[tuple[str, str]]], float]
SECRETIVE = ("anna@lindenpost.example", "0171 1234567")


async def say(client: TestClient, text: str, sender: str = SECRETIVE[0]) -> None:
    """By the REST door, until the turn is over."""
    body = {"sender": sender, "message": text}
    async with client.post("/webhooks/rest/webhook", json=body) as response:
        assert response.status == 200


async def read(client: TestClient, **headers: str) -> str:
    """The page."""
    async with client.get("/metrics", headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return await response.text()


def samples(page: str) -> Sample:
    """By name and labels; read by Prometheus' own parser."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def value(page: str, name: str, **labels: str) -> float:
    """Of one sample."""
    return samples(page)[name, frozenset(labels.items())]


async def test_messages_and_turns_are_counted_at_their_stops(client: TestClient) -> None:
    """By channel and by decision, each once, however often a client sends it."""
    await say(client, "hallo")
    await say(client, "kaputt")
    again = {"sender": "anna", "message": "noch einmal", "metadata": {"message_id": "same"}}
    for _ in range(2):
        async with client.post("/webhooks/rest/webhook", json=again) as response:
            assert response.status == 200
    page = await read(client)
    assert value(page, "postbote_messages_total", channel="rest") == 3
    assert value(page, "postbote_turns_total", decision="answer") == 2
    assert value(page, "postbote_turns_total", decision="failed") == 1
    assert value(page, "postbote_stop_seconds_count", stop="turn") == 3
    assert value(page, "postbote_stop_seconds_count", stop="intake") == 4
    assert value(page, "postbote_stop_seconds_count", stop="door") == 4
    assert value(page, "postbote_http_requests_total", method="POST", status="200") == 4


async def test_the_widgets_frames_are_counted(client: TestClient) -> None:
    """And so is its socket, as long as it is open."""
    async with client.post("/channels/web/conversations") as response:
        secret = (await response.json())["secret"]
    async with client.ws_connect("/channels/web/socket") as socket:
        await socket.send_json({"type": "hello", "secret": secret, "after": 0})
        await socket.receive_json()
        await socket.send_json({"type": "say", "id": "1", "text": "hallo"})
        while (await socket.receive_json())["type"] != "message":
            pass
        page = await read(client)
    assert value(page, "postbote_messages_total", channel="web") == 1
    assert value(page, "postbote_sockets") == 1
    assert value(page, "postbote_stop_seconds_count", stop="door") == 2


async def test_what_waits_is_asked_of_the_database(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """How much, for how long, who works on it, and with which model."""
    page = await read(client)
    assert value(page, "postbote_database_up") == 1
    assert value(page, "postbote_waiting_messages") == 0
    assert value(page, "postbote_oldest_waiting_seconds") == 0
    assert value(page, "postbote_workers_alive") == 1
    assert value(page, "postbote_model_info", version="fake") == 1
    assert value(page, "postbote_process_info", role="run") == 1
    for queue in ("messages", "tickets", "mails", "events"):
        assert value(page, "postbote_queue_rows", queue=queue, state="dead") == 0
        assert value(page, "postbote_oldest_queued_seconds", queue=queue) == 0


async def test_nothing_says_who_wrote_or_what(client: TestClient) -> None:
    """Not even a sender who chooses their id, a path, a method or a channel for it."""
    await say(client, " ".join(SECRETIVE), sender=SECRETIVE[1])
    for path in (
        f"/{SECRETIVE[0]}",
        f"/webhooks/{SECRETIVE[0]}/webhook",
        f"/channels/web/messages?after={SECRETIVE[1]}",
    ):
        async with client.request("PROPFIND", path):
            pass
    page = await read(client)
    labels = set().union(*(dict(labels) for _, labels in samples(page)))
    assert labels == {"channel", "decision", "le", "method", "queue", "role", "state", "status", "stop", "version"}
    assert "anna" not in page.lower()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", page)
    assert value(page, "postbote_http_requests_total", method="other", status="404") >= 1


class CountingBacklogs:
    """Counts how often it is asked, and is away on demand."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    async def now(self) -> Backlog:
        """See the port."""
        self.asked += 1
        if self.away:
            raise ConnectionError("away, as asked")
        return Backlog(0, 0.0, 0, 0.0, 1, {})


PRESENT = Present(sockets=0, polls=0, model="m", role="worker")


async def test_the_database_is_not_asked_at_each_look() -> None:
    """Several who look within seconds are one question."""
    backlogs = CountingBacklogs()
    metrics = Metrics(backlogs)
    await asyncio.gather(*(metrics.text(PRESENT) for _ in range(5)))
    assert backlogs.asked == 1


async def test_a_database_that_is_away_is_a_metric() -> None:
    """What the process counted is told all the same; ages that nobody knows are left out."""
    backlogs = CountingBacklogs()
    backlogs.away = True
    metrics = Metrics(backlogs)
    metrics.accepted("web")
    page = (await metrics.text(PRESENT)).decode()
    assert value(page, "postbote_database_up") == 0
    assert value(page, "postbote_messages_total", channel="web") == 1
    assert "postbote_waiting_messages" not in page


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[TestClient]:
    """With settings of one's own."""
    async with TestClient(TestServer(create_app(build(settings, FakeDialogue())))) as client:
        yield client


async def status(client: TestClient, **headers: str) -> int:
    """What /metrics answers."""
    async with client.get("/metrics", headers={name.replace("_", "-"): text for name, text in headers.items()}) as got:
        return got.status


async def test_others_need_the_token(settings: Settings) -> None:
    """A wrong one, none, and one in other letters are refused; so is everybody where there is none."""
    outside = {"metrics_from": ("192.0.2.0/24",), "database_url": settings.database_url}
    async with serving(load_settings(**outside, metrics_token="geheim")) as client:
        assert await status(client) == 403
        for wrong in ("Bearer geheim2", "Bearer ", "geheim", "bearer geheim", "Basic geheim"):
            assert await status(client, Authorization=wrong) == 403
        assert await status(client, Authorization="Bearer geheim") == 200
    async with serving(load_settings(**outside)) as client:
        assert await status(client, Authorization="Bearer ") == 403


async def test_a_near_proxy_does_not_make_its_guests_near(settings: Settings) -> None:
    """One that we do not trust may bring anybody; of one that we do, the client's address counts."""
    async with serving(settings) as client:
        assert await status(client) == 200
        assert await status(client, X_Forwarded_For="10.0.0.1") == 403
        assert await status(client, Forwarded="for=10.0.0.1") == 403
    trusting = load_settings(database_url=settings.database_url, trusted_proxies=("127.0.0.1",))
    async with serving(trusting) as client:
        assert await status(client, X_Forwarded_For="203.0.113.9") == 403
        assert await status(client, X_Forwarded_For="10.0.0.1") == 200
        assert await status(client, X_Forwarded_For="10.0.0.1, 203.0.113.9") == 403


@pytest.mark.parametrize("role", [Role.GATEWAY, Role.WORKER, Role.DESK])
async def test_every_role_has_them(role: Role, tmp_path: Path) -> None:
    """On its port; whether the database is there does not matter for the route."""
    settings = load_settings(database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none", secret_key="x" * 40)
    app = create_app(build(settings, FakeDialogue(), role=role))
    assert "/metrics" in {route.resource.canonical for route in app.router.routes() if route.resource}


class Telling:
    """A channel, a mailer and the like: takes, refuses for now, or for ever."""

    def __init__(self, *errors: DeliveryError | None) -> None:
        self._errors = list(errors)

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:
        """See Sender."""
        if error := self._errors.pop(0):
            raise error


class OneOutbox:
    """Has one message that is due again and again."""

    def __init__(self, times: int) -> None:
        self._times = times

    async def due(self) -> list[Delivery]:
        """See the port."""
        self._times -= 1
        message = Message(1, "1", Author.BOT, "hallo", (), now())
        return [Delivery("c", 1, "messenger", "anna", message, 0)] if self._times >= 0 else []

    async def sent(self, delivery: Delivery) -> None:
        """See the port."""

    async def failed(self, *what: object) -> None:
        """See the port."""


async def test_attempts_to_deliver_are_counted_by_outcome() -> None:
    """Sent, to be tried again, dead."""
    channel = Telling(None, DeliveryError("later"), DeliveryError("never", final=True))
    loop = DeliveryLoop(OneOutbox(3), {"messenger": channel}, random.Random(1), contacts=None)
    metrics = loop.meter = Metrics(CountingBacklogs())
    await loop.do_due()
    page = (await metrics.text(PRESENT)).decode()
    for outcome in ("sent", "retry", "dead"):
        assert value(page, "postbote_deliveries_total", queue="messages", outcome=outcome) == 1
    assert value(page, "postbote_stop_seconds_count", stop="delivery") == 3

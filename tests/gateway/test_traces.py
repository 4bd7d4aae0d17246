"""A message's road as OpenTelemetry draws it: one trace, whose spans stand where things happen, and name nobody."""

import asyncio
import random
import re
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions._wiring import provide
from bot.channels.choose import KINDS
from bot.clock import now
from bot.dialogue.engine import RasaDialogue
from bot.errors import SettingsError
from bot.gateway.app import create_app
from bot.log import name_trace
from bot.mail.demo import DemoMailer
from bot.otel import OtelTracer, endpoint
from bot.settings import Settings, load_settings
from bot.store.tickets import SqlTickets
from bot.tickets.delivery import TicketLoop
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import MessageRequest, Ticket
from bot.tracing import Kind
from bot.wiring import Role, Services, build
from tests.channels.echo import echo, test_echo
from tests.collector import Memory, tree
from tests.contract.conftest import CONTACT_QUERY, QUOTA_QUERY, TABLES, write_sqlite
from tests.fakes import FakeDialogue

ANNA = "anna@lindenpost.example"
DOOR = "/webhooks/rest/webhook"


@pytest.fixture
def memory() -> Memory:
    """What is drawn."""
    return Memory()


@asynccontextmanager
async def traced(memory: Memory, settings: Settings, dialogue: object) -> AsyncIterator[TestClient]:
    """The application, drawn."""
    services = Services(settings, dialogue, now, {**KINDS, "echo": echo.KIND})
    services.tracer = memory.tracer
    provide(services.accounts)
    async with TestClient(TestServer(create_app(services))) as client:
        client.services = services
        yield client


async def say(client: TestClient, text: str, **headers: str) -> str:
    """By the REST door; the last reply."""
    body = {"sender": ANNA, "message": text}
    async with client.post(DOOR, json=body, headers=headers) as response:
        return (await response.json())[-1]["text"]


async def until(holds: Callable[[], bool]) -> None:
    """What loops do is done when they are; nothing tells of it."""
    async with asyncio.timeout(20):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


async def test_a_message_is_one_trace(memory: Memory, settings: Settings) -> None:
    """Door, store, wait, turn; what the caller says of traces is not believed."""
    async with traced(memory, settings, FakeDialogue()) as client:
        await say(client, "hallo", traceparent="00-11111111111111111111111111111111-2222222222222222-01")
    assert tree(memory.spans) == [f"POST {DOOR}", "  accept", "    turn", "      store", "    wait"]
    (trace,) = {span.trace for span in memory.spans}
    assert trace != "1" * 32
    by_name = {span.name: span for span in memory.spans}
    about = by_name["accept"].about
    assert about["postbote.channel"] == "rest"
    assert re.fullmatch(r"[0-9a-f-]{36}", about["postbote.conversation"])
    assert by_name["turn"].about == about | {"postbote.decision": "answer", "postbote.labels": "faq/echo"}
    assert (by_name["turn"].kind, by_name["accept"].kind) == ("consumer", "producer")
    door = by_name[f"POST {DOOR}"].about
    assert door == {"http.request.method": "POST", "http.route": DOOR, "http.response.status_code": 200}


async def test_a_turn_that_fails_is_an_error(memory: Memory, settings: Settings) -> None:
    """Though the customer gets an answer."""
    async with traced(memory, settings, FakeDialogue()) as client:
        await say(client, "kaputt")
    (turn,) = (span for span in memory.spans if span.name == "turn")
    assert turn.error == "failed"


async def test_each_message_is_a_trace_of_its_own(memory: Memory, settings: Settings) -> None:
    """Also where one task takes the turns of both."""
    async with traced(memory, settings, FakeDialogue()) as client:
        await asyncio.gather(say(client, "eins"), say(client, "zwei"))
    assert len({span.trace for span in memory.spans}) == 2
    assert tree(memory.spans).count("    turn") == 2


@pytest.mark.slow
async def test_a_quota_with_its_code_names_nobody(memory: Memory, tmp_path: Path, dialogue: RasaDialogue) -> None:
    """Understanding, policies, actions, the platform that is asked, the mail that goes out: ids and names alone."""
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/postbote.db",
        mailboxes="sql",
        mailboxes_database_url=write_sqlite(tmp_path / "mail.db", *TABLES),
        mailboxes_quota_query=QUOTA_QUERY,
        mailboxes_contact_query=CONTACT_QUERY,
    )
    async with traced(memory, settings, dialogue) as client:
        await say(client, f"wie voll ist {ANNA}")
        mailer = client.services.mailer
        assert isinstance(mailer, DemoMailer)
        await until(lambda: bool(mailer.shown))
        code = re.findall(r"^\d{6}$", mailer.shown[0].mail.text, re.MULTILINE)[0]
        assert "64" in await say(client, code)
    lines = [line.strip() for line in tree(memory.spans)]
    assert {"understand", "policies", "store", "code", "mail", "platform: contact", "platform: quota"} <= set(lines)
    assert any(line.startswith("action: action_") for line in lines)
    assert len({span.trace for span in memory.spans}) == 2
    everything = memory.everything()
    for personal in (ANNA, "anna", "lindenpost.example", "wie voll", code, mailer.shown[0].mail.to, "64"):
        assert personal not in re.sub(
            r'"(?:trace_id|span_id|parent_id|\w+_time|service\.\S+)": "[^"]*"', "", everything
        )


async def test_a_delivery_goes_on_where_the_turn_was(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the outbox, each attempt a span, the one that failed with the name of its error."""
    vendor = test_echo.EchoServer()
    await vendor.start()
    monkeypatch.setenv("POSTBOTE_CHANNEL_ECHO_URL", vendor.url)
    monkeypatch.setenv("POSTBOTE_CHANNEL_ECHO_SECRET", test_echo.SECRET)
    monkeypatch.setattr("bot.conversations.delivery.pause_after", lambda *_: 0.0)
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/postbote.db", channels=("echo",))
    vendor.failures.append("500")
    async with traced(memory, settings, FakeDialogue()) as client:
        body = b'{"kind": "message", "id": "1", "from": "0171 1234567", "text": "hallo"}'
        signed = test_echo.TestEcho().sign(body)
        async with client.post("/webhooks/echo", data=signed.body, headers=signed.headers) as response:
            assert response.status == 200
        await until(lambda: bool(vendor.sent))
    await vendor.stop()
    lines = tree(memory.spans)
    assert lines == [
        "POST /webhooks/{channel}", "  accept", "    turn", "      store",
        "        delivery", "        delivery", "        outbox", "    wait",
    ]  # fmt: skip
    first, second = (span for span in memory.spans if span.name == "delivery")
    assert (first.error, second.error) == ("RefusedError", None)
    assert (first.about["postbote.attempt"], second.about["postbote.attempt"]) == (1, 2)
    assert "0171" not in memory.everything()


class Down:
    """A ticket system that is."""

    async def find(self, number: str) -> str | None:
        """See the port."""
        return None

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        raise TicketSystemError("anna@lindenpost.example is not known here.", final=True)


async def test_a_ticket_goes_on_where_it_was_wished(memory: Memory, settings: Settings) -> None:
    """What the ticket system answered is told by its name alone."""
    services = build(settings, FakeDialogue())
    await services.database.migrate()
    conversation = await services.conversations.begin("rest", ANNA)
    tickets = SqlTickets(services.database, services.conversations, now)
    with memory.tracer.begin("turn", Kind.CONSUMER):
        await tickets.open("key", conversation, MessageRequest("0171 1234567", "Bitte zurückrufen"))
    loop = TicketLoop(tickets, Down(), random.Random(1), timeout=1)
    loop.tracer = memory.tracer
    await loop.do_due()
    await services.close()
    assert tree(memory.spans) == ["turn", "  ticket", "    ticket system: find", "    ticket system: open"]
    assert {span.name: span.error for span in memory.spans}["ticket"] == "TicketSystemError"
    assert ANNA not in memory.everything()


def test_lines_of_the_log_name_the_trace(memory: Memory) -> None:
    """As collectors do, so that one search finds both; where there is none, they name none."""
    with memory.tracer.begin("turn", Kind.CONSUMER):
        line = name_trace(None, "info", {"event": "turn"})
    (span,) = memory.spans
    assert line == {"event": "turn", "trace_id": span.trace}
    assert name_trace(None, "info", {}) == {}


async def test_nothing_is_drawn_unless_it_is_asked_for(settings: Settings) -> None:
    """And nothing of it is stored or imported."""
    services = build(settings, FakeDialogue())
    async with TestClient(TestServer(create_app(services))) as client:
        await say(client, "hallo")
        assert services.tracer.begin("x", Kind.SERVER) is services.tracer.begin("y", Kind.CLIENT)
        conversation = await services.conversations.find("rest", ANNA)
        assert conversation
    assert services.settings.traces == "off"


def test_a_collector_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does not take in time is lost."""
    monkeypatch.setattr("bot.otel.PATIENCE", 0.1)
    with hanging() as url:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        tracer = OtelTracer.by_otlp("run")
        with tracer.begin("turn", Kind.CONSUMER):
            pass
        tracer.close()


@contextmanager
def hanging() -> Iterator[str]:
    """Of somebody who listens, and says nothing until we leave."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_missing_extra_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, with what to do."""
    monkeypatch.setitem(sys.modules, "bot.otel", None)
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/x.db", traces="otlp")
    with pytest.raises(SettingsError, match="make otel"):
        build(settings, FakeDialogue(), role=Role.ALL)


def test_no_password_of_the_collector_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its address has one."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://user:geheim@otel.example.de:4318/x/")
    assert endpoint() == "https://otel.example.de:4318/x/v1/traces"

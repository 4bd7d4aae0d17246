"""Messages that are left: opened once, and told of to nobody else."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import _wiring
from actions.message import LeaveMessage
from actions.tickets import TicketStatus
from bot.handoff.reception import Reception
from bot.handoff.timetable import load_hours
from bot.settings import load_settings
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.proofs import SqlProofs
from bot.store.tickets import SqlTickets
from bot.tickets.model import MessageRequest, RestoreRequest, State, Target, Ticket
from bot.tickets.watch import NEWS
from tests.conftest import PROJECT

NOW = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
"""A Friday evening in Berlin."""
BERLIN = ZoneInfo("Europe/Berlin")
DRAFT = {"asked": "confirmed", "words": "Bitte ruft mich an.", "contact": "0171 5550102"}


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    """The responses, as actions get them."""
    files = (PROJECT / "domain").glob("*.yml")
    return {"responses": {k: v for file in files for k, v in yaml.safe_load(file.read_text())["responses"].items()}}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Migrated."""
    database = open_database(f"sqlite:///{tmp_path}/message.db")
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def tickets(database: Database) -> SqlTickets:
    return SqlTickets(database, SqlConversations(database, lambda: NOW), lambda: NOW)


@pytest.fixture
def accounts(database: Database, tickets: SqlTickets) -> Iterator[SimpleNamespace]:
    """What the procedures need of it."""
    hours = load_hours(load_settings(desk_hours={"mon-fri": ["08:00-18:00"]}))
    desk = SimpleNamespace()
    accounts = SimpleNamespace(
        tickets=tickets,
        proofs=SqlProofs(database, lambda: NOW),
        reception=Reception(hours, desk, desk, 1, lambda: NOW),
        wake_tickets=lambda: None,
        clock=lambda: NOW,
        now=lambda: NOW.astimezone(BERLIN),
        zone=BERLIN,
        retention=timedelta(days=30),
    )
    _wiring.provide(accounts)
    yield accounts
    _wiring.provide(None)


@pytest.fixture
async def talks(database: Database) -> tuple[str, str]:
    """Anna's and Bert's."""
    conversations = SqlConversations(database, lambda: NOW)
    return await conversations.begin("web", "anna"), await conversations.begin("web", "bert")


async def said(
    action: Any, conversation: str, domain: dict[str, Any], text: str, slot: Any = None, **heard: Any
) -> str:
    """What the procedure says to the message, with the names of its responses."""
    message = {"text": text, "intent": {"name": "none"}, "message_id": "7", "entities": []} | heard
    slots = {action.topic: slot}
    tracker = Tracker(conversation, slots, message, [], False, None, {"name": f"{action.topic}_form"}, "action_listen")
    dispatcher = CollectingDispatcher()
    await action.run(dispatcher, tracker, domain)
    return "\n".join(
        domain["responses"][each["response"]][0]["text"].format(**{k: v for k, v in each.items() if isinstance(v, str)})
        for each in dispatcher.messages
    )


YES = {"intent": {"name": "affirm"}}


async def test_a_turn_that_is_taken_again_leaves_one_message(
    accounts: SimpleNamespace, talks: tuple[str, str], tickets: SqlTickets, domain: dict[str, Any]
) -> None:
    """With the same number, in the same words; and the customer hears when it is read."""
    anna, _ = talks
    first = await said(LeaveMessage(), anna, domain, "ja", DRAFT, **YES)
    assert await said(LeaveMessage(), anna, domain, "ja", DRAFT, **YES) == first
    (ticket,) = await tickets.of_conversation(anna)
    assert ticket.number in first
    assert ticket.request == MessageRequest("0171 5550102", "Bitte ruft mich an.")
    assert "am Montag, 30. November, um 8 Uhr wieder da" in first


async def test_a_message_is_told_of_where_it_was_left_and_nowhere_else(
    accounts: SimpleNamespace, talks: tuple[str, str], tickets: SqlTickets, domain: dict[str, Any]
) -> None:
    """Not even to somebody who knows the number and has proven another mailbox."""
    anna, bert = talks
    await said(LeaveMessage(), anna, domain, "ja", DRAFT, **YES)
    (ticket,) = await tickets.of_conversation(anna)
    asked = f"was ist mit {ticket.number}"
    assert f"Nachricht **{ticket.number}** (heute, 18:30 Uhr): eingegangen" in await said(
        TicketStatus(), anna, domain, asked
    )
    assert "Um welches Postfach" in await said(TicketStatus(), bert, domain, asked)
    await accounts.proofs.add(bert, ["bert@beispiel.de"], NOW + timedelta(minutes=30))
    told = await said(TicketStatus(), bert, domain, asked)
    assert told.startswith(f"Einen Auftrag {ticket.number} finde ich zu bert@beispiel.de nicht.")


async def test_who_has_both_hears_of_both(
    accounts: SimpleNamespace, talks: tuple[str, str], tickets: SqlTickets, domain: dict[str, Any]
) -> None:
    """The tickets of the proven mailbox, and the messages of the conversation."""
    anna, _ = talks
    await said(LeaveMessage(), anna, domain, "ja", DRAFT, **YES)
    restore = RestoreRequest("anna@beispiel.de", None, NOW - timedelta(days=1), Target.SUBFOLDER, "0171")
    opened = await tickets.open("restore", anna, restore)
    await accounts.proofs.add(anna, ["anna@beispiel.de"], NOW + timedelta(minutes=30))
    told = await said(TicketStatus(), anna, domain, "was ist mit meinem ticket")
    assert told.count("eingegangen, noch nicht begonnen") == 2
    assert opened.ticket.number in told


@pytest.mark.parametrize(
    "request_", [RestoreRequest("a@b.de", None, NOW, Target.SUBFOLDER, "c"), MessageRequest("c", "d")]
)
def test_news_of_either_kind_has_its_sentence(request_: Any, domain: dict[str, Any]) -> None:
    """With the number and the state."""
    ticket = Ticket("T-12345678", request_, State.DONE, None, "c", NOW)
    words = domain["responses"][NEWS[ticket.request.kind]][0]["text"].format(number=ticket.number, state="erledigt")
    assert "**T-12345678**: erledigt" in words

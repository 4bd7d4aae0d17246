"""The road of one conversation, read back from both databases."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.conversations.model import Decision, Incoming, Reason, Reply, Turn
from bot.insight.trace import Trace, UnknownTraceError, shown
from bot.store.audit import SqlAudit
from bot.store.codes import SqlCodes
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.outbox import SqlOutbox
from bot.store.ratings import SqlRatings
from bot.store.tables import messages
from bot.store.tickets import SqlTickets
from bot.store.trace import SqlTraces
from bot.tickets.model import MessageRequest
from bot.tracing import CURRENT, NoSpan
from tests.contract.clock import START, Clock

ADDRESS, MAILBOX, WORDS = "4915112345678", "anna@lindenpost.example", "Ich heiße Anna Brandt und wohne in Ulm."


@pytest.fixture
async def talk(database: Database, clock: Clock, conversations: SqlConversations) -> str:
    """One in which everything happened: a turn that died first, a dead letter, a ticket, a code, a hand-off."""
    accepted = await conversations.accept(Incoming("messenger", ADDRESS, "1", WORDS), None, 20)
    await database.write(lambda connection: connection.execute(update(messages).values(deaths=1)))
    clock.pass_by(2)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    reply = Reply(f"Guten Tag, {MAILBOX}")
    turn = Turn((reply,), None, Decision.ACTION, ("handoff",), 0.875, handoff=Reason.ASKED)
    await conversations.finish(waiting, turn)
    clock.pass_by(1)
    outbox = SqlOutbox(database, clock)
    (due,) = await outbox.due()
    await outbox.failed(due, f"400: {ADDRESS} blocks us", None)
    await SqlTickets(database, conversations, clock).open("k", accepted.conversation, MessageRequest(MAILBOX, WORDS))
    await SqlCodes(database, conversations, clock).ask(accepted.conversation, MAILBOX, 3, START - timedelta(hours=1))
    await SqlRatings(database, clock).rate_conversation(accepted.conversation, 4, WORDS)
    await SqlAudit(database, clock).record(None, "read", conversation=accepted.conversation, source="192.0.2.7")
    await conversations.accept(Incoming("messenger", "someone else", "2", "hallo"), None, 20)
    return accepted.conversation


def told(trace: Trace, *, plainly: bool) -> str:
    """All of it."""
    parts = [trace.facts, *(step.details for step in trace.steps)]
    values = [{key: shown(value, plainly=plainly) for key, value in part.items()} for part in parts]
    return json.dumps([*values, [step.what for step in trace.steps]], ensure_ascii=False)


async def test_every_stop_is_in_it(database: Database, talk: str) -> None:
    """In the order of time, with what was decided and what went wrong."""
    trace = await SqlTraces(database).get(talk)
    stops = [step.stop for step in trace.steps]
    assert stops[0] == "intake"
    assert {"turn", "reply", "delivery", "ticket", "code", "handoff", "rating", "audit"} <= set(stops)
    times = [step.at for step in trace.steps if step.at]
    assert times == sorted(times)
    (turn,) = [step for step in trace.steps if step.stop == "turn"]
    assert turn.what.endswith(": action")
    assert turn.details["labels"] == "handoff"
    assert turn.details["confidence"] == 0.875
    assert (turn.details["deaths"], turn.details["seconds"]) == (1, 2)
    (delivery,) = [step for step in trace.steps if step.stop == "delivery"]
    assert delivery.what.endswith("dead")
    assert delivery.details["attempts"] == 1


async def test_it_can_be_found_by_the_customers_address(database: Database, talk: str) -> None:
    """In the channel's terms; what is unknown is said to be."""
    assert (await SqlTraces(database).get(f"messenger:{ADDRESS}")).id == talk
    for unknown in ("messenger:4711", "4711", "", ":"):
        with pytest.raises(UnknownTraceError):
            await SqlTraces(database).get(unknown)


async def test_who_it_is_and_what_was_said_is_hidden(database: Database, talk: str) -> None:
    """Also in what other systems answered; on demand it is all there."""
    trace = await SqlTraces(database).get(talk)
    hidden, plain = told(trace, plainly=False), told(trace, plainly=True)
    for secret in (ADDRESS, MAILBOX, WORDS, "Brandt", "Ulm", "192.0.2.7"):
        assert secret not in hidden
        assert secret in plain
    assert "400: [number] blocks us" in hidden


async def test_what_is_still_to_come_stands_last(
    database: Database, clock: Clock, conversations: SqlConversations
) -> None:
    """A message that waits for its turn is what one looks for."""
    accepted = await conversations.accept(Incoming("web", "x", "1", "hallo"), None, 20)
    trace = await SqlTraces(database).get(accepted.conversation)
    assert trace.steps[-1].at is None
    assert trace.steps[-1].what == f"message {accepted.message} waits for its turn"


class Under(NoSpan):
    """A span that is under way."""

    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_the_trace_that_a_message_came_in_by_is_named(
    database: Database, conversations: SqlConversations, clock: Clock
) -> None:
    """As collectors name it; and what waits because of it goes on in that of its turn, whoever writes it down."""
    token = CURRENT.set(Under())
    try:
        accepted = await conversations.accept(Incoming("messenger", ADDRESS, "1", WORDS), None, 20)
        waiting = await conversations.next_waiting(accepted.conversation)
        assert waiting
        await conversations.finish(waiting, Turn((Reply("Ja"),), None, Decision.ANSWER, ("faq/x",), 0.9))
    finally:
        CURRENT.reset(token)
    assert waiting.traceparent == Under.traceparent
    assert waiting.at == START
    (due,) = await SqlOutbox(database, clock).due()
    assert due.traceparent == Under.traceparent
    trace = await SqlTraces(database).get(accepted.conversation)
    assert trace.steps[0].details["trace_id"] == "0af7651916cd43dd8448eb211c80319c"

"""What waits now, as both databases count it."""

from sqlalchemy import insert

from bot.conversations.model import Decision, Incoming, Reason, Reply, Status, Turn
from bot.insight.dead_letters import Kind
from bot.store.backlog import SqlBacklogs
from bot.store.claims import Workers
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.outbox import SqlOutbox
from bot.store.tables import mails
from tests.contract.clock import Clock


def said(text: str) -> Incoming:
    """To the channel that is pushed to."""
    return Incoming("messenger", "anna", text, text)


async def answer(conversations: SqlConversations, conversation: str, handoff: Reason | None = None) -> None:
    """The turn of the oldest message."""
    waiting = await conversations.next_waiting(conversation)
    assert waiting
    await conversations.finish(waiting, Turn((Reply("ja"),), None, Decision.ANSWER, ("faq/x",), 0.9, handoff=handoff))


async def test_nothing_waits_at_first(database: Database, clock: Clock) -> None:
    """All is 0, not missing."""
    backlog = await SqlBacklogs(database, clock).now()
    assert (backlog.waiting, backlog.oldest_waiting, backlog.handoffs, backlog.oldest_handoff) == (0, 0, 0, 0)
    assert {(each.queued, each.dead, each.oldest) for each in backlog.queues.values()} == {(0, 0, 0)}
    assert set(backlog.queues) == set(Kind)


async def test_the_oldest_of_each_queue_is_what_is_told(
    database: Database, clock: Clock, conversations: SqlConversations
) -> None:
    """Of messages that wait for a turn, of replies on their way, of customers who wait for a person."""
    backlogs = SqlBacklogs(database, clock)
    first = await conversations.accept(said("eins"), None, 20)
    clock.pass_by(60)
    await conversations.accept(said("zwei"), None, 20)
    backlog = await backlogs.now()
    assert (backlog.waiting, backlog.oldest_waiting) == (2, 60)
    await answer(conversations, first.conversation)
    clock.pass_by(10)
    backlog = await backlogs.now()
    assert (backlog.waiting, backlog.oldest_waiting) == (1, 10)
    assert (backlog.queues[Kind.MESSAGES].queued, backlog.queues[Kind.MESSAGES].oldest) == (1, 10)
    await answer(conversations, first.conversation, Reason.ASKED)
    clock.pass_by(5)
    backlog = await backlogs.now()
    assert (backlog.waiting, backlog.handoffs, backlog.oldest_handoff) == (0, 1, 5)
    assert (backlog.queues[Kind.MESSAGES].queued, backlog.queues[Kind.MESSAGES].oldest) == (2, 15)


async def test_the_dead_are_counted_apart(database: Database, clock: Clock, conversations: SqlConversations) -> None:
    """And what was sent is not counted at all."""
    accepted = await conversations.accept(said("eins"), None, 20)
    await answer(conversations, accepted.conversation)
    outbox = SqlOutbox(database, clock)
    (due,) = await outbox.due()
    await outbox.failed(due, "nie", None)
    row = {"recipient": "a@b.example", "subject": "s", "sealed": "", "until": clock(), "next_try_at": clock()}
    states = (Status.DEAD, Status.SENT, Status.QUEUED)
    await database.write(
        lambda connection: connection.execute(insert(mails), [row | {"status": status} for status in states])
    )
    queues = (await SqlBacklogs(database, clock).now()).queues
    assert (queues[Kind.MESSAGES].queued, queues[Kind.MESSAGES].dead) == (0, 1)
    assert (queues[Kind.MAILS].queued, queues[Kind.MAILS].dead) == (1, 1)


async def test_living_workers_are_counted(database: Database, clock: Clock) -> None:
    """Where several share the database; else the one that asks is all there is."""
    if database.bus is None:
        assert (await SqlBacklogs(database, clock).now()).workers == 1
        return
    assert (await SqlBacklogs(database, clock).now()).workers == 0
    worker = Workers(database)
    await worker.beat()
    assert (await SqlBacklogs(database, clock).now()).workers == 1
    await worker.leave()
    assert (await SqlBacklogs(database, clock).now()).workers == 0

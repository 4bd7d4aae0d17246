"""Whether customers can be reached, on SQLite and on PostgreSQL."""

import pytest

from bot.conversations.errors import UNTIL_THEY_WRITE
from bot.conversations.model import Decision, Incoming, Reply, Turn
from bot.store.contacts import SqlContacts
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.outbox import SqlOutbox
from tests.contract.clock import Clock

pytestmark = pytest.mark.slow


@pytest.fixture
def contacts(database: Database, clock: Clock) -> SqlContacts:
    return SqlContacts(database, clock)


@pytest.fixture
def outbox(database: Database, clock: Clock) -> SqlOutbox:
    return SqlOutbox(database, clock)


async def answer(database: Database, clock: Clock, address: str) -> None:
    """The bot says two things."""
    conversations = SqlConversations(database, clock, pushed={"push"})
    accepted = await conversations.accept(Incoming("push", address, "1", "?"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting is not None
    replies = (Reply("eins"), Reply("zwei"))
    await conversations.finish(waiting, Turn(replies, "{}", Decision.ANSWER, ("x",), 1.0))


async def test_what_waits_for_their_word_is_due_when_they_write(
    database: Database, contacts: SqlContacts, outbox: SqlOutbox, clock: Clock
) -> None:
    """Not for another's word; and what the vendor wanted later stays later."""
    for address, wait in (("anna", UNTIL_THEY_WRITE), ("ben", 90.0)):
        await answer(database, clock, address)
        [due] = await outbox.due()
        await outbox.failed(due, "not yet", wait)
    await contacts.back("push", "ben")
    await contacts.back("push", "nobody")
    await contacts.back("other", "anna")
    assert list(await outbox.due()) == []
    await contacts.back("push", "anna")
    assert [(due.address, due.message.text, due.attempts) for due in await outbox.due()] == [("anna", "eins", 1)]


async def test_who_is_gone_gets_nothing_until_they_write(
    database: Database, contacts: SqlContacts, outbox: SqlOutbox, clock: Clock
) -> None:
    """What waited is dead; the traffic shows it."""
    await answer(database, clock, "anna")
    await contacts.gone("push", "anna", "blocked")
    traffic = (await contacts.traffic())["push"]
    assert (traffic.waiting, traffic.dead, traffic.unreachable) == (0, 2, 1)
    await contacts.back("push", "anna")
    assert (await contacts.traffic())["push"].unreachable == 0
    assert list(await outbox.due()) == []

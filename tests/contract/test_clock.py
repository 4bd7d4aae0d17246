"""The time of all processes that share PostgreSQL, and what a wrong clock has left."""

from datetime import timedelta

import pytest

from bot.clock import now
from bot.conversations.model import Decision, Incoming, Reply, Turn
from bot.store.choose import open_database
from bot.store.clock import DatabaseClock
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.outbox import SqlOutbox
from bot.store.tickets import SqlTickets
from bot.tickets.model import MessageRequest
from tests.contract.clock import Clock
from tests.contract.postgres import Postgres

pytestmark = pytest.mark.slow
HOUR = 3600


async def test_a_host_whose_clock_is_wrong_has_the_time_of_the_database(postgres: Postgres) -> None:
    """From the first look on."""
    database = open_database(postgres.url())
    clock = DatabaseClock(database, lambda: now() - timedelta(hours=1))
    assert now() - clock() > timedelta(minutes=59)
    await clock.do_due()
    assert abs(now() - clock()) < timedelta(minutes=1)
    assert clock() <= clock()
    await database.close()


async def test_what_was_written_an_hour_ahead_does_not_wait_for_an_hour(
    conversations: SqlConversations, database: Database, clock: Clock
) -> None:
    """A ticket that was claimed, and a message that was never tried, when the clock is put right."""
    tickets, outbox = SqlTickets(database, conversations, clock), SqlOutbox(database, clock)
    clock.pass_by(HOUR)
    accepted = await conversations.accept(Incoming("messenger", "anna", "1", "hallo"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    await conversations.finish(waiting, Turn((Reply("Hallo!"),), "{}", Decision.ANSWER, ("faq/pop3",), 0.9))
    await tickets.open("key", accepted.conversation, MessageRequest("0171 5550102", "Bitte melden."))
    assert len(await tickets.claim(60)) == 1
    clock.pass_by(-HOUR)
    assert len(await tickets.claim(60)) == 1
    assert len(await outbox.due()) == 1
    assert await tickets.claim(60) == [], "A claim of now holds."

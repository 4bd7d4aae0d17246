"""The outbox and its loop, on a real SQLite file, with a channel that fails on command."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backoff import pause_after
from bot.conversations.delivery import MOST_ATTEMPTS, DeliveryLoop
from bot.conversations.errors import UNTIL_THEY_WRITE, DeliveryError
from bot.conversations.model import Decision, Incoming, Message, Reply, Turn
from bot.store.choose import open_database
from bot.store.contacts import SqlContacts
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.outbox import SqlOutbox


class FakeClock:
    """A time that the test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class FakeChannel:
    """Takes messages, after failing as often as it was told."""

    name = "push"

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.failures: list[DeliveryError] = []
        self.sent = asyncio.Event()

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:
        """See the port."""
        if self.failures:
            raise self.failures.pop(0)
        self.got.append((address, message.text))
        self.sent.set()


@pytest.fixture
def clock() -> FakeClock:
    """The clock of store and loop."""
    return FakeClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Migrated and empty."""
    database = open_database(f"sqlite:///{tmp_path}/postbote.db")
    await database.migrate()
    yield database
    await database.close()


async def say(database: Database, clock: FakeClock, address: str, *texts: str) -> None:
    """Let the bot answer a message with these texts, by way of the outbox."""
    conversations = SqlConversations(database, clock, pushed={"push"})
    accepted = await conversations.accept(Incoming("push", address, texts[0], "?"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting is not None
    await conversations.finish(waiting, Turn(tuple(map(Reply, texts)), "{}", Decision.ANSWER, ("x",), 1.0))


async def deliver(database: Database, clock: FakeClock, channel: FakeChannel, *, passes: int = 1) -> None:
    """Let the loop do what is due, `passes` times, with the time moved to the next try in between."""
    outbox = SqlOutbox(database, clock)
    loop = DeliveryLoop(outbox, {"push": channel}, random.Random(1), SqlContacts(database, clock))
    for _ in range(passes):
        await loop.do_due()
        clock.time += timedelta(seconds=await outbox.seconds_to_next() or 0)


async def test_messages_arrive_in_order(database: Database, clock: FakeClock) -> None:
    """Of one conversation one after the other, of different ones independently."""
    await say(database, clock, "anna", "eins", "zwei", "drei")
    await say(database, clock, "ben", "hallo")
    channel = FakeChannel()
    await deliver(database, clock, channel)

    assert [text for address, text in channel.got if address == "anna"] == ["eins", "zwei", "drei"]
    assert ("ben", "hallo") in channel.got


async def test_a_failure_is_tried_again_and_holds_back_what_came_later(database: Database, clock: FakeClock) -> None:
    """The second message does not overtake the first."""
    await say(database, clock, "anna", "eins", "zwei")
    channel = FakeChannel()
    channel.failures = [DeliveryError("down"), DeliveryError("still down")]
    await deliver(database, clock, channel)
    assert channel.got == []
    await deliver(database, clock, channel, passes=3)

    assert channel.got == [("anna", "eins"), ("anna", "zwei")]


async def test_the_channels_own_wish_to_wait_is_obeyed(database: Database, clock: FakeClock) -> None:
    """`Retry-After` wins over our own pause."""
    await say(database, clock, "anna", "eins")
    channel = FakeChannel()
    channel.failures = [DeliveryError("slow down", retry_after=90)]
    loop = DeliveryLoop(SqlOutbox(database, clock), {"push": channel}, random.Random(1), SqlContacts(database, clock))
    await loop.do_due()

    assert await SqlOutbox(database, clock).seconds_to_next() == 90


async def test_what_waits_for_the_customer_is_sent_when_they_write(database: Database, clock: FakeClock) -> None:
    """In order; another customer's message releases nothing, and a vendor's wish to wait stands."""
    contacts = SqlContacts(database, clock)
    await say(database, clock, "anna", "eins", "zwei")
    await say(database, clock, "ben", "drei")
    channel = FakeChannel()
    channel.failures = [DeliveryError("closed", retry_after=UNTIL_THEY_WRITE), DeliveryError("slow", retry_after=90)]
    loop = DeliveryLoop(SqlOutbox(database, clock), {"push": channel}, random.Random(1), contacts)
    await loop.do_due()
    await contacts.back("push", "ben")
    await loop.do_due()
    assert channel.got == []
    await contacts.back("push", "anna")
    await loop.do_due()

    assert channel.got == [("anna", "eins"), ("anna", "zwei")]


@pytest.mark.parametrize("final", [True, False])
async def test_a_dead_letter_frees_the_way(database: Database, clock: FakeClock, final: bool) -> None:
    """What can never arrive, or failed too often, is put aside; the next message goes out."""
    await say(database, clock, "anna", "eins", "zwei")
    channel = FakeChannel()
    channel.failures = [DeliveryError("gone", final=True)] if final else [DeliveryError("down")] * MOST_ATTEMPTS
    await deliver(database, clock, channel, passes=MOST_ATTEMPTS + 2)

    assert channel.got == [("anna", "zwei")]


async def test_the_loop_wakes_for_what_is_new(database: Database, clock: FakeClock) -> None:
    """It sleeps while there is nothing, and sends as soon as it is told."""
    channel = FakeChannel()
    loop = DeliveryLoop(SqlOutbox(database, clock), {"push": channel}, random.Random(1), SqlContacts(database, clock))
    running = asyncio.create_task(loop.run())
    await say(database, clock, "anna", "eins")
    loop.wake()
    async with asyncio.timeout(5):
        await channel.sent.wait()
    running.cancel()
    assert channel.got == [("anna", "eins")]


def test_pauses_grow_and_differ() -> None:
    """Exponential with jitter, up to ten minutes."""
    chance = random.Random(1)
    pauses = [pause_after(attempts, chance) for attempts in range(1, 20)]

    assert 0.5 <= pauses[0] <= 1
    assert all(pause <= 600 for pause in pauses)
    assert pauses[5] > pauses[1]

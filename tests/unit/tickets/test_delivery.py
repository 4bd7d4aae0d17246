"""Tickets on their way to the ticket system: what is tried again, when, and what is given up."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversations.model import Status
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.tickets import SqlTickets
from bot.tickets.delivery import MOST_ATTEMPTS, TicketLoop
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import RestoreRequest, State, Target, Ticket

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
REQUEST = RestoreRequest("anna@beispiel.de", None, NOW - timedelta(days=1), Target.SUBFOLDER, "0171")
TIMEOUT = 15.0


class System:
    """A ticket system that does as the test says; it works on for a while when nobody waits any more."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.asked = asyncio.Event()
        self.answers: Callable[[], None] | None = None
        self.silent = False

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        self.asked.set()
        if self.silent:
            await asyncio.Event().wait()
        if self.answers:
            self.answers()
        self.opened.append(ticket.number)
        return str(len(self.opened))

    async def find(self, number: str) -> str | None:
        """See the port."""
        return str(self.opened.index(number) + 1) if number in self.opened else None

    async def states(self, references: Sequence[str]) -> dict[str, State]:
        """See the port."""
        return {}

    async def ping(self) -> None:
        """See the port."""

    async def close(self) -> None:
        """See the port."""


class Desk:
    """Tickets in a real database, a system, and the time."""

    def __init__(self, tickets: SqlTickets, system: System) -> None:
        self.tickets = tickets
        self.system = system
        self.now = NOW

    def loop(self) -> TicketLoop:
        """As a process has it that has just begun."""
        return TicketLoop(self.tickets, self.system, random.Random(1), TIMEOUT)

    async def status(self) -> tuple[Status, str | None]:
        """Of the one ticket, and its last error."""
        ((_, status, error),) = await self.tickets.everything()
        return status, error


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """With one ticket."""
    database = open_database(f"sqlite:///{tmp_path}/tickets.db")
    await database.migrate()

    def clock() -> datetime:
        return desk.now

    conversations = SqlConversations(database, clock)
    desk = Desk(SqlTickets(database, conversations, clock), System())
    await desk.tickets.open("key", await conversations.begin("web", "anna"), REQUEST)
    yield desk
    await database.close()


async def test_a_ticket_is_delivered_once(desk: Desk) -> None:
    """And nothing is left to do."""
    await desk.loop().do_due()
    await desk.loop().do_due()
    assert len(desk.system.opened) == 1
    assert await desk.loop().seconds_to_next() is None


async def test_an_attempt_that_died_with_its_process_may_still_succeed(desk: Desk) -> None:
    """So the next process waits until the system must be through with it, and then looks before it opens."""
    desk.system.silent = True
    dying = asyncio.create_task(desk.loop().do_due())
    await desk.system.asked.wait()
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    desk.system.silent = False
    await desk.loop().do_due()
    assert desk.system.opened == []
    ((ticket, _, _),) = await desk.tickets.everything()
    desk.system.opened.append(ticket.number)  # the system has come to its end
    desk.now += timedelta(seconds=6 * TIMEOUT)
    await desk.loop().do_due()
    assert desk.system.opened == [ticket.number]
    assert await desk.status() == (Status.SENT, None)


async def test_a_failure_is_tried_again_until_it_is_a_dead_letter(desk: Desk) -> None:
    """It stands in the list with its reason, and can be replayed."""

    def fail() -> None:
        raise TicketSystemError("down")

    desk.system.answers = fail
    for _ in range(MOST_ATTEMPTS):
        assert (await desk.status())[0] is Status.QUEUED
        await desk.loop().do_due()
        pause = await desk.loop().seconds_to_next()
        assert pause is None or pause >= 4 * TIMEOUT
        desk.now += timedelta(seconds=pause or 0)
    assert await desk.status() == (Status.DEAD, "down")
    (dead,) = await desk.tickets.dead()
    desk.system.answers = None
    assert await desk.tickets.replay(dead.ticket.number)
    await desk.loop().do_due()
    assert await desk.status() == (Status.SENT, None)


async def test_what_is_refused_for_good_is_not_tried_again(desk: Desk) -> None:
    """At once a dead letter."""

    def refuse() -> None:
        raise TicketSystemError("no such queue", final=True)

    desk.system.answers = refuse
    await desk.loop().do_due()
    assert await desk.status() == (Status.DEAD, "no such queue")

"""
Faults that strike in the middle of many conversations, and what became of each message.

Each scenario starts processes of its own, lets customers talk, strikes when a third of the answers is there, and
says what it found when all are done.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from tests.contract.dovecot import API_KEY, running_dovecot, why_no_dovecot
from tests.contract.postgres import Postgres, running_postgres, why_no_postgres
from tests.contract.ticket_fakes import served
from tests.scale import orders
from tests.scale.customers import EVERY_OTHER, Customer, Door, Step, opened, questions
from tests.scale.faults import Clock, line_to, small_disk, why_no_faketime, why_no_small_disk
from tests.scale.fleet import Fleet, Start, again, starting
from tests.scale.ledger import Audit, Ledger

SEED = 11
HOUR = 3600
DISK = 250
"""Megabytes; PostgreSQL takes some 60 before anything is in it."""
SMALL_DISK = 30


@dataclass(frozen=True)
class Size:
    """Of a scenario."""

    conversations: int = 200
    messages: int = 8
    """Of each conversation about the FAQ or the quota."""
    thinking: tuple[float, float] = (2.0, 6.0)
    outage: float = 10.0
    """Seconds that a fault lasts that does not end of itself."""
    gateways: int = 2
    workers: int = 2


@dataclass
class Outcome:
    """A row of the table; seconds count from the kill, or from the fault's end."""

    audit: Audit
    refused: int
    """How often a customer met an honest refusal or a closed door, and tried again."""
    first: float | None
    """Until the first answer."""
    last: float | None
    """Until the last answer to what was said before."""
    remarks: list[str] = field(default_factory=list)


Fault = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Stage:
    """Where a scenario takes place."""

    url: str
    """Of the database."""
    start: Start
    postgres: Postgres | None = None

    def fleet(self, size: Size) -> Fleet:
        """Of PostgreSQL's, or the one process of SQLite's."""
        if self.postgres is None:
            one = self.start("run")
            return Fleet([one], [one])
        # One after the other: the first worker is the one that delivers.
        workers = [self.start("worker") for _ in range(size.workers)]
        return Fleet([self.start("gateway") for _ in range(size.gateways)], workers)


@contextmanager
def on_postgres(where: Path | None = None, **settings: str) -> Iterator[Stage]:
    """A server of its own, in the folder `where`."""
    with running_postgres(where) as postgres, tempfile.TemporaryDirectory() as folder:
        url = postgres.create_database("chaos")
        with starting(url, Path(folder), **settings) as start:
            yield Stage(url, start, postgres)


@contextmanager
def on_sqlite(where: Path | None = None, **settings: str) -> Iterator[Stage]:
    """A file of its own, in the folder `where`."""
    with tempfile.TemporaryDirectory() as folder:
        place = where or Path(folder)
        url = f"sqlite:///{place}/postbote.db"
        with starting(url, place, **settings) as start:
            yield Stage(url, start)


async def worker_killed(size: Size) -> Outcome:
    """It does not come back; the other one takes over what it had begun."""
    with on_postgres() as stage:
        fleet = stage.fleet(size)
        return await _suffer(stage, fleet, size, partial(asyncio.to_thread, fleet.workers[0].kill))


async def gateway_killed(size: Size) -> Outcome:
    """It does not come back; its customers go to the other one."""
    with on_postgres() as stage:
        fleet = stage.fleet(size)
        return await _suffer(stage, fleet, size, partial(asyncio.to_thread, fleet.gateways[0].kill))


async def killed(size: Size) -> Outcome:
    """The one process of SQLite, which is started again."""
    with on_sqlite() as stage:
        fleet = stage.fleet(size)
        (one,) = fleet.workers

        async def fault() -> None:
            await asyncio.to_thread(one.kill)
            await asyncio.to_thread(again, one)

        return await _suffer(stage, fleet, size, fault)


async def postgres_restarted(size: Size) -> Outcome:
    """Every connection is lost."""
    with on_postgres() as stage:
        assert stage.postgres
        return await _suffer(stage, stage.fleet(size), size, partial(asyncio.to_thread, stage.postgres.restart))


async def postgres_full(size: Size) -> Outcome:
    """Not a byte is free, neither for tables nor for the log; then somebody makes room."""
    with small_disk(DISK) as disk, on_postgres(disk.folder) as stage:

        async def fault() -> None:
            await asyncio.to_thread(disk.fill)
            await asyncio.sleep(size.outage)
            disk.free()
            assert stage.postgres
            await asyncio.to_thread(stage.postgres.revive)

        return await _suffer(stage, stage.fleet(size), size, fault)


async def sqlite_full(size: Size) -> Outcome:
    """The same for the one process with its file."""
    with small_disk(SMALL_DISK) as disk, on_sqlite(disk.folder) as stage:

        async def fault() -> None:
            await asyncio.to_thread(disk.fill)
            await asyncio.sleep(size.outage)
            disk.free()

        return await _suffer(stage, stage.fleet(size), size, fault)


async def clocks_jumped(size: Size, seconds: int, stages: Callable[..., contextmanager] = on_postgres) -> Outcome:
    """
    Those of a gateway and of the worker that delivers, and back again later; customers order restores.

    On SQLite the one process has no other clock, so a proof of identity must be remembered for longer than the jump.
    """
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(Path(folder))

        async def fault() -> None:
            clock.jump(seconds)
            await asyncio.sleep(size.outage)
            clock.jump(0)

        async with _tickets(fault, size, stages, clock) as outcome:
            return outcome


async def tickets_gone(size: Size, stages: Callable[..., contextmanager] = on_postgres) -> Outcome:
    """Nobody listens where the ticket system was; customers order restores."""
    async with _tickets(None, size, stages, None) as outcome:
        return outcome


@asynccontextmanager
async def _tickets(
    fault: Fault | None, size: Size, stages: Callable[..., contextmanager], clock: Clock | None
) -> AsyncIterator[Outcome]:
    zammad = orders.Zammad()
    async with served(zammad.app()) as there, line_to(there) as line:

        async def gone() -> None:
            await line.cut()
            await asyncio.sleep(size.outage)
            await line.mend()

        with stages(**orders.settings(line.url)) as stage:
            fleet = _fleet_with(stage, clock, size)
            ledger, over = await _talk(stage, fleet, size, fault or gone, orders.customer)
            await zammad.has(size.conversations)
            outcome = await _outcome(stage, ledger, over)
            orders.audit(zammad, ledger, outcome.audit)
            late = [opened - over for opened in zammad.opened if opened > over]
            outcome.remarks.append(
                f"{len(zammad.tickets)} tickets, {len(late)} of them after it, the last {max(late, default=0):.0f} s"
            )
            yield outcome


def _fleet_with(stage: Stage, clock: Clock | None, size: Size) -> Fleet:
    """One of each has the clock; the worker is first, so that it delivers."""
    if clock is None:
        return stage.fleet(size)
    if stage.postgres is None:
        one = stage.start("run", clock.variables)
        return Fleet([one], [one])
    workers = [stage.start("worker", clock.variables), *(stage.start("worker") for _ in range(size.workers - 1))]
    gateways = [stage.start("gateway", clock.variables), *(stage.start("gateway") for _ in range(size.gateways - 1))]
    return Fleet(gateways, workers)


async def platform_gone(size: Size, stages: Callable[..., contextmanager] = on_postgres) -> Outcome:
    """A real Dovecot that nobody reaches for a while: who asks is told so, and soon gets figures again."""
    with running_dovecot() as dovecot:
        async with line_to(dovecot.url) as line:

            async def fault() -> None:
                await line.cut()
                await asyncio.sleep(size.outage)
                await line.mend()

            with stages(**orders.platform_settings(line.url, API_KEY)) as stage:
                ledger, over = await _talk(stage, stage.fleet(size), size, fault, orders.asker)
                outcome = await _outcome(stage, ledger, over, orders.is_figure)
                told = sum(orders.is_apology(each.answer) for each in ledger.lines)
                outcome.remarks.append(f"{told} were told that it does not answer")
                return outcome


def why_not(scenario: Callable[..., Awaitable[Outcome]]) -> str | None:
    """The reason for which it cannot be played here; None if it can."""
    needed: dict[object, Sequence[Callable[[], str | None]]] = {
        postgres_full: (why_no_postgres, why_no_small_disk),
        sqlite_full: (why_no_small_disk,),
        clocks_jumped: (why_no_postgres, why_no_faketime),
        platform_gone: (why_no_postgres, why_no_dovecot),
        killed: (),
    }
    return next(filter(None, (reason() for reason in needed.get(scenario, (why_no_postgres,)))), None)


async def _suffer(stage: Stage, fleet: Fleet, size: Size, fault: Fault) -> Outcome:
    """About the FAQ, by REST and by the widget's socket."""
    return await _outcome(stage, *(await _talk(stage, fleet, size, fault, _faq_customer)))


Made = tuple[Customer, Iterator[Step]]


def _faq_customer(door: Door, number: int, size: Size) -> Made:
    customer = EVERY_OTHER[number % len(EVERY_OTHER)](door, number, SEED)
    return customer, islice(questions(customer.chance), size.messages)


async def _talk(
    stage: Stage, fleet: Fleet, size: Size, fault: Fault, make: Callable[[Door, int, Size], Made]
) -> tuple[Ledger, float]:
    """The ledger, and when the fault was over."""
    ledger = Ledger()

    async def strike(expected: int) -> float:
        await ledger.has(expected // 3)
        await fault()
        return time.monotonic()

    async with opened(fleet.doors, ledger, size.thinking) as door:
        made = [make(door, number, size) for number in range(size.conversations)]
        striking = asyncio.create_task(strike(size.conversations * size.messages))
        await asyncio.gather(*(customer.talk(steps) for customer, steps in made))
        over = await striking
        await asyncio.gather(*(customer.close() for customer, _ in made))
    return ledger, over


async def _outcome(stage: Stage, ledger: Ledger, over: float, is_recovery: Callable[[str], bool] = bool) -> Outcome:
    audit = await ledger.audit(stage.url)
    return Outcome(audit, ledger.refusals.total(), ledger.first_after(over, is_recovery), ledger.last_late(over))

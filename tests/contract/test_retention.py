"""Each kind of data goes when its time is over, and not before; on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from bot.privacy.kinds import Kind, Periods
from bot.privacy.retention import RetentionLoop, sweep_all
from bot.settings import load_settings
from bot.store.database import Database
from bot.store.privacy.periods import HANGING, KEPT, RULES
from bot.store.privacy.retention import SqlRetention
from bot.store.tables import channel_notes, conversations, handoffs, jobs, messages, metadata, tickets
from tests.contract.clock import START, Clock
from tests.contract.rows import fill

PERIODS = Periods.from_settings(load_settings())


@pytest.fixture
def retention(database: Database, clock: Clock) -> SqlRetention:
    """With the periods of the settings' defaults."""
    return SqlRetention(database, PERIODS, clock)


def counts(connection: Connection) -> dict[str, int]:
    """Rows of each table."""
    tables = metadata.sorted_tables
    return {each.name: int(connection.scalar(select(func.count()).select_from(each)) or 0) for each in tables}


def test_every_table_has_a_period_or_a_reason_to_be_kept() -> None:
    """A new table that nobody thought about fails here: give it a rule in bot/store/privacy/periods.py."""
    ruled = {rule.table.name for rules in RULES.values() for rule in rules}
    hanging, kept = {each.name for each in HANGING}, {table.name for table in KEPT}
    assert ruled | hanging | kept == set(metadata.tables)
    assert not ruled & hanging
    assert not (ruled | hanging) & kept
    assert all(reason for reason in KEPT.values())
    assert set(RULES) == set(Kind)


async def test_after_all_periods_nothing_is_left_but_what_is_kept(
    database: Database, clock: Clock, retention: SqlRetention
) -> None:
    """Of every table; of publications their texts."""
    await database.write(lambda connection: fill(connection, clock(), "Anna"))
    assert min((await database.read(counts)).values()) == 1
    clock.pass_by(367 * 86400)
    swept = await sweep_all(retention)
    assert swept[Kind.CONVERSATIONS] == 1
    left = {name for name, rows in (await database.read(counts)).items() if rows}
    assert left == {table.name for table in KEPT} | {jobs.name}
    assert await database.read(lambda connection: connection.scalar(select(jobs.c.edits))) == []
    assert sum((await sweep_all(retention)).values()) == 0


async def test_before_its_period_nothing_goes(database: Database, clock: Clock, retention: SqlRetention) -> None:
    """Also not what hangs on a conversation, if its own period is longer."""
    await database.write(lambda connection: fill(connection, clock(), "Anna"))
    before = await database.read(counts)
    clock.pass_by(23 * 3600)
    assert not await sweep_all(retention)
    assert await database.read(counts) == before


@pytest.mark.parametrize("kind", list(Kind))
async def test_each_kind_by_its_own_period(
    kind: Kind, database: Database, clock: Clock, retention: SqlRetention
) -> None:
    """It is counted a day early and a day late; a dry run counts, and deletes nothing."""
    dead = kind is Kind.DEAD_LETTERS
    await database.write(lambda connection: fill(connection, clock(), "Anna", status="dead" if dead else "sent"))
    if kind is Kind.CONTACTS:
        # A note goes only after its conversation.
        await database.write(lambda connection: connection.execute(update(channel_notes).values(key="someone else")))
    clock.pass_by((PERIODS.of[kind] - timedelta(hours=1)).total_seconds())
    assert await retention.count_due(kind) == 0
    clock.pass_by(7200)
    due = await retention.count_due(kind)
    assert due == len(RULES[kind])
    before = await database.read(counts)
    assert await retention.count_due(kind) == due
    assert await database.read(counts) == before
    assert await retention.sweep(kind) == due
    assert await retention.count_due(kind) == 0


Change = Callable[[Connection], object]
KEEPERS: dict[str, Change] = {
    "an open hand-off": lambda connection: connection.execute(update(conversations).values(holder="queued")),
    "an agent": lambda connection: connection.execute(update(conversations).values(holder="agent")),
    "an open ticket": lambda connection: connection.execute(update(tickets).values(state="waiting")),
    "a message of the day before": lambda connection: connection.execute(
        update(conversations).values(updated_at=START + timedelta(days=99))
    ),
}


@pytest.mark.parametrize("what", KEEPERS)
async def test_what_keeps_a_conversation(what: str, database: Database, clock: Clock, retention: SqlRetention) -> None:
    """With all its messages."""
    await database.write(lambda connection: fill(connection, clock(), "Anna"))
    await database.write(KEEPERS[what])
    clock.pass_by(100 * 86400)
    await sweep_all(retention)
    left = await database.read(counts)
    assert (left[conversations.name], left[messages.name], left[handoffs.name]) == (1, 1, 1)


async def test_a_ticket_that_nobody_ends_keeps_it_for_a_year(
    database: Database, clock: Clock, retention: SqlRetention
) -> None:
    """Ticket systems that tell no states must not keep everything for ever."""
    await database.write(lambda connection: fill(connection, clock(), "Anna", state="open"))
    clock.pass_by(366 * 86400)
    await sweep_all(retention)
    left = await database.read(counts)
    assert (left[tickets.name], left[conversations.name]) == (0, 0)


async def test_a_channels_own_notes_stay(database: Database, clock: Clock, retention: SqlRetention) -> None:
    """Where it is in its mailbox, for instance."""
    for key in ("cursor", "place", "me", "4711"):
        row = {"channel": "email", "key": key, "value": {}, "updated_at": clock()}
        await database.write(lambda connection, row=row: connection.execute(channel_notes.insert(), row))
    clock.pass_by(1000 * 86400)
    await sweep_all(retention)
    query = select(channel_notes.c.key).order_by(channel_notes.c.key)
    assert await database.read(lambda connection: connection.scalars(query).all()) == ["cursor", "me", "place"]


class Meter:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.swept_rows: dict[str, int] = {}

    def swept(self, kind: str, rows: int) -> None:
        """See bot.meter."""
        self.swept_rows[kind] = self.swept_rows.get(kind, 0) + rows


async def test_the_loop_looks_once_an_hour(database: Database, clock: Clock, retention: SqlRetention) -> None:
    """Many conversations go in several transactions, and are counted."""
    for _ in range(120):
        await database.write(
            lambda connection: connection.execute(
                conversations.insert(),
                {
                    "id": f"c{clock().timestamp()}",
                    "channel": "web",
                    "address": f"a{clock().timestamp()}",
                    "holder": "bot",
                    "last_seq": 0,
                    "created_at": clock(),
                    "updated_at": clock(),
                },
            )
        )
        clock.pass_by(1)
    clock.pass_by(91 * 86400)
    seconds = 0.0
    loop = RetentionLoop(retention, lambda: seconds)
    meter = Meter()
    loop.meter = meter  # type: ignore[assignment]  # of the whole port it hears but this
    await loop.do_due()
    assert meter.swept_rows == {"conversations": 120}
    assert await loop.seconds_to_next() == 3600
    await database.write(lambda connection: fill(connection, clock() - timedelta(days=91), "Anna"))
    await loop.do_due()
    assert meter.swept_rows == {"conversations": 120}
    seconds = 3600.0
    await loop.do_due()
    assert meter.swept_rows["conversations"] == 121

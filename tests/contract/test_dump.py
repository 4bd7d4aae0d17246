"""A rehearsal on PostgreSQL, by the very commands that `backup` and `restore` tell."""

import asyncio
import os
import random
import subprocess
from contextlib import suppress
from itertools import count
from pathlib import Path

from bot.clock import now
from bot.conversations.model import Author, Decision, Incoming, Reply, Turn
from bot.store.backup import dump_command, load_command
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from tests.contract.postgres import PASSWORD, USER, Postgres, find_binaries

BEFORE, AFTER = 100, 30


def run(command: list[str]) -> None:
    """As an operator would; who is root is nobody to this PostgreSQL."""
    binaries = find_binaries()
    assert binaries
    environment = os.environ | {"PGPASSWORD": PASSWORD}
    user = USER if os.getuid() == 0 else None
    subprocess.run(
        [binaries / command[0], *command[1:]], env=environment, user=user, check=True, timeout=60, capture_output=True
    )


async def write_on(conversations: SqlConversations, acknowledged: list[str], reached: asyncio.Condition) -> None:
    """One customer after the other, each with a turn, until cancelled."""
    chance = random.Random(7)
    for number in count():
        text = f"{number}: {chance.randrange(10**9)}"
        accepted = await conversations.accept(Incoming("web", f"customer {number % 20}", text, text), None, 20)
        async with reached:
            acknowledged.append(text)
            reached.notify_all()
        waiting = await conversations.next_waiting(accepted.conversation)
        assert waiting
        turn = Turn((Reply("ja"),), None, Decision.ANSWER, ("faq/x",), 0.9)
        await conversations.finish(waiting, turn)


async def dump_while_customers_write(source: str, file: Path) -> tuple[list[str], list[str]]:
    """What was acknowledged before the dump began, and in the end."""
    database = open_database(source)
    await database.migrate()
    acknowledged: list[str] = []
    reached = asyncio.Condition()
    writer = asyncio.create_task(write_on(SqlConversations(database, now), acknowledged, reached))
    async with reached:
        await reached.wait_for(lambda: len(acknowledged) >= BEFORE)
    before = list(acknowledged)
    await asyncio.to_thread(run, dump_command(source, file))
    async with reached:
        await reached.wait_for(lambda: len(acknowledged) >= len(before) + AFTER)
    writer.cancel()
    with suppress(asyncio.CancelledError):
        await writer
    await database.close()
    return before, acknowledged


async def customers_messages(target: str) -> list[str]:
    """All that customers wrote."""
    database = open_database(target)
    conversations = SqlConversations(database, now)
    found: list[str] = []
    for number in range(20):
        conversation = await conversations.find("web", f"customer {number}")
        assert conversation
        lines = await conversations.messages_after(conversation, 0)
        found += [line.text for line in lines if line.author is Author.CUSTOMER]
    await database.close()
    return found


async def test_nothing_acknowledged_before_a_dump_is_missing(postgres: Postgres) -> None:
    """Dumped while customers write, restored into an empty database, and again over it."""
    source, target = postgres.create_database("dumped"), postgres.create_database("restored")
    file = postgres.folder / "copy.dump"
    before, acknowledged = await dump_while_customers_write(source, file)
    for _ in range(2):
        await asyncio.to_thread(run, load_command(target, file))
    found = await customers_messages(target)
    assert set(before) <= set(found)
    assert len(found) == len(set(found)) < len(acknowledged)

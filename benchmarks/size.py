"""
What conversations cost in the database, and processes in memory: `python -m benchmarks.size` measures, and writes it.

500 conversations of two messages and 500 of ten go through the real REST door into SQLite, and by a gateway and a
worker into PostgreSQL; what the longer ones cost more is the messages'.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.load import converse
from benchmarks.marked import README, SIZE, write_marked
from benchmarks.material import messages
from benchmarks.processes import resident
from benchmarks.table import Row
from tests.contract.postgres import running_postgres
from tests.scale.fleet import starting
from tests.server import Server

CONVERSATIONS, CLIENTS = 500, 4
SHORT, LONG = 2, 10
BYTES_OF_CONVERSATION = "bytes a conversation, beside its messages"
BYTES_OF_MESSAGE = "bytes a message, with its answers"
MEMORY_OF_GATEWAY = "memory of a gateway, MB"
MEMORY_OF_WORKER = "memory of a worker, MB"


@dataclass(frozen=True)
class Filled:
    """Processes on an empty database."""

    door: str
    size: Callable[[], int]
    """Bytes of all tables and indexes now."""


def measure_size() -> dict[str, Row]:
    """Of each database."""
    with on_sqlite() as filled:
        columns = {"SQLite": _fill(filled)}
    with on_postgres() as (filled, processes):
        row = _fill(filled)
        row |= {name: resident(server.pid) / 1024 for name, server in processes.items()}
        columns["PostgreSQL"] = row
    return columns


def _fill(filled: Filled) -> Row:
    sizes = [filled.size()]
    for length in (SHORT, LONG):
        asyncio.run(_converse(filled.door, length))
        sizes.append(filled.size())
    short, long = ((after - before) / CONVERSATIONS for before, after in pairwise(sizes))
    message = (long - short) / (LONG - SHORT)
    return {BYTES_OF_CONVERSATION: short - SHORT * message, BYTES_OF_MESSAGE: message}


async def _converse(door: str, length: int) -> None:
    texts = messages()

    async def customer(client: int) -> None:
        for number in range(client, CONVERSATIONS, CLIENTS):
            shift = number * length % len(texts)
            await converse(door, f"of-{length}-{number}", [*texts[shift:], *texts[:shift]], length)

    await asyncio.gather(*map(customer, range(CLIENTS)))


@contextmanager
def on_sqlite() -> Iterator[Filled]:
    """All in one process."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = Server(folder, **_without_limits())
        stack.callback(server.kill)

        def size() -> int:
            connection = sqlite3.connect(folder / "postbote.db")
            # What is only in the log so far.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages = connection.execute("SELECT sum(pgsize) FROM dbstat").fetchone()[0]
            connection.close()
            return int(pages)

        yield Filled(server.url, size)


@contextmanager
def on_postgres() -> Iterator[tuple[Filled, dict[str, Server]]]:
    """A gateway and a worker; what the database has beside tables of ours is not counted."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start = stack.enter_context(starting(postgres.create_database("size"), folder))
        processes = {MEMORY_OF_WORKER: start("worker"), MEMORY_OF_GATEWAY: start("gateway")}

        def size() -> int:
            postgres.run("size", "VACUUM ANALYZE")
            query = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
            return int(postgres.ask("size", f"{query}'public'::regnamespace AND relname <> 'model_files'"))

        yield Filled(processes[MEMORY_OF_GATEWAY].url, size), processes


def _without_limits() -> dict[str, str]:
    return {"messages_per_minute": "1000000", "unlimited_from": '["127.0.0.1"]'}


def render(columns: dict[str, Row]) -> str:
    """Markdown."""
    names = list(dict.fromkeys(name for row in columns.values() for name in row))
    head = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    return "\n".join(
        [*head, *(f"| {name} | {' | '.join(_cell(row, name) for row in columns.values())} |" for name in names)]
    )


def _cell(row: Row, name: str) -> str:
    return f"{row[name]:,.0f}" if name in row else "–"


if __name__ == "__main__":
    measured = render(measure_size())
    print(measured)
    write_marked(README, SIZE, measured)

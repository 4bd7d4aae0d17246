"""One gateway and one worker on PostgreSQL, then one gateway and two: what the second worker adds."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.load import load
from benchmarks.table import GAIN_OF_WORKERS, Row
from tests.contract.postgres import Postgres, running_postgres, why_no_postgres
from tests.server import Server

CLIENTS = 16


def measure_workers(texts: Sequence[str], count: int) -> Row:
    """Throughput of `count` messages with each; nothing where PostgreSQL is missing."""
    if reason := why_no_postgres():
        print(f"Workers are not measured: {reason}.", flush=True)
        return {}
    row: Row = {}
    with running_postgres() as postgres:
        for workers in (1, 2):
            print(f"PostgreSQL, {workers} worker(s) …", flush=True)
            row[_name(workers)] = _throughput(postgres, workers, texts, count)
    row[GAIN_OF_WORKERS] = row[_name(2)] / row[_name(1)]
    return row


def _throughput(postgres: Postgres, workers: int, texts: Sequence[str], count: int) -> float:
    url = postgres.create_database(f"workers{workers}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))

        def start(role: str) -> Server:
            server = Server(
                folder,
                command=("-m", "bot", role),
                database_url=url,
                secret_key="a secret that all processes share, long enough",
                messages_per_minute="1000000",
                conversations_per_hour="1000000",
            )
            stack.callback(server.kill)
            return server

        for _ in range(workers):
            start("worker")
        door = start("gateway").url
        asyncio.run(load(door, texts, clients=CLIENTS, messages=100, name="warm"))
        return asyncio.run(load(door, texts, clients=CLIENTS, messages=count, name="workers")).throughput


def _name(workers: int) -> str:
    return f"PostgreSQL, gateway and {workers} worker{'s' if workers > 1 else ''}: messages a second"

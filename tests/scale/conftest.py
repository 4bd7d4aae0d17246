"""Processes of every role on one real PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.contract.postgres import Postgres, running_postgres, why_no_postgres
from tests.server import Server

_numbers = count(1)

Start = Callable[[str], Server]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for all tests here; each has a database of its own."""
    if reason := why_no_postgres():
        pytest.skip(reason)
    with running_postgres() as server:
        yield server


@pytest.fixture
def start(postgres: Postgres, model: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts a process of a role (`gateway`, `worker` or `desk serve`), and kills it in the end."""
    url = postgres.create_database(f"scale{next(_numbers)}")
    secret = "a secret that all processes share, long enough"
    with ExitStack() as stack:

        def start(role: str) -> Server:
            server = Server(
                tmp_path,
                command=("-m", "bot", *role.split()),
                log=tmp_path / f"{role.replace(' ', '-')}.log",
                database_url=url,
                secret_key=secret,
                messages_per_minute="1000000",
                conversations_per_hour="1000000",
            )
            stack.callback(server.kill)
            return server

        yield start

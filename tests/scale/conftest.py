"""Processes of every role on one real PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from tests.contract.postgres import Postgres, running_postgres, why_no_postgres
from tests.server import Server

_numbers = count(1)


class Start(Protocol):
    """Starts a process of a role (`gateway`, `worker` or `desk serve`); `POSTBOTE_…` by keyword."""

    def __call__(self, role: str, **settings: str) -> Server: ...


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for all tests here; each has a database of its own."""
    if reason := why_no_postgres():
        pytest.skip(reason)
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def start(postgres: Postgres, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """See Start; all share a database, and are killed in the end."""
    url = postgres.create_database(f"scale{next(_numbers)}")
    folder = tmp_path_factory.mktemp("scale")
    with ExitStack() as stack:

        def start(role: str, **settings: str) -> Server:
            server = Server(
                folder,
                command=("-m", "bot", *role.split()),
                log=folder / f"{role.replace(' ', '-')}.log",
                database_url=url,
                secret_key="a secret that all processes share, long enough",
                messages_per_minute="1000000",
                unlimited_from='["127.0.0.1"]',
                **settings,
            )
            stack.callback(server.kill)
            return server

        yield start


@dataclass(frozen=True)
class Cluster:
    """Two of each, on one database."""

    gateways: list[Server]
    workers: list[Server]


@pytest.fixture(scope="module")
def cluster(start: Start) -> Cluster:
    """For all tests of a module: what a test kills, it starts again."""
    return Cluster([start("gateway"), start("gateway")], [start("worker"), start("worker")])

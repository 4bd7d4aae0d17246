"""Processes of every role on one real PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.contract.postgres import Postgres, running_postgres, why_no_postgres
from tests.scale.fleet import Fleet, Start, starting, two_of_each

_numbers = count(1)


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
    with starting(url, tmp_path_factory.mktemp("scale")) as start:
        yield start


@pytest.fixture(scope="module")
def cluster(start: Start) -> Fleet:
    """For all tests of a module: what a test kills, it starts again."""
    return two_of_each(start)

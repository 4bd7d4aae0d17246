"""Real systems, each started once for all tests that use it, and the mailboxes of each platform."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.clock import now
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.choose import choose_mailboxes
from bot.settings import Settings, load_settings
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from tests.contract.clock import Clock
from tests.contract.dovecot import API_KEY, Dovecot, running_dovecot, why_no_dovecot
from tests.contract.postgres import Postgres, running_postgres, why_no_postgres

# The same mailboxes as Dovecot's users have. Their names are as careless as tables grow.
TABLES = (
    "CREATE TABLE mailbox (address VARCHAR(255), size_mb BIGINT, owner_contact VARCHAR(255))",
    "CREATE TABLE folder (address VARCHAR(255), bytes BIGINT)",
    "INSERT INTO mailbox VALUES ('anna@lindenpost.example', 5000, 'Anna.Brandt@privat.example '),"
    " ('david@lindenpost.example', NULL, 'david@werkstatt.example'), ('frank@lindenpost.example', 5000, NULL),"
    " ('selma@lindenpost.example', 5000, 'selma@lindenpost.example')",
    "INSERT INTO folder VALUES ('anna@lindenpost.example', 3000000000), ('anna@lindenpost.example', 200000000)",
)
QUOTA_QUERY = (
    "SELECT (SELECT COALESCE(SUM(bytes), 0) FROM folder WHERE address = :address), size_mb * 1000000"
    " FROM mailbox WHERE address = :address"
)
CONTACT_QUERY = "SELECT owner_contact FROM mailbox WHERE address = :address"
databases = count()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """With anna's mailbox filled to 64 %."""
    if reason := why_no_dovecot():
        pytest.skip(reason)
    with running_dovecot() as dovecot:
        dovecot.fill("anna@lindenpost.example", 655)
        yield dovecot


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Empty; each test takes a database of its own."""
    if reason := why_no_postgres():
        pytest.skip(reason)
    with running_postgres() as postgres:
        yield postgres


@pytest.fixture(scope="session")
def tables_on_postgres(postgres: Postgres) -> str:
    """The URL of the hoster's tables."""
    return postgres.create_database("hoster", *TABLES)


@pytest.fixture(scope="session")
def tables_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the hoster's tables."""
    return write_sqlite(tmp_path_factory.mktemp("hoster") / "mail.db", *TABLES)


def write_sqlite(file: Path, *statements: str) -> str:
    """A database of these statements; returns its URL."""
    url = f"sqlite:///{file}"
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    return url


def sql_settings(url: str) -> Settings:
    """For tables as above."""
    return load_settings(
        mailboxes="sql",
        mailboxes_database_url=url,
        mailboxes_quota_query=QUOTA_QUERY,
        mailboxes_contact_query=CONTACT_QUERY,
    )


def doveadm_settings(url: str, **values: str) -> Settings:
    """For users as above."""
    access = values or {"doveadm_api_key": API_KEY}
    return load_settings(mailboxes="doveadm", doveadm_url=url, doveadm_contact_field="contact", **access)


@pytest.fixture(params=["demo", "sqlite", "postgres", "dovecot"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Of each platform, one after the other; a system is started when it is the turn of the first test on it."""
    match request.param:
        case "sqlite":
            return sql_settings(request.getfixturevalue("tables_on_sqlite"))
        case "postgres":
            return sql_settings(request.getfixturevalue("tables_on_postgres"))
        case "dovecot":
            return doveadm_settings(request.getfixturevalue("dovecot").url)
    return load_settings()


@pytest.fixture
async def mailboxes(settings: Settings) -> AsyncIterator[Mailboxes]:
    """As the settings choose them, guard and all."""
    mailboxes = choose_mailboxes(settings, now)
    yield mailboxes
    await mailboxes.close()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database for our own store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create_database(f"store{next(databases)}")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Migrated."""
    database = open_database(url)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    """Of what is kept in the store."""
    return Clock()


@pytest.fixture
def conversations(database: Database, clock: Clock) -> SqlConversations:
    """The channel `messenger` is pushed to."""
    return SqlConversations(database, clock, pushed={"messenger"})

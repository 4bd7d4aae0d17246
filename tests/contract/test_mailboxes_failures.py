"""Real platforms that are down, refuse us, are too slow or answer nonsense."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
import stamina

from bot.clock import now
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.choose import choose_mailboxes
from bot.mailplatform.errors import TooSlowError, UnreachableError
from bot.mailplatform.guard import ATTEMPTS
from bot.settings import Settings
from tests.contract.conftest import TABLES, doveadm_settings, sql_settings, write_sqlite
from tests.contract.dovecot import PASSWORD, Dovecot
from tests.contract.postgres import Postgres

ADDRESS = "anna@lindenpost.example"


@asynccontextmanager
async def chosen(settings: Settings, **values: object) -> AsyncIterator[Mailboxes]:
    """The settings' mailboxes, closed in the end; `values` win."""
    mailboxes = choose_mailboxes(settings.model_copy(update=values), now)
    try:
        yield mailboxes
    finally:
        await mailboxes.close()


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[int]:
    """The port of a server that gives one answer to everybody, or never one, which is None."""

    ending = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(1)
            if answer is None:
                await ending.wait()
            else:
                writer.write(answer)
                await writer.drain()
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        ending.set()


def http(body: bytes, status: str = "200 OK") -> bytes:
    """An answer in HTTP."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status.encode(), len(body), body)


def doveadm_on(port: int) -> Settings:
    """A platform behind doveadm's API."""
    return doveadm_settings(f"http://127.0.0.1:{port}")


def tables_on(port: int) -> Settings:
    """A platform behind PostgreSQL's protocol."""
    return sql_settings(f"postgresql+asyncpg://reader:secret@127.0.0.1:{port}/mail")


@pytest.fixture(autouse=True)
def _retries_do_not_wait() -> Iterator[None]:
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


both = pytest.mark.parametrize("platform", [doveadm_on, tables_on])


@both
async def test_a_platform_that_is_down(platform: Callable[[int], Settings]) -> None:
    """Every question says so, and so does the ping."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    async with chosen(platform(port)) as mailboxes:
        with pytest.raises(UnreachableError):
            await mailboxes.quota(ADDRESS)
        with pytest.raises(PlatformError):
            await mailboxes.find_contact(ADDRESS)
        with pytest.raises(UnreachableError):
            await mailboxes.ping()


@both
async def test_a_platform_that_never_answers(platform: Callable[[int], Settings]) -> None:
    """The time-out is kept."""
    async with answering(None) as port, chosen(platform(port), platform_timeout=0.1) as mailboxes:
        async with asyncio.timeout(2):
            with pytest.raises(TooSlowError):
                await mailboxes.quota(ADDRESS)


@both
@pytest.mark.parametrize(
    "answer",
    [b"", b"\x00\xff" * 500, b"220 mail.example ESMTP\r\n", http(b"[]", "503 No")],
    ids=["nothing", "bytes", "smtp", "http"],
)
async def test_a_server_of_another_kind(platform: Callable[[int], Settings], answer: bytes) -> None:
    """No figure comes of it, and no error but the one that callers know."""
    async with answering(answer) as port, chosen(platform(port)) as mailboxes:
        with pytest.raises(PlatformError):
            await mailboxes.quota(ADDRESS)
        with pytest.raises(PlatformError):
            await mailboxes.find_contact(ADDRESS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff",
        b"null",
        b"{}",
        b"[]",
        b'[["doveadmResponse",[],"postbote"]]',
        b'[["doveadmResponse",{},"postbote"]]',
        b'[["doveadmResponse",null,"postbote"]]',
        b'[["doveadmResponse",[{"root":"a","type":"STORAGE","value":"x","limit":"1"}],"postbote"]]',
        b'[["doveadmResponse",[{"root":"a","type":"STORAGE","value":null,"limit":"1"}],"postbote"]]',
        b'[["doveadmResponse",[{"root":"a","type":"STORAGE","value":"-1","limit":"1"}],"postbote"]]',
        b'[["doveadmResponse",[{"root":"a","type":"STORAGE","value":"1"}],"postbote"]]',
        b'[["doveadmResponse",[{"root":"a","type":"STORAGE","value":"1","limit":"2"}],"another"]]',
        b'[["doveadmResponse",[{"username":"b@c.example","root":"a","type":"STORAGE","value":"1","limit":"2"}],'
        b'"postbote"]]',
        b'[["error",{"type":"exitCode","exitCode":65},"postbote"]]',
        b'[["error",{"type":"unAuthorized","exitCode":0},"postbote"]]',
    ],
    ids=range(17),
)
async def test_nonsense_instead_of_figures(body: bytes) -> None:
    """What is not as documented, or speaks of somebody else, is no figure."""
    async with answering(http(body)) as port, chosen(doveadm_on(port)) as mailboxes:
        with pytest.raises(PlatformError):
            await mailboxes.quota(ADDRESS)
        with pytest.raises(PlatformError):
            await mailboxes.find_contact(ADDRESS)


async def test_several_quota_roots_need_a_name() -> None:
    """Which of them is the mailbox's own, only the operator knows."""
    body = (
        b'[["doveadmResponse",[{"root":"Own","type":"STORAGE","value":"1","limit":"2"},'
        b'{"root":"Domain","type":"STORAGE","value":"3","limit":"4"}],"postbote"]]'
    )
    async with answering(http(body)) as port:
        async with chosen(doveadm_on(port)) as mailboxes:
            with pytest.raises(PlatformError, match="POSTBOTE_DOVEADM_QUOTA_ROOT"):
                await mailboxes.quota(ADDRESS)
        async with chosen(doveadm_on(port), doveadm_quota_root="Own") as mailboxes:
            assert (await mailboxes.quota(ADDRESS)).total == 2048


async def test_dovecot_refuses_a_wrong_key(dovecot: Dovecot) -> None:
    """It is not asked again with it, and the message does not show it."""
    async with chosen(doveadm_settings(dovecot.url, doveadm_api_key="ein falscher")) as mailboxes:
        for question in (mailboxes.ping, lambda: mailboxes.quota(ADDRESS)):
            with pytest.raises(PlatformError, match="refused our key") as caught:
                await question()
            assert "falsch" not in repr(caught.value)


async def test_dovecot_takes_a_password_instead_of_a_key(dovecot: Dovecot) -> None:
    """The right one only."""
    async with chosen(doveadm_settings(dovecot.url, doveadm_password=PASSWORD)) as mailboxes:
        await mailboxes.ping()
        assert (await mailboxes.quota(ADDRESS)).total == 1024**2
    async with chosen(doveadm_settings(dovecot.url, doveadm_password="falsch")) as mailboxes:
        with pytest.raises(PlatformError, match="refused our key"):
            await mailboxes.quota(ADDRESS)


async def test_dovecot_without_a_contact_field(dovecot: Dovecot) -> None:
    """Nobody has a contact then."""
    async with chosen(doveadm_settings(dovecot.url), doveadm_contact_field="") as mailboxes:
        assert await mailboxes.find_contact(ADDRESS) is None


async def test_postgres_refuses_a_wrong_password(postgres: Postgres) -> None:
    """It is told at once, without the password."""
    async with chosen(sql_settings(postgres.url(password="ein falsches"))) as mailboxes:
        with pytest.raises(PlatformError, match="password authentication failed") as caught:
            await mailboxes.ping()
        assert not isinstance(caught.value, UnreachableError)
        assert "falsches" not in str(caught.value)


@pytest.mark.parametrize("tables", ["tables_on_sqlite", "tables_on_postgres"])
async def test_a_ping_finds_a_wrong_query(tables: str, request: pytest.FixtureRequest) -> None:
    """At the start, and not when the first customer asks."""
    settings = sql_settings(request.getfixturevalue(tables))
    query = "SELECT used FROM nowhere WHERE address = :address"
    async with chosen(settings, mailboxes_quota_query=query) as mailboxes:
        with pytest.raises(PlatformError, match="nowhere") as caught:
            await mailboxes.ping()
        assert not isinstance(caught.value, UnreachableError)


async def test_no_error_says_which_mailbox(tables_on_postgres: str) -> None:
    """Errors are logged, and logs are not for addresses."""
    query = "SELECT 1/0, 1 FROM mailbox WHERE address = :address"
    async with chosen(sql_settings(tables_on_postgres), mailboxes_quota_query=query) as mailboxes:
        with pytest.raises(PlatformError, match="division by zero") as caught:
            await mailboxes.quota(ADDRESS)
        assert ADDRESS not in str(caught.value)
        assert ADDRESS not in str(caught.value.__cause__)


@pytest.mark.parametrize("tables", ["tables_on_sqlite", "tables_on_postgres"])
@pytest.mark.parametrize(
    ("columns", "message"),
    [("1", "1 columns"), ("NULL, 5", "COALESCE"), ("'viel', 5", "COALESCE"), ("-1, 5", "COALESCE")],
)
async def test_a_query_that_selects_no_figures(
    tables: str, columns: str, message: str, request: pytest.FixtureRequest
) -> None:
    """It is told what it must select."""
    query = f"SELECT {columns} FROM mailbox WHERE address = :address"
    async with chosen(sql_settings(request.getfixturevalue(tables)), mailboxes_quota_query=query) as mailboxes:
        with pytest.raises(PlatformError, match=message):
            await mailboxes.quota(ADDRESS)


async def test_a_locked_file_may_be_free_a_moment_later(tmp_path: Path) -> None:
    """Once the hoster's own program has written, the figure is there."""
    url = write_sqlite(tmp_path / "mail.db", *TABLES)
    async with chosen(sql_settings(f"{url}?timeout=0")) as mailboxes:
        with closing(sqlite3.connect(tmp_path / "mail.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(UnreachableError, match="locked"):
                await mailboxes.ping()
        assert (await mailboxes.quota(ADDRESS)).total == 5_000_000_000


@pytest.mark.parametrize("tables", ["tables_on_sqlite", "tables_on_postgres"])
async def test_a_query_that_finds_several_rows(tables: str, request: pytest.FixtureRequest) -> None:
    """One of them is somebody else's."""
    query = "SELECT 1, 2 FROM mailbox WHERE address <> :address"
    async with chosen(sql_settings(request.getfixturevalue(tables)), mailboxes_quota_query=query) as mailboxes:
        with pytest.raises(PlatformError, match="several rows"):
            await mailboxes.quota(ADDRESS)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_query_that_writes_changes_nothing(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The tables are the hoster's."""
    if database == "sqlite":
        url = write_sqlite(tmp_path / "mail.db", *TABLES)
    else:
        url = request.getfixturevalue("postgres").create_database("writes", *TABLES)
    query = "DELETE FROM mailbox WHERE address = :address RETURNING 1, 2"
    async with chosen(sql_settings(url), mailboxes_quota_query=query) as mailboxes:
        with pytest.raises(PlatformError, match=r"(?i)read-?only"):
            await mailboxes.quota(ADDRESS)
    async with chosen(sql_settings(url)) as mailboxes:
        assert (await mailboxes.quota(ADDRESS)).total == 5_000_000_000


async def test_connections_that_the_server_closed_are_made_anew(postgres: Postgres, tables_on_postgres: str) -> None:
    """A restart of the database in the night is nobody's trouble in the morning."""
    async with chosen(sql_settings(tables_on_postgres)) as mailboxes:
        await mailboxes.quota(ADDRESS)
        postgres.run("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'hoster'")
        assert (await mailboxes.quota(ADDRESS)).total == 5_000_000_000
        with pytest.raises(UnknownMailboxError):
            await mailboxes.quota("niemand@lindenpost.example")

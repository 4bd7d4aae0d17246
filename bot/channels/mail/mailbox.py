"""
A folder on an IMAP server.

By IMAPClient, which parses what servers answer; in a thread of its own, because it waits. (aioimaplib would not need
one, but leaves parsing to its users, hangs in IDLE when a server goes away, and is under the GPL.)
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from bot.channels.errors import ChannelError
from bot.mail.server import Tls

PATIENCE = 30.0
"""Seconds for an answer of the server."""
SILENT_BEFORE_PROBE, BETWEEN_PROBES, MOST_PROBES = 60, 15, 4
"""TCP keep-alive: a server that vanished without a word is noticed after two minutes."""

BROKEN = (IMAPClientError, OSError, ValueError, EOFError)
"""What IMAPClient raises when the server goes away, refuses, or says what nobody understands."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Server:
    """Where the mailbox is, and how it is opened."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str
    folder: str


@dataclass(frozen=True)
class Extent:
    """What UIDs there are in the folder."""

    validity: int
    """Changes when the folder is another one, and its UIDs mean other mails (RFC 3501, 2.3.1.1)."""
    next: int
    """Every mail that comes has this UID or a higher one."""


class Mailbox:
    """An open folder. Whatever the server does wrong is a ChannelError."""

    def __init__(self, client: IMAPClient, thread: ThreadPoolExecutor, server: Server) -> None:
        self._client = client
        self._thread = thread
        self._server = server

    async def look(self) -> Extent:
        """
        What is there now; what comes later is told by `wait`.

        By SELECT, because nothing that a server has told by the way is forgotten then.
        """
        said = await self._do(lambda: self._client.select_folder(self._server.folder))
        if b"UIDNEXT" in said:
            return Extent(int(said[b"UIDVALIDITY"]), int(said[b"UIDNEXT"]))
        found = await self._do(lambda: self._client.search(["ALL"]))
        return Extent(int(said[b"UIDVALIDITY"]), max(found, default=0) + 1)

    async def uids(self, first: int, since: date | None = None) -> Sequence[int]:
        """Of mails from `first` on, lowest first; of those alone that came on that day or later."""
        wanted: list[Any] = ["UID", f"{first}:*", *(["SINCE", since] if since else [])]
        found = await self._do(lambda: self._client.search(wanted))
        # `n:*` means the last mail at least, whatever n is.
        return sorted(uid for uid in found if uid >= first)

    async def fetch(self, uid: int, most: int) -> bytes | None:
        """The mail's first `most` bytes, so that no mail is too big; None if it is gone. It stays unread."""
        # With a byte more, so that who asks can tell whether it is all.
        data = await self._do(lambda: self._client.fetch([uid], [f"BODY.PEEK[]<0.{most}>"]))
        found = [value for key, value in data.get(uid, {}).items() if key.startswith(b"BODY[]")]
        return bytes(found[0]) if found and found[0] is not None else None

    async def mark_read(self, uid: int) -> None:
        """For people who look into the mailbox."""
        await self._do(lambda: self._client.add_flags([uid], [SEEN], silent=True))

    @property
    def can_wait(self) -> bool:
        """Whether the server has IDLE (RFC 2177)."""
        return bool(self._client.has_capability("IDLE"))

    async def wait(self, seconds: float) -> None:
        """Until something happens in the folder, but not longer."""
        await self._do(lambda: _idle(self._client, seconds))

    async def _do(self, command: Callable[[], Result]) -> Result:
        with _naming(self._server):
            return await asyncio.get_running_loop().run_in_executor(self._thread, command)


@asynccontextmanager
async def open_mailbox(server: Server, trust: ssl.SSLContext | None = None) -> AsyncIterator[Mailbox]:
    """Raises ChannelError. `trust` takes the place of the system's certificate authorities."""
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, "imap")
    client = None
    try:
        with _naming(server):
            client = await loop.run_in_executor(thread, _connect, server, trust)
        yield Mailbox(client, thread, server)
        with contextlib.suppress(*BROKEN):
            await loop.run_in_executor(thread, client.logout)
    finally:
        if client:
            _hang_up(client)
        thread.shutdown(wait=False)


@contextmanager
def _naming(server: Server) -> Iterator[None]:
    try:
        yield
    except LoginError as error:
        raise ChannelError(
            f"The IMAP server {server.host}:{server.port} does not let {server.user} in: {error}. "
            "Look at POSTBOTE_CHANNEL_EMAIL_USER and …_PASSWORD."
        ) from error
    except BROKEN as error:
        raise ChannelError(f"The IMAP server {server.host}:{server.port} failed: {error!r}.") from error


def _connect(server: Server, trust: ssl.SSLContext | None) -> IMAPClient:
    timeout = SocketTimeout(connect=PATIENCE, read=PATIENCE)
    context = trust or ssl.create_default_context()
    client = IMAPClient(server.host, server.port, ssl=server.tls == "tls", ssl_context=context, timeout=timeout)
    try:
        _keep_alive(client.socket())
        if server.tls == "starttls":
            client.starttls(context)
        _login(client, server)
    except BaseException:
        _hang_up(client)
        raise
    return client


def _login(client: IMAPClient, server: Server) -> None:
    # LOGIN takes ASCII alone.
    if client.has_capability("AUTH=PLAIN"):
        client.plain_login(server.user, server.password)
    else:
        client.login(server.user, server.password)


def _keep_alive(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", SILENT_BEFORE_PROBE),
        ("TCP_KEEPINTVL", BETWEEN_PROBES),
        ("TCP_KEEPCNT", MOST_PROBES),
    ):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _idle(client: IMAPClient, seconds: float) -> None:
    client.idle()
    client.idle_check(seconds)
    client.idle_done()


def _hang_up(client: IMAPClient) -> None:
    """Wakes the thread, too, if it waits for the server."""
    with contextlib.suppress(*BROKEN, AttributeError):
        client.socket().shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(*BROKEN, AttributeError):
        client.shutdown()

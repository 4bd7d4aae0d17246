"""A real Dovecot with mailboxes, and a real SMTP server that takes answers and fails on command."""

import asyncio
import atexit
import email
import imaplib
import os
import subprocess
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.channels.vendor import Vendor
from tests.contract.dovecot import PATIENCE, Dovecot, free_port, running_dovecot, why_no_dovecot

PASSWORD = "Kennwört:und-mehr"
# For everybody who is not in the file of users.
IMAP = """
protocols = imap
ssl = {ssl}
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """One that runs."""

    dovecot: Dovecot
    port: int
    tls_port: int

    def doveadm(self, *arguments: str) -> str:
        """Its administrator's command."""
        command = ["doveadm", "-c", str(self.dovecot.folder / "dovecot.conf"), *arguments]
        return subprocess.run(command, check=True, timeout=PATIENCE, capture_output=True, text=True).stdout


@cache
def imap_server(certificate: Path | None = None) -> ImapServer:
    """One for all tests, with a mailbox for whoever comes; with TLS if there is a certificate with its key."""
    reason = why_no_dovecot()
    if not reason and not Path("/usr/lib/dovecot/imap").exists():
        reason = "Dovecot's IMAP is missing (Debian: apt install dovecot-imapd)"
    if reason:
        pytest.skip(reason)
    stack = ExitStack()
    atexit.register(stack.close)
    port, tls_port = free_port(), free_port()
    ids = ("nobody", "nogroup") if os.getuid() == 0 else (os.getuid(), os.getgid())
    words = {"uid": ids[0], "gid": ids[1], "port": port, "tls_port": tls_port, "password": PASSWORD}
    keys = f"ssl_cert = <{certificate}\nssl_key = <{certificate}\n" if certificate else ""
    more = IMAP.format(ssl="yes" if certificate else "no", **words) + keys
    return ImapServer(stack.enter_context(running_dovecot(more)), port, tls_port)


class MailServers(Vendor):
    """A mailbox of its own for each test; `sent` has the mails that the SMTP server took."""

    def __init__(self) -> None:
        super().__init__()
        self.user = f"hilfe-{uuid.uuid4().hex[:12]}@lindenpost.example"
        self.sent: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.arrived = asyncio.Event()
        """Set with each mail that was taken."""

    def routes(self) -> list[web.RouteDef]:
        return []

    def is_message(self, request: web.Request) -> bool:
        return False

    def blocked(self) -> web.Response:
        return web.Response()

    async def start(self) -> Any:
        """`url` is for `options`."""
        self.imap = await asyncio.to_thread(imap_server)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: SMTP(
                self, hostname="127.0.0.1", loop=loop, authenticator=self._authenticate, auth_require_tls=False
            ),
            "127.0.0.1",
            0,
        )
        self.smtp_port = self._listener.sockets[0].getsockname()[1]
        self.url = f"{self.imap.port}/{self.smtp_port}/{self.user}"

    async def stop(self) -> None:
        self._released.set()
        self._listener.close()

    async def put(self, raw: bytes, folder: str = "INBOX") -> None:
        """A mail comes into the mailbox."""
        await self.imap_do(
            lambda imap: imap.append(folder, None, None, raw.replace(b"\r", b"").replace(b"\n", b"\r\n"))
        )

    async def imap_do(self, act: Callable[[imaplib.IMAP4], Any]) -> Any:
        """What another programme does in the mailbox."""

        def work() -> Any:
            with imaplib.IMAP4("127.0.0.1", self.imap.port, timeout=PATIENCE) as imap:
                imap.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())
                imap.select()
                status, data = act(imap)
                assert status == "OK", data
                return data

        return await asyncio.to_thread(work)

    async def unread(self) -> int:
        """Mails that nobody has read."""
        return len((await self.imap_do(lambda imap: imap.search(None, "UNSEEN")))[0].split())

    async def kick(self) -> None:
        """The server ends our connections."""
        await asyncio.to_thread(self.imap.doveadm, "kick", self.user)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Where most servers refuse."""
        assert session.authenticated
        self.attempts += 1
        match self.failures.popleft() if self.failures else None:
            case "429":
                return "451 4.7.1 Greylisted, please come back in 30 seconds"
            case "500":
                return "451 4.3.0 Temporary lookup failure"
            case "timeout":
                await self._released.wait()
                return "421 4.4.2 Too late"
            case "reset":
                server.transport.abort()
            case "blocked":
                return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
            case "spam":
                return "550 5.7.1 We do not like your mails"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Keep it."""
        self.recipients += envelope.rcpt_tos
        self.raw.append(envelope.content)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.sent.append(message)
        self.arrived.set()
        return "250 OK"

    def _authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (self.user.encode(), PASSWORD.encode()))


class Wire:
    """Stands between us and the IMAP server: changes what the server says, and breaks on command."""

    def __init__(self, port: int, hide: bytes = b"", break_at: bytes = b"", watch: bytes = b"") -> None:
        """
        `hide` is taken out of what the server says; when it says `break_at`, the connection breaks, once.

        When it says `watch`, `seen` is set.
        """
        self._server = port
        self._hide = hide
        self._break_at = break_at
        self._watch = watch
        self.seen = asyncio.Event()
        self.broken = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._server)
        ends = (writer, back)
        for work in (self._carry(reader, back, ends, change=False), self._carry(there, writer, ends, change=True)):
            task = asyncio.create_task(work)
            self._tasks.add(task)

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        ends: tuple[asyncio.StreamWriter, ...],
        *,
        change: bool,
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if change and self._watch and self._watch in data:
                    self.seen.set()
                if change and self._break_at and self._break_at in data:
                    self._break_at = b""
                    self.broken += 1
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                    break
                writer.write(data.replace(self._hide, b"") if change and self._hide else data)
                await writer.drain()
        for end in ends:
            end.close()

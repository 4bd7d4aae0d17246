"""Talk to an SMTP server, and name what went wrong."""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from bot.mail.errors import MailError

Tls = Literal["starttls", "tls", "none"]
UNKNOWN = frozenset({550, 551, 553})
"""Codes for a recipient that is none, where no enhanced code says more (RFC 5321, 4.2.2)."""
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
"""https://www.rfc-editor.org/rfc/rfc3463"""
_HINT = re.compile(r"\b(\d{1,5}) ?(s|sec\w*|m|min\w*)\b", re.IGNORECASE)
"""How long greylisting servers ask to wait: RFC 5321 has no field for it, so they say it in words."""
LONGEST_HINT = 3600.0


@dataclass(frozen=True)
class Access:
    """Where the server is, and who we are there."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str
    timeout: float
    """Seconds for each step."""


class SmtpServer:
    """One server by aiosmtplib; one connection a mail."""

    def __init__(self, access: Access, trust: ssl.SSLContext | None = None) -> None:
        """`trust` takes the place of the system's certificate authorities."""
        self._access = access
        self._trust = trust

    async def send(self, message: EmailMessage) -> None:
        """To whom its head names. Raises MailError."""
        async with self._connection() as server:
            await server.send_message(message)

    async def ping(self) -> None:
        """Whether it lets us in; raises MailError."""
        async with self._connection() as server:
            await server.noop()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        access = self._access
        server = aiosmtplib.SMTP(
            hostname=access.host,
            port=access.port,
            username=access.user or None,
            password=access.password or None,
            # Never "if the server offers it": then who sits in between decides.
            use_tls=access.tls == "tls",
            start_tls=access.tls == "starttls",
            tls_context=self._trust,
            timeout=access.timeout,
        )
        try:
            async with server:
                yield server
        except (SMTPException, OSError) as error:
            said = f"The SMTP server {access.host}:{access.port} did not take the mail: {error!r}."
            raise MailError(said, final=_is_final(error), gone=_is_gone(error), retry_after=_patience(error)) from error


def parse_address(text: str, name: str = "") -> Address:
    """Raises ValueError for what is no address."""
    try:
        address = Address(name, addr_spec=text)
    except Exception as error:
        raise ValueError(f"not of the form name@domain: {error!r}") from error
    if not address.username or not address.domain:
        raise ValueError("not of the form name@domain")
    return address


def _refusals(error: Exception) -> list[SMTPResponseException]:
    if isinstance(error, SMTPRecipientsRefused):
        return list(error.recipients)
    return [error] if isinstance(error, SMTPResponseException) else []


def _is_final(error: Exception) -> bool:
    """The server said no to this very recipient or text; a wrong password or sender can be put right."""
    about_mail = isinstance(error, SMTPDataError | SMTPRecipientRefused | SMTPRecipientsRefused)
    return about_mail and all(refusal.code >= 500 for refusal in _refusals(error))


def _is_gone(error: Exception) -> bool:
    """There is no such recipient (any more)."""
    about_recipient = isinstance(error, SMTPRecipientRefused | SMTPRecipientsRefused)
    return about_recipient and all(is_unknown(refusal.code, refusal.message) for refusal in _refusals(error))


def is_unknown(code: int, message: str) -> bool:
    """
    Whether a refusal means that the mailbox does not exist, and not that the server dislikes us.

    >>> is_unknown(550, "5.1.1 User unknown"), is_unknown(550, "5.7.1 Blocked, see our page")
    (True, False)
    """
    if enhanced := _ENHANCED.search(message):
        return enhanced[1] == "1" or enhanced.groups() == ("2", "1")
    return code in UNKNOWN


def _patience(error: Exception) -> float | None:
    hints = [hint for refusal in _refusals(error) if refusal.code < 500 and (hint := _HINT.search(refusal.message))]
    seconds = [float(hint[1]) * (60 if hint[2].lower().startswith("m") else 1) for hint in hints]
    return min(LONGEST_HINT, max(seconds)) if seconds else None

"""Mails by the hoster's SMTP server."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

import aiosmtplib
from aiosmtplib import SMTPDataError, SMTPException, SMTPRecipientRefused, SMTPRecipientsRefused

from bot.errors import SettingsError
from bot.mail.errors import MailError
from bot.mail.model import Mail
from bot.settings import Settings


class SmtpMailer:
    """The port `bot.mail.ports.Mailer` by aiosmtplib; one connection a mail."""

    def __init__(self, settings: Settings, trust: ssl.SSLContext | None = None) -> None:
        """
        Raises SettingsError when a setting is missing, or a password would travel in clear.

        `trust` takes the place of the system's certificate authorities.
        """
        _check(settings)
        self._settings = settings
        self._sender = _address(settings.mail_from, settings.mail_from_name)
        self._trust = trust

    async def send(self, mail: Mail) -> None:
        """See the port."""
        message = self._message(mail)
        async with self._connection() as server:
            await server.send_message(message)

    async def ping(self) -> None:
        """See the port."""
        async with self._connection() as server:
            await server.noop()

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(SMTP)
        try:
            message["From"] = self._sender
            # The header classes refuse line ends and more than one address: nothing can be smuggled into the head.
            message["To"] = _address(mail.to)
            message["Subject"] = mail.subject
        except (ValueError, IndexError, MessageError) as error:
            raise MailError(
                f"The mail has no proper address or subject ({error}). Look at its origin.", final=True
            ) from error
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{mail.id}@{self._sender.domain}>"
        # https://www.rfc-editor.org/rfc/rfc3834#section-5: no out-of-office replies, please.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        settings = self._settings
        server = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password.get_secret_value() or None,
            # Never "if the server offers it": then who sits in between decides.
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            tls_context=self._trust,
            timeout=settings.smtp_timeout,
        )
        try:
            async with server:
                yield server
        except (SMTPException, OSError) as error:
            where = f"{settings.smtp_host}:{settings.smtp_port}"
            raise MailError(
                f"The SMTP server {where} did not take the mail: {error!r}.", final=_is_final(error)
            ) from error


def _check(settings: Settings) -> None:
    for key in ("smtp_host", "mail_from"):
        if not getattr(settings, key):
            raise SettingsError(f"POSTBOTE_{key.upper()} is missing, which POSTBOTE_MAILER=smtp needs. Set it in .env.")
    if settings.smtp_user and settings.smtp_tls == "none":
        raise SettingsError(
            "POSTBOTE_SMTP_TLS is none, so the password of POSTBOTE_SMTP_USER would travel in clear. "
            "Set it to starttls or tls."
        )
    try:
        _address(settings.mail_from)
    except (ValueError, IndexError, MessageError) as error:
        raise SettingsError("POSTBOTE_MAIL_FROM is no e-mail address. Write one such as hilfe@example.de.") from error


def _address(text: str, name: str = "") -> Address:
    address = Address(name, addr_spec=text)
    if not address.username or not address.domain:
        raise ValueError("not of the form name@domain")
    return address


def _is_final(error: Exception) -> bool:
    """The server said no to this very recipient or text; a wrong password or sender can be put right."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(refusal.code >= 500 for refusal in error.recipients)
    return isinstance(error, SMTPDataError | SMTPRecipientRefused) and error.code >= 500

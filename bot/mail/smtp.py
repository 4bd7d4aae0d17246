"""Mails by the hoster's SMTP server."""

import ssl
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from bot.errors import SettingsError
from bot.mail.errors import MailError
from bot.mail.model import Mail
from bot.mail.server import Access, SmtpServer, parse_address
from bot.settings import Settings


class SmtpMailer:
    """The port `bot.mail.ports.Mailer` by SMTP."""

    def __init__(self, settings: Settings, trust: ssl.SSLContext | None = None) -> None:
        """
        Raises SettingsError when a setting is missing, or a password would travel in clear.

        `trust` takes the place of the system's certificate authorities.
        """
        _check(settings)
        self._sender = parse_address(settings.mail_from, settings.mail_from_name)
        access = Access(
            host=settings.smtp_host,
            port=settings.smtp_port,
            tls=settings.smtp_tls,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            timeout=settings.smtp_timeout,
        )
        self._server = SmtpServer(access, trust)

    async def send(self, mail: Mail) -> None:
        """See the port."""
        await self._server.send(self._message(mail))

    async def ping(self) -> None:
        """See the port."""
        await self._server.ping()

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(SMTP)
        try:
            message["From"] = self._sender
            # The header classes refuse line ends and more than one address: nothing can be smuggled into the head.
            message["To"] = parse_address(mail.to)
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
        parse_address(settings.mail_from)
    except (ValueError, IndexError, MessageError) as error:
        raise SettingsError("POSTBOTE_MAIL_FROM is no e-mail address. Write one such as hilfe@example.de.") from error

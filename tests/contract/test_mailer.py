"""Mails on a real SMTP server: plain on the loopback, STARTTLS, TLS, and every way in which it may refuse."""

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.errors import SettingsError
from bot.mail.errors import MailError
from bot.mail.model import Mail
from bot.mail.smtp import SmtpMailer
from bot.settings import Settings, load_settings
from tests.contract.certificate import make_certificate

# aiosmtpd does not count TLS from the first byte on as TLS.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]

CODE = Mail("code-7", "Anna@privat.example", "Ihr Code für den Chat", "Guten Tag,\n\n123456\n\nGrüße")


class Inbox:
    """Takes mail, except for some recipients."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """550 for nobody, 451 for whom there is no room just now."""
        if address.startswith("niemand@"):
            return "550 5.1.1 No such user"
        if address.startswith("voll@"):
            return "451 4.2.2 Mailbox full, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Keep it."""
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate in one file."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def check_login(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    """One user."""
    return AuthResult(success=(data.login, data.password) == (b"postbote", b"geheim"))


@pytest.fixture(params=["none", "starttls", "tls"])
async def smtp(request: pytest.FixtureRequest, certificate: Path) -> AsyncIterator[tuple[Inbox, Settings]]:
    """A server for each kind of encryption, and the settings for it."""
    inbox, kind = Inbox(), request.param
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    login = {"authenticator": check_login, "auth_required": True, "auth_require_tls": kind == "starttls"}
    encrypted = {"tls_context": context, "require_starttls": True} if kind == "starttls" else {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, hostname="127.0.0.1", loop=loop, **encrypted, **(login if kind != "none" else {})),
        "127.0.0.1",
        0,
        ssl=context if kind == "tls" else None,
    )
    settings = {
        "mailer": "smtp",
        "mail_from": "hilfe@hoster.example",
        "mail_from_name": "Lindenpost Hilfe",
        "smtp_host": "127.0.0.1",
        "smtp_port": server.sockets[0].getsockname()[1],
        "smtp_tls": kind,
        "smtp_timeout": 5,
    }
    user = {"smtp_user": "postbote", "smtp_password": "geheim"} if kind != "none" else {}
    yield inbox, load_settings(**settings, **user)
    server.close()


@pytest.fixture
def mailer(smtp: tuple[Inbox, Settings], certificate: Path) -> SmtpMailer:
    """That trusts the server's certificate."""
    return SmtpMailer(smtp[1], ssl.create_default_context(cafile=certificate))


async def test_a_mail_arrives(mailer: SmtpMailer, smtp: tuple[Inbox, Settings]) -> None:
    """With umlauts, a Message-ID of its own that stays the same, and the mark that keeps robots from answering."""
    await mailer.ping()
    await mailer.send(CODE)
    await mailer.send(CODE)
    ((to, first), (_, second)) = smtp[0].mails
    mail = parsed(first)
    assert to.lower() == "anna@privat.example"
    assert str(mail["From"]) == "Lindenpost Hilfe <hilfe@hoster.example>"
    assert str(mail["Subject"]) == "Ihr Code für den Chat"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == parsed(second)["Message-ID"] == "<code-7@hoster.example>"
    assert "Grüße" in mail.get_content()


def parsed(raw: bytes) -> EmailMessage:
    """As a mail program reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


async def test_no_such_recipient_is_final_and_a_full_one_is_not(mailer: SmtpMailer) -> None:
    """The first becomes a dead letter at once, the second is tried again."""
    for recipient, final in (("niemand@privat.example", True), ("voll@privat.example", False)):
        with pytest.raises(MailError) as caught:
            await mailer.send(Mail("1", recipient, "x", "y"))
        assert caught.value.final is final


async def test_nothing_can_be_smuggled_into_the_head(mailer: SmtpMailer, smtp: tuple[Inbox, Settings]) -> None:
    """Line ends and further recipients are refused before the server is asked."""
    for recipient in ("a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "a@b.example\0"):
        with pytest.raises(MailError) as caught:
            await mailer.send(Mail("1", recipient, "x", "y"))
        assert caught.value.final
    assert smtp[0].mails == []


async def test_a_wrong_password_can_be_put_right(smtp: tuple[Inbox, Settings], certificate: Path) -> None:
    """So the mails wait."""
    settings = smtp[1]
    if settings.smtp_tls == "none":
        settings = settings.model_copy(update={"smtp_port": 1})  # there is no password: nobody is at home instead
    wrong = settings.model_copy(update={"smtp_password": load_settings(smtp_password="falsch").smtp_password})
    with pytest.raises(MailError, match=r"127\.0\.0\.1") as caught:
        await SmtpMailer(wrong, ssl.create_default_context(cafile=certificate)).send(CODE)
    assert not caught.value.final
    assert "falsch" not in str(caught.value)


async def test_a_certificate_of_nobody_is_not_trusted(smtp: tuple[Inbox, Settings]) -> None:
    """Without the certificate among the system's, nothing is sent."""
    if smtp[1].smtp_tls == "none":
        return
    with pytest.raises(MailError, match=r"(?i)certificate"):
        await SmtpMailer(smtp[1]).send(CODE)
    assert smtp[0].mails == []


def test_a_password_never_travels_in_clear() -> None:
    """The start stops there."""
    with pytest.raises(SettingsError, match="POSTBOTE_SMTP_TLS"):
        SmtpMailer(
            load_settings(mailer="smtp", smtp_host="x", mail_from="a@b.example", smtp_tls="none", smtp_user="postbote")
        )

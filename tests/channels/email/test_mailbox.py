"""What happens to mailboxes, connections and servers: nothing is missed, nothing is answered twice."""

import asyncio
import random
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from actions._wiring import provide
from bot.channels.choose import choose_channels
from bot.channels.email import KIND, Email
from bot.channels.errors import ChannelError
from bot.channels.inbound import Inbound
from bot.channels.listening import Listening
from bot.channels.mail.options import EmailOptions
from bot.channels.options import load_options
from bot.channels.port import Channel, Event
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.live import LiveDialogue
from bot.errors import SettingsError
from bot.handoff.model import Person
from bot.identity.digests import MASK
from bot.mail.demo import DemoMailer
from bot.staff.model import NewAgent
from bot.store.tables import channel_notes
from tests.channels.email.servers import MailServers, Wire, imap_server
from tests.channels.email.test_email import TestEmail as Contract
from tests.channels.email.test_email import look, mail, own_words, put
from tests.channels.road import Road, configure
from tests.conftest import PROJECT
from tests.contract.certificate import make_certificate

CONTRACT = Contract()
PATIENCE = 20
# As pytest shall not run the contract's tests again.
del Contract


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate in one file."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def servers() -> AsyncIterator[MailServers]:
    """A mailbox and an SMTP server."""
    servers = MailServers()
    await servers.start()
    yield servers
    await servers.stop()


@pytest.fixture
async def road(servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Road]:
    """The whole road."""
    async with opened(servers, tmp_path, monkeypatch) as road:
        yield road


@asynccontextmanager
async def opened(
    servers: MailServers, database: Path, monkeypatch: pytest.MonkeyPatch, **options: str
) -> AsyncIterator[Road]:
    """With other options than usual."""
    configure(monkeypatch, "email", {**CONTRACT.options(servers.url), **options})
    async with Road("email", KIND, servers, database) as road:
        yield road


class Listener:
    """The way from the channel to intake, which tells when something was stored."""

    def __init__(self, road: Road, servers: MailServers) -> None:
        self._road = road
        self._servers = servers
        self._stored = asyncio.Event()

    async def take(self, channel: Channel, events: Sequence[Event]) -> None:
        """See Inbound."""
        await self._road.services.inbound.take(channel, events)
        self._stored.set()

    async def answered(self) -> list[str]:
        """What was answered when the next mail is stored."""
        await asyncio.wait_for(self._stored.wait(), PATIENCE)
        self._stored.clear()
        await self._road.deliver()
        return texts(self._servers)


@asynccontextmanager
async def listening(road: Road, servers: MailServers) -> AsyncIterator[Listener]:
    """As a running process does."""
    listener = Listener(road, servers)
    task = asyncio.create_task(Listening(road.channel, cast(Inbound, listener), random.Random(1)).run())
    yield listener
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def conversations_of(road: Road) -> Sequence[Any]:
    """What customers said, in all conversations."""
    return [message for message in await road.transcript(CONTRACT.address()) if message.author == "customer"]


def texts(servers: MailServers) -> list[str]:
    """What was answered."""
    return [CONTRACT.shown(sent) for sent in servers.sent]


def parts(sent: EmailMessage) -> tuple[str, str]:
    """Plain text and HTML."""
    bodies = [sent.get_body((kind,)) for kind in ("plain", "html")]
    return tuple(body.get_content().replace("\r\n", "\n") for body in bodies if body)  # type: ignore[return-value]


# --- the connection ---


async def test_a_mail_is_taken_as_soon_as_it_comes(road: Road, servers: MailServers) -> None:
    """By IDLE: no time has to pass."""
    await look(road)
    async with listening(road, servers) as listener:
        await servers.put(mail("hallo", "a", "anna"))
        assert await listener.answered() == ["1: hallo"]
        await servers.put(mail("zwei", "b", "anna"))
        assert await listener.answered() == ["1: hallo", "2: zwei", "und noch etwas"]


async def test_a_dropped_connection_loses_nothing(road: Road, servers: MailServers) -> None:
    """The server ends it; a mail that comes meanwhile is taken by the next one, and none twice."""
    await look(road)
    async with listening(road, servers) as listener:
        await servers.put(mail("hallo", "a", "anna"))
        await listener.answered()
        await servers.kick()
        await servers.put(mail("da?", "b", "anna"))
        assert await listener.answered() == ["1: hallo", "2: da?"]


async def test_a_connection_that_breaks_within_a_mail(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it is no mail: it is read again."""
    async with (
        Wire(servers.imap.port, break_at=b"BODY[]") as wire,
        opened(servers, tmp_path, monkeypatch, imap_port=str(wire.port)) as road,
    ):
        await look(road)
        await servers.put(mail("hallo " * 50, "a", "anna"))
        async with listening(road, servers) as listener:
            assert await listener.answered() == [f"1: {'hallo ' * 50}".strip()]
        assert wire.broken == 1


async def test_a_server_without_idle_is_asked_again_and_again(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `poll_seconds`."""
    async with (
        Wire(servers.imap.port, hide=b" IDLE") as wire,
        opened(servers, tmp_path, monkeypatch, imap_port=str(wire.port), poll_seconds="1") as road,
    ):
        await look(road)
        channel = road.channel
        assert isinstance(channel, Email)
        async with channel.mailbox() as mailbox:
            assert not mailbox.can_wait
        async with listening(road, servers) as listener:
            await servers.put(mail("hallo", "a", "anna"))
            assert await listener.answered() == ["1: hallo"]


async def test_who_vanishes_while_waiting_leaves_no_thread(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process can end at any time."""
    async with (
        Wire(servers.imap.port, watch=b"idling") as wire,
        opened(servers, tmp_path, monkeypatch, imap_port=str(wire.port)) as road,
    ):
        channel = road.channel
        assert isinstance(channel, Email)
        await look(road)
        opening = channel.mailbox()
        mailbox = await opening.__aenter__()
        waiting = asyncio.create_task(mailbox.wait(10 * PATIENCE))
        await asyncio.wait_for(wire.seen.wait(), PATIENCE)
        waiting.cancel()
        ended = asyncio.CancelledError()
        assert not await opening.__aexit__(type(ended), ended, None)
        await asyncio.wait_for(asyncio.to_thread(mailbox._thread.shutdown, wait=True), PATIENCE)


async def test_a_process_that_dies_before_it_notes_the_place(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is stored, its place is not: the next process reads it again and takes it once."""
    async with opened(servers, tmp_path, monkeypatch) as road:
        await look(road)
        await servers.put(mail("hallo", "a", "anna"))
        channel = road.channel
        assert isinstance(channel, Email)

        async def die(events: Sequence[Event]) -> None:
            await road.services.inbound.take(channel, events)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            async with channel.mailbox() as mailbox:
                await channel.read(mailbox, die)
        assert await servers.unread() == 1
        await road.settle()
    async with opened(servers, tmp_path, monkeypatch) as road:
        await look(road)
        await road.deliver()
        assert texts(servers) == ["1: hallo"]
        assert await servers.unread() == 0


async def test_a_process_that_dies_before_it_stores_the_mail(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetched, and nothing more: the next process takes it."""
    async with opened(servers, tmp_path, monkeypatch) as road:
        await look(road)
        await servers.put(mail("hallo", "a", "anna"))
        channel = road.channel
        assert isinstance(channel, Email)

        async def die(events: Sequence[Event]) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            async with channel.mailbox() as mailbox:
                await channel.read(mailbox, die)
    async with opened(servers, tmp_path, monkeypatch) as road:
        await look(road)
        await road.deliver()
        assert texts(servers) == ["1: hallo"]


# --- the mailbox ---


async def test_what_lay_there_before_is_left(road: Road, servers: MailServers) -> None:
    """Who switches the channel on does not want all old mails answered."""
    await servers.put(mail("alt", "a", "anna"))
    await look(road)
    await put(road, mail("neu", "b", "anna"))
    await road.deliver()
    assert texts(servers) == ["1: neu"]


async def test_a_mail_that_somebody_read_is_answered_and_one_that_was_moved_back_is_not_again(
    road: Road, servers: MailServers
) -> None:
    """What counts is the place and the Message-ID, not whether it was read."""
    await look(road)
    await servers.put(mail("hallo", "a", "anna"))
    await servers.imap_do(lambda imap: imap.store("1", "+FLAGS", "\\Seen"))
    await look(road)
    await servers.imap_do(lambda imap: imap.copy("1", "INBOX"))
    await look(road)
    await road.deliver()
    assert texts(servers) == ["1: hallo"]


async def test_a_mailbox_that_was_made_anew(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as by a restore: its mails have other numbers, and only those are answered that were not."""
    async with opened(servers, tmp_path, monkeypatch, folder="Anfragen") as road:
        await servers.imap_do(lambda imap: imap.create("Anfragen"))
        await look(road)
        await servers.put(mail("eins", "a", "anna"), "Anfragen")
        await look(road)
        await servers.imap_do(lambda imap: imap.delete("Anfragen"))
        await servers.imap_do(lambda imap: imap.create("Anfragen"))
        await servers.put(mail("eins", "a", "anna"), "Anfragen")
        await servers.put(mail("neu", "b", "anna"), "Anfragen")
        await look(road)
        await road.deliver()
        assert texts(servers) == ["1: eins", "2: neu"]


async def test_a_huge_mail_is_read_in_part(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the customer wrote stands at its beginning."""
    head = mail("", "a", "anna", Content_Type='multipart/mixed; boundary="b"')
    body = b"--b\nContent-Type: text/plain\n\nWas ist das?\n--b\nContent-Type: application/zip; name=a.zip\n"
    file = b"Content-Transfer-Encoding: base64\n\n" + (b"A" * 76 + b"\n") * 30_000 + b"--b--\n"
    async with opened(servers, tmp_path, monkeypatch, most_bytes="20000") as road:
        await put(road, head + body + file)
        await road.deliver()
        said = [message.text for message in await conversations_of(road)]
        assert sorted(said) == ["Was ist das?", "\N{PAPERCLIP} a.zip"]


async def test_a_file_can_be_fetched(road: Road, servers: MailServers) -> None:
    """As long as the mail is there, and up to a size."""
    await put(road, (CONTRACT.payloads / "attachment_apple.eml").read_bytes())
    validity = (await road.channel_tools().notes.find("email", "cursor") or {})["validity"]
    file = File("bild.png", "image/png", 70, f"{validity}.1.1")
    assert (await road.channel.fetch(file, 70)).startswith(b"\x89PNG")
    with pytest.raises(DeliveryError, match="more than 69 bytes"):
        await road.channel.fetch(file, 69)
    for gone in (f"{validity}.1.9", f"{validity}.99.1", f"{int(validity) + 1}.1.1"):
        with pytest.raises(DeliveryError, match="not in the mailbox"):
            await road.channel.fetch(File("bild.png", "image/png", 70, gone), 70)


@pytest.mark.parametrize("kind", ["tls", "starttls"])
async def test_the_way_to_the_server_is_encrypted(
    kind: str, road: Road, servers: MailServers, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a certificate that is trusted, and not otherwise."""
    imap = await asyncio.to_thread(imap_server, certificate)
    port = imap.tls_port if kind == "tls" else imap.port
    configure(monkeypatch, "email", {"imap_tls": kind, "imap_port": str(port)})
    options, tools = load_options(EmailOptions, "email"), road.channel_tools()
    async with Email(options, tools, ssl.create_default_context(cafile=certificate)).mailbox() as mailbox:
        assert (await mailbox.look()).next == 1
    with pytest.raises(ChannelError, match="CERTIFICATE_VERIFY_FAILED"):
        await Email(options, tools).ping()


async def test_a_wrong_password_is_named_but_not_shown(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """For `python -m bot channels`."""
    configure(monkeypatch, "email", {"password": "falsch-und-geheim"})
    [channel] = choose_channels(road.channel_tools(), {"email": KIND}).values()
    with pytest.raises(ChannelError, match="POSTBOTE_CHANNEL_EMAIL_USER") as caught:
        await channel.ping()
    assert "geheim" not in str(caught.value)


def test_a_password_never_travels_in_clear(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is an address taken that is none."""
    for key, value in (("imap_host", "imap.example.de"), ("smtp_host", "192.0.2.1"), ("address", "hilfe")):
        with monkeypatch.context() as patch:
            configure(patch, "email", {key: value})
            with pytest.raises(SettingsError, match=r"clear|e-mail address"):
                choose_channels(road.channel_tools(), {"email": KIND})


# --- threads ---


async def test_the_answer_is_a_proper_reply(road: Road, servers: MailServers) -> None:
    """In the thread, in both forms, with the question, and so that no robot answers it."""
    await put(road, mail("Wie **voll** <ist> es?", "a", "anna", Subject="AW: Re: =?utf-8?q?=C3=84rger?= mit Spam"))
    await road.deliver()
    [sent] = servers.sent
    assert sent["From"] == "Lindenpost Hilfe <hilfe@lindenpost.example>"
    assert sent["To"] == "anna@privat.example"
    assert sent["Subject"] == "Re: Ärger mit Spam"
    assert sent["In-Reply-To"] == "<a@privat.example>"
    assert sent["References"] == "<anna.begin@privat.example> <a@privat.example>"
    assert re.fullmatch(r"<postbote\.2\.[0-9a-f]{24}@lindenpost\.example>", sent["Message-ID"])
    assert sent["Auto-Submitted"] == "auto-replied"
    plain, html = parts(sent)
    assert plain.startswith("1: Wie voll <ist> es?\n\n")
    assert plain.endswith("\n> Wie **voll** <ist> es?\n")
    assert "<p>1: Wie <strong>voll</strong> &lt;ist&gt; es?</p>" in html
    assert "Wie **voll** &lt;ist&gt; es?</blockquote>" in html


async def test_what_a_person_writes_is_no_automatic_mail(road: Road, servers: MailServers) -> None:
    """It answers the customer's last mail; the notice before it is automatic."""
    await put(road, mail("mensch", "a", "anna"))
    await put(road, mail("hallo?", "b", "anna"))
    services = road.services
    account = await services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger"))
    conversation = await services.conversations.find("email", CONTRACT.address())
    assert conversation is not None
    await services.desk.claim(conversation, Person(account.id, account.name))
    await services.desk.say(conversation, Person(account.id, account.name), "k1", "Guten Tag!")
    await road.deliver()
    _, notice, said = servers.sent
    assert notice["Auto-Submitted"] == "auto-replied"
    assert said["Auto-Submitted"] is None
    assert said["In-Reply-To"] == "<b@privat.example>"
    assert parts(said)[0].startswith("Guten Tag!\n\n")
    assert parts(said)[0].endswith("\n> hallo?\n")


@pytest.mark.slow
async def test_a_code_is_not_quoted(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dialogue: RasaDialogue
) -> None:
    """What the customer types in a reply is masked as everywhere, also where the answer quotes it."""
    configure(monkeypatch, "email", CONTRACT.options(servers.url))
    live = LiveDialogue(PROJECT / "models", "of the test", dialogue)
    async with Road("email", KIND, servers, tmp_path, live) as road:
        provide(road.services.accounts)
        await put(road, mail("wie voll ist mein postfach anna@lindenpost.example", "a", "anna"))
        await road.deliver()
        await road.services._code_loop.do_due()
        await road.services._mail_loop.do_due()
        mailer = road.services.mailer
        assert isinstance(mailer, DemoMailer)
        [code] = re.findall(r"\b\d{6}\b", mailer.shown[0].mail.text)
        await put(road, mail(f"{code}\n\nMit freundlichen Grüßen\nAnna", "b", "anna"))
        await road.deliver()
        plain, html = parts(servers.sent[-1])
        assert "64\N{NO-BREAK SPACE}%" in plain
        assert MASK in plain
        assert code not in plain + html
        notes = await road.services.database.read(
            lambda connection: connection.execute(select(channel_notes.c.value)).scalars().all()
        )
        assert code not in repr(notes)


async def test_a_repeated_attempt_is_the_same_mail(road: Road, servers: MailServers) -> None:
    """Also when the customer wrote again meanwhile: programmes show it once."""
    servers.failures.append("500")
    await put(road, mail("hallo", "a", "anna"))
    await road.deliver()
    await put(road, mail("und?", "b", "anna"))
    await road.later(60)
    first, second = servers.sent
    assert first["Message-ID"].startswith("<postbote.2.")
    assert (first["In-Reply-To"], second["In-Reply-To"]) == ("<a@privat.example>", "<b@privat.example>")
    assert parts(first)[0].endswith("> hallo\n")


async def test_a_reply_that_names_only_our_mail_finds_its_thread(road: Road, servers: MailServers) -> None:
    """Some programmes cut the references."""
    await put(road, mail("hallo", "a", "anna"))
    await road.deliver()
    own = servers.sent[0]["Message-ID"]
    await put(road, mail("und?", "b", "anna", References="", In_Reply_To=own))
    await road.deliver()
    assert texts(servers) == ["1: hallo", "2: und?"]


async def test_a_stranger_gets_a_conversation_of_his_own(road: Road, servers: MailServers) -> None:
    """Whoever was shown a mail, and whatever he writes into the head."""
    await put(road, mail("hallo", "a", "anna"))
    await road.deliver()
    own = servers.sent[0]["Message-ID"]
    forged = mail("und?", "c", "anna", In_Reply_To=own, Reply_To="otto@boese.example")
    await put(road, mail("und?", "b", "otto", In_Reply_To=own, begin="anna"), forged)
    await road.deliver()
    assert texts(servers) == ["1: hallo", "1: und?", "1: und?"]
    assert servers.recipients[1:] == ["otto@privat.example", "otto@boese.example"]
    assert len(await road.transcript(CONTRACT.address())) == 2


async def test_a_number_in_the_first_line_is_a_choice(road: Road, servers: MailServers) -> None:
    """Whatever stands below."""
    await put(road, mail("knöpfe", "a", "anna"))
    await road.deliver()
    assert "<ol><li>Ja</li><li>Nein</li></ol>" in parts(servers.sent[0])[1]
    await put(road, mail("2\n\nDanke im Voraus!\n\nAnna", "b", "anna"))
    await road.deliver()
    assert texts(servers)[-1] == "2: /deny"


# --- what is sent ---


async def test_a_refusal_of_the_text_is_no_vanished_customer(road: Road, servers: MailServers) -> None:
    """The server dislikes us, and the customer can still write."""
    servers.failures.append("spam")
    await put(road, mail("hallo", "a", "anna"))
    await road.deliver()
    [(status, _, error)] = await road.outbox()
    assert status == "dead"
    assert "5.7.1" in (error or "")
    assert await road.unreachable(CONTRACT.address()) is None


async def test_a_bounce_marks_what_did_not_arrive(road: Road, servers: MailServers) -> None:
    """It is no answer, and is not answered."""
    await put(road, mail("hallo", "a", "anna"))
    await road.deliver()
    raw = (CONTRACT.payloads / "status_postfix_unknown.eml").read_bytes()
    own = servers.sent[0]["Message-ID"].encode()
    raw = re.sub(rb"<postbote[^>]*>", own, raw).replace(b"To: anna@post.example", b"To: anna@privat.example")
    await put(road, raw)
    await road.deliver()
    assert [status for status, _, _ in await road.outbox()] == ["dead"]
    assert "User unknown" in (await road.unreachable(CONTRACT.address()) or "")
    assert len(servers.sent) == 1


async def test_two_robots_do_not_answer_each_other_for_ever(
    servers: MailServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not say that it is a robot is answered a number of times."""
    async with opened(servers, tmp_path, monkeypatch, most_per_hour="3") as road:
        for number in range(5):
            await put(road, mail("Danke für Ihre Nachricht", f"a{number}", "anna"))
            await road.deliver()
        await put(road, mail("hallo", "b", "otto"))
        await road.deliver()
        assert servers.recipients == ["anna@privat.example"] * 3 + ["otto@privat.example"]
        assert [status for status, _, _ in await road.outbox()] == ["sent"] * 3 + ["dead"] * 2 + ["sent"]


def test_own_words_are_without_the_quote() -> None:
    """What the contract looks at."""
    assert own_words("1: Ja\n\nAm 1. schrieben Sie:\n> x\n") == "1: Ja"

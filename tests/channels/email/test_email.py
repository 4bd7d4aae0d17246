"""E-mail by the contract of channels, on a real Dovecot and a real SMTP server."""

import hashlib
import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.email import KIND, Email
from bot.channels.errors import ForeignError
from bot.channels.port import Call, Event, Failed, Gone, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming
from tests.channels.contract import KINDS_OF_PAYLOADS, ChannelContract
from tests.channels.email.mutations import mutated_mail
from tests.channels.email.servers import PASSWORD, MailServers
from tests.channels.mutations import check_events
from tests.channels.road import Road, Signed
from tests.channels.vendor import Vendor

HERE = Path(__file__).parent
THREAD = "123456789012345678901234"
UNKNOWN = "5.1.1 smtp; 550 5.1.1 <anna@post.example>: Recipient address rejected: User unknown in virtual mailbox table"


def thread(root: str) -> str:
    """Of the conversation that began with this mail."""
    return hashlib.sha256(root.encode()).hexdigest()[:24]


def wrote(person: str, thread: str, id: str, text: str) -> Incoming:
    """What a person said in a thread."""
    return Incoming("email", f"{person}#{thread}", id, text, None, 0, is_letter=True)


def mail(text: str, id: str, address: str, *, begin: str | None = None, **head: str) -> bytes:
    """As a programme writes it that quotes nothing; all of one person are one thread."""
    fields = {
        "From": f"{address.title()} <{address}@privat.example>",
        "To": "hilfe@lindenpost.example",
        "Subject": "Frage",
        "Message-ID": f"<{id}@privat.example>",
        "References": f"<{begin or address}.begin@privat.example>",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        **{name.replace("_", "-"): value for name, value in head.items()},
    }
    return "\n".join([*(f"{name}: {value}" for name, value in fields.items() if value), "", text, ""]).encode()


def own_words(text: str) -> str:
    """Of a mail of ours: without the question that it quotes."""
    return re.split(r"(?:\n\n|^)[^\n]+\n>", text)[0].strip()


async def look(road: Road) -> None:
    """One connection, as long as there is something new."""
    channel = road.channel
    assert isinstance(channel, Email)
    async with channel.mailbox() as mailbox:
        while await channel.read(mailbox, lambda events: road.services.inbound.take(channel, events)):
            pass


async def put(road: Road, *raws: bytes) -> None:
    """Mails come, and we look."""
    vendor = road.vendor
    assert isinstance(vendor, MailServers)
    if await road.channel_tools().notes.find("email", "cursor") is None:
        await look(road)
    for raw in raws:
        await vendor.put(raw)
    await look(road)


class TestEmail(ChannelContract):
    """See the contract."""

    name = "email"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"address", "imap_host", "smtp_host", "password"})
    # Who was mistaken writes another mail.
    without = frozenset({"edit"})
    events: ClassVar[dict[str, list[Event]]] = {
        "text_gmail": [
            Said(
                wrote(
                    "anna.brandt@gmail.example",
                    thread("CAF+z7q=Yk3dRr5nXy0w@mail.gmail.example"),
                    "CAF+z7q=Yk3dRr5nXy0w@mail.gmail.example",
                    "Guten Tag,\n\nwie voll ist mein Postfach? Und kann ich es vergrößern?",
                )
            )
        ],
        "text_gmail_reply": [
            Said(
                wrote(
                    "anna.brandt@gmail.example",
                    "d2c9b5a0f1e34c6789ab01cd",
                    "CAF+z7q=second@mail.gmail.example",
                    "Danke! Und wie ändere ich mein Kennwort?",
                )
            )
        ],
        "text_outlook": [
            Said(
                wrote(
                    "anna@firma.example",
                    "a" * 24,
                    "AM0PR04MB5571F3A9D1E2@AM0PR04MB5571.eurprd04.prod.outlook.example",
                    "Ja, bitte. Wie stelle ich das in Outlook ein?",
                )
            )
        ],
        "text_outlook_html": [
            Said(
                wrote(
                    "joerg@firma.example",
                    thread("000001db3e4d$5a0c1e20$0e245a60$@firma.example"),
                    "000001db3e4d$5a0c1e20$0e245a60$@firma.example",
                    "Guten Tag,\n\nwie richte ich eine Weiterleitung ein?",
                )
            )
        ],
        "text_apple": [
            Said(
                wrote(
                    "anna@icloud.example",
                    "b" * 24,
                    "8B6E2D51-3C1F-4B5A-9D7E-0123456789AB@icloud.example",
                    "Wie kann ich mehr Platz bekommen?",
                )
            )
        ],
        "text_thunderbird": [
            Said(
                wrote(
                    "anna@post.example",
                    "c" * 24,
                    "2f1d7c3a-98ab-4c5e-8a11-5b1f2f0c6d3e@post.example",
                    "Und wie ändere ich mein Kennwort?",
                )
            )
        ],
        "text_gmx": [
            Said(
                wrote(
                    "anna@gmx.example",
                    "d" * 24,
                    "trinity-0f5b2b8e-1c2d-4e5f-8a9b-1700000000000@3c-app-gmx-bs01",
                    "Wie lösche ich alte Mails?",
                )
            )
        ],
        "text_webde": [
            Said(wrote("privat@web.example", "e" * 24, "5d3c9a1e.1f2e3d4c@web.example", "Wie lösche ich alte Mails?"))
        ],
        "text_subject_only": [
            Said(
                wrote(
                    "anna@post.example",
                    thread("leer@post.example"),
                    "leer@post.example",
                    "Wie voll ist mein Postfach? 📬",
                )
            )
        ],
        "text_without_id": [
            Said(
                wrote(
                    "anna@post.example",
                    "581a45501eb16d7164c5dd4c",
                    "sha256-6bacf109ae90478178464d588a9a2d29ae7af0a3ef968633edd81792339deb83",
                    "Wie ist der Port für IMAP?",
                )
            )
        ],
        "button_k9": [
            Said(wrote("anna@post.example", "f" * 24, "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9@post.example", "2"))
        ],
        "attachment_apple": [
            Said(
                wrote(
                    "anna@icloud.example",
                    thread("9C7F3E62@icloud.example"),
                    "9C7F3E62@icloud.example",
                    "Was bedeutet das?",
                ),
                (File("Bildschirmfoto Ärger.png", "image/png", 70, "0.0.1"),),
            )
        ],
        "attachment_forwarded": [
            Said(
                wrote("anna@post.example", thread("fwd@post.example"), "fwd@post.example", "Ist diese Mail echt?"),
                (File("Ihre Rechnung.eml", "message/rfc822", 96, "0.0.1"),),
            )
        ],
        "unsupported_smime": [
            Unreadable(wrote("anna@firma.example", thread("smime@firma.example"), "smime@firma.example", "🔒"))
        ],
        "unsupported_pgp": [
            Unreadable(wrote("anna@post.example", thread("pgp@post.example"), "pgp@post.example", "🔒"))
        ],
        "unsupported_empty": [Unreadable(wrote("anna@post.example", "a" * 24, "nichts@post.example", "✉️"))],
        "unsupported_out_of_office": [],
        "unsupported_mailman": [],
        "unsupported_newsletter": [],
        "unsupported_no_reply": [],
        "unsupported_itself": [],
        "unsupported_receipt": [],
        "unsupported_spam": [],
        "unsupported_nobody": [],
        "status_postfix_unknown": [
            Failed(f"anna@post.example#{THREAD}", 12, UNKNOWN),
            Gone(f"anna@post.example#{THREAD}", UNKNOWN),
        ],
        "status_exim_full": [Failed(f"anna@post.example#{THREAD}", 12, "5.2.2 smtp; 552 5.2.2 Mailbox full")],
        "status_exchange": [
            Failed(f"anna@firma.example#{THREAD}", 9, "5.7.1 smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage")
        ],
        "status_postfix_delayed": [],
    }

    def options(self, url: str) -> dict[str, str]:
        imap_port, smtp_port, user = url.split("/")
        return {
            "address": "hilfe@lindenpost.example",
            "name": "Lindenpost Hilfe",
            "user": user,
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": imap_port,
            "imap_tls": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp_port,
            "smtp_tls": "none",
        }

    def new_vendor(self) -> Vendor:
        return MailServers()

    def sign(self, body: bytes) -> Signed:
        return Signed(body, {})

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return mail(text, id, address)

    def address(self, address: str = "anna") -> str:
        return f"{address}@privat.example#{thread(f'{address}.begin@privat.example')}"

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        return None

    def shown(self, sent: Any) -> str:
        return own_words(sent.get_body(("plain",)).get_content().replace("\r\n", "\n"))

    async def say(self, road: Road, text: str, id: str = "m1", address: str = "anna") -> None:
        await put(road, self.said(text, id, address))

    # --- where a mailbox is not a call ---

    def test_every_kind_of_payload_is_here(self) -> None:
        """Mails as programmes write them."""
        names = {file.stem for file in self.payloads.glob("*.eml")}
        assert names == set(self.events)
        assert {name.split("_")[0] for name in names} >= set(KINDS_OF_PAYLOADS) - self.without

    async def test_real_payloads_mean_what_they_say(self, road: Road) -> None:
        """As these programmes write them."""
        for name, expected in self.events.items():
            body = (self.payloads / f"{name}.eml").read_bytes()
            assert list(await self.understood(road, self.sign(body))) == expected, name

    async def test_every_real_payload_is_answered_200(self, road: Road) -> None:
        """All of them lie in one mailbox, twice: each is taken once, and what must not be answered stays unread."""
        assert isinstance(road.vendor, MailServers)
        raws = [(self.payloads / f"{name}.eml").read_bytes() for name in self.events]
        await put(road, *raws, *raws)
        await road.deliver()
        questions = [events[0].incoming for events in self.events.values() if events and hasattr(events[0], "incoming")]
        assert {mail["To"] for mail in road.vendor.sent} == {each.address.split("#")[0] for each in questions}
        # A file is answered on its own.
        assert len(road.vendor.sent) == len(questions) + 2
        assert await road.vendor.unread() == 2 * sum(not events for events in self.events.values())

    async def test_a_forged_call_is_refused(self, road: Road) -> None:
        """Nobody calls: mails are read from the mailbox, and what is posted to us is none."""
        response = await road.call(Signed(self.said("hallo"), {}))
        assert response.status == 405
        assert await road.transcript(self.address()) == []

    async def test_a_foreign_payload_is_refused(self, road: Road, vendor: Vendor) -> None:
        """What is no mail stays where it is, and the next one is read."""
        await put(
            road, b"\xff\xfe\0", b"\n", b"From: <<>>\n\n", b"From: a@b@c\nSubject: =?x?q?=FF?=\n\n", self.said("hallo")
        )
        await road.deliver()
        assert self.texts(vendor) == ["1: hallo"]

    async def test_a_long_answer_is_cut_at_paragraphs(self, road: Road, vendor: Vendor) -> None:
        """Not here: a mail holds all of it."""
        text = "\n\n".join(f"Absatz {number}. {'Ein langer Satz. ' * 20}".strip() for number in range(20))
        await self.say(road, text)
        await road.deliver()
        assert self.texts(vendor)[0].split() == f"1: {text}".split()

    async def test_a_file_is_refused_politely(self, road: Road, vendor: Vendor) -> None:
        """Never silence."""
        await put(road, (self.payloads / "attachment_apple.eml").read_bytes())
        await road.deliver()
        assert set(self.texts(vendor)) == {"1: Was bedeutet das?", "Entschuldigung, das hat nicht geklappt."}

    @pytest.mark.slow
    def test_mutated_payloads(self, road: Road) -> None:
        """10,000 mails with something broken: understood or left, and never more."""
        channel = road.channel
        real = [file.read_bytes() for file in sorted(self.payloads.glob("*.eml"))]

        @settings(
            max_examples=self.mutations,
            derandomize=True,
            database=None,
            deadline=5000,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def runs(data: st.DataObject) -> None:
            raw = data.draw(mutated_mail(real))
            try:
                check_events(channel.parse(Call("POST", {}, {}, raw)), len(raw))
            except ForeignError:
                return

        runs()

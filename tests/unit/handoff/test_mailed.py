"""The transcript by mail: to the contact on file of a proven mailbox, and to nobody else."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.conversations.model import Incoming
from bot.handoff.mailed import MOST_MESSAGES, MailedTranscripts, TranscriptLetters
from bot.handoff.model import Sending
from bot.mail.demo import DemoMailer
from bot.mail.loop import MailLoop
from bot.mail.seal import Seal
from bot.mailboxes.errors import PlatformError
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.mails import SqlMails
from bot.store.proofs import SqlProofs
from bot.store.transcript_mails import SqlTranscriptMails

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANNA = "anna@lindenpost.example"
WORDS = {
    "utter_transcript_customer": "Sie",
    "utter_transcript_cut": "(Der Anfang fehlt.)",
    "utter_mail_transcript_subject": "Ihr Gespräch",
    "utter_mail_transcript": "Guten Tag,\n\nnach dem Nachweis von {mailbox}:\n\n{transcript}\n\nIhr Kundendienst",
}


class Contacts:
    """Anna's is on file, Frank has none, and the platform can be down."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def find_contact(self, address: str) -> str | None:
        """See the port Mailboxes."""
        self.asked.append(address)
        if address.startswith("kaputt"):
            raise PlatformError("The platform is down, as asked.")
        return "anna.brandt@privat.example" if address == ANNA else None


class House:
    """A conversation, what mails its transcript, and the mails that have gone out."""

    def __init__(self, database: Database, conversation: str) -> None:
        self.now = START
        self.conversation = conversation
        self.database = database
        self.contacts = Contacts()
        self.proofs = SqlProofs(database, self.clock)
        self.woken = 0
        seal = Seal(bytes(range(32)))
        self.mailer = DemoMailer(self.clock)
        self.loop = MailLoop(SqlMails(database, self.clock), self.mailer, seal, self.clock, random.Random(1))
        self.transcripts = MailedTranscripts(
            conversations=SqlConversations(database, self.clock),
            proofs=self.proofs,
            mailboxes=self.contacts,
            mails=SqlTranscriptMails(database, self.clock),
            letters=TranscriptLetters(seal, WORDS.__getitem__, ZoneInfo("Europe/Berlin")),
            wake_mails=self.wake,
            clock=self.clock,
        )

    def clock(self) -> datetime:
        return self.now

    def wake(self) -> None:
        self.woken += 1

    async def send(self, key: str, mailbox: str = ANNA) -> Sending:
        """A wish."""
        return await self.transcripts.send(key, self.conversation, mailbox)

    async def mails(self) -> list[tuple[str, str, str]]:
        """What has gone out, oldest first."""
        await self.loop.do_due()
        return [(shown.mail.to, shown.mail.subject, shown.mail.text) for shown in reversed(self.mailer.shown)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Anna has said hello, and proven that her mailbox is hers; Frank's and a broken one, too."""
    database = open_database(f"sqlite:///{tmp_path}/mailed.db")
    await database.migrate()
    conversations = SqlConversations(database, lambda: START)
    accepted = await conversations.accept(Incoming("web", "anna", "1", "Grüß Gott {mailbox}"), None, 20)
    house = House(database, accepted.conversation)
    proven = [ANNA, "frank@lindenpost.example", "kaputt@lindenpost.example"]
    await house.proofs.add(accepted.conversation, proven, START + timedelta(hours=3))
    yield house
    await database.close()


async def test_it_goes_to_the_contact_on_file(house: House) -> None:
    """And says what was said."""
    assert await house.send("1") is Sending.SENT
    assert house.woken == 1
    assert await house.mails() == [
        (
            "anna.brandt@privat.example",
            "Ihr Gespräch",
            f"Guten Tag,\n\nnach dem Nachweis von {ANNA}:\n\n"
            "Dienstag, 24. November 2026\n\n10:00  Sie:\n  Grüß Gott {mailbox}\n\nIhr Kundendienst",
        )
    ]


async def test_the_same_wish_is_one_mail(house: House) -> None:
    """Such as when a turn is taken again after a crash."""
    assert [await house.send("1") for _ in range(5)] == [Sending.SENT] * 5
    assert len(await house.mails()) == 1


async def test_three_within_an_hour_are_enough(house: House) -> None:
    """Further ones go out when the hour is over."""
    sent = [await house.send(str(number)) for number in range(5)]
    assert sent == [*[Sending.SENT] * 3, *[Sending.TOO_MANY] * 2]
    assert len(await house.mails()) == 3
    house.now += timedelta(minutes=61)
    assert await house.send("4") is Sending.SENT
    assert len(await house.mails()) == 4


async def test_without_a_proof_nothing_is_even_asked(house: House) -> None:
    """Neither for a mailbox of somebody else, nor in another conversation, nor when the proof is too old."""
    assert await house.send("1", "mallory@anderswo.example") is Sending.UNPROVEN
    other = await SqlConversations(house.database, house.clock).begin("web", "mallory")
    assert await house.transcripts.send("2", other, ANNA) is Sending.UNPROVEN
    house.now += timedelta(hours=3)
    assert await house.send("3") is Sending.UNPROVEN
    assert (house.contacts.asked, await house.mails()) == ([], [])


async def test_without_a_contact_or_a_platform_nothing_is_sent(house: House) -> None:
    """And a wish that came to nothing does not count."""
    assert await house.send("1", "frank@lindenpost.example") is Sending.NO_CONTACT
    with pytest.raises(PlatformError):
        await house.send("2", "kaputt@lindenpost.example")
    assert await house.mails() == []
    assert [await house.send(str(number)) for number in range(3)] == [Sending.SENT] * 3


async def test_nobody_reads_it_in_the_database(house: House) -> None:
    """It waits sealed, and is gone when it is sent."""
    await house.send("1")
    sealed = text("SELECT sealed FROM mails")
    waiting = await house.database.read(lambda connection: connection.scalar(sealed))
    assert waiting
    assert "Grüß" not in waiting
    await house.mails()
    assert await house.database.read(lambda connection: connection.scalar(sealed)) == ""


async def test_of_a_very_long_conversation_the_end_is_sent(house: House) -> None:
    """And that the beginning is missing, is said."""
    conversations = SqlConversations(house.database, house.clock)

    def unit(connection: object) -> None:
        for number in range(MOST_MESSAGES):
            conversations.say(connection, house.conversation, f"Nummer {number}")

    words = WORDS | {"utter_transcript_bot": "Postbote"}
    letters = TranscriptLetters(Seal(bytes(range(32))), words.__getitem__, ZoneInfo("Europe/Berlin"))
    await house.database.write(unit)
    messages = await conversations.messages_after(house.conversation, 0)
    sealed = letters.write(messages, ANNA, "anna.brandt@privat.example", START).sealed
    body = Seal(bytes(range(32))).open(sealed)
    assert "(Der Anfang fehlt.)" in body
    assert "Grüß Gott" not in body
    assert "Nummer 0\n" in body
    assert f"Nummer {MOST_MESSAGES - 1}\n" in body

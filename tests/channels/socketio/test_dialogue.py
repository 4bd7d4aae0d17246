"""What customers can do, by the real dialogue, behind a real socket.io-client; the others are in test_matrix.py."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions._wiring import provide
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.live import LiveDialogue
from bot.handoff.model import Person
from bot.mail.demo import DemoMailer
from bot.staff.model import NewAgent
from tests.channels.socketio.conftest import Clients, Door, node, start
from tests.conftest import PROJECT

MAILBOX = "anna@lindenpost.example"

pytestmark = pytest.mark.slow


class Customer:
    """Talks, and sees what is shown."""

    def __init__(self, clients: Clients, door: Door) -> None:
        self.door = door
        self._clients = clients
        self._buttons: dict[str, str] = {}

    async def say(self, text: str, expected: str) -> str:
        """Until the bot says what is expected."""
        self._clients.emit("anna", "user_uttered", {"message": text})
        return await self.hear(expected)

    async def choose(self, title: str, expected: str) -> str:
        """Press a button."""
        return await self.say(
            next(self._buttons[shown] for shown in self._buttons if shown.startswith(title)), expected
        )

    async def hear(self, expected: str) -> str:
        """Until somebody says it."""
        while True:
            [told, _] = await self._clients.next("anna", "bot_uttered")
            if replies := told.get("quick_replies"):
                self._buttons = {reply["title"]: reply["payload"] for reply in replies}
            if re.search(expected, told["text"].replace("\u00a0", " ")):
                return str(told["text"])

    async def code(self) -> str:
        """From the mail that the bot sent."""
        services = self.door.services
        await services._code_loop.do_due()
        await services._mail_loop.do_due()
        assert isinstance(services.mailer, DemoMailer)
        found = re.search(r"\b\d{6}\b", services.mailer.shown[0].mail.text)
        assert found
        return found[0]


@pytest.fixture
async def customer(dialogue: RasaDialogue, packages: Path, tmp_path: Path) -> AsyncIterator[Customer]:
    """With a session."""
    door = await start(tmp_path, LiveDialogue(PROJECT / "models", "of the test", dialogue))
    provide(door.services.accounts)
    async with node(door.url) as clients:
        clients.open("anna")
        await clients.session("anna")
        yield Customer(clients, door)
    await door.server.close()


async def test_an_answer_and_a_question_back(customer: Customer) -> None:
    """The answer's Markdown; the choice by button."""
    assert "sslin.de" in await customer.say("welchen port brauch ich für imap mit ssl", "993")
    await customer.say("mailbox", "nicht sicher, was Sie meinen")
    await customer.choose("Wie voll ist mein Postfach?", "Um welches Postfach")


async def test_the_quota_with_a_code(customer: Customer) -> None:
    """Only for who proves to own the mailbox."""
    await customer.say("wie voll ist mein postfach", "Postfach")
    await customer.say(MAILBOX, "Code")
    await customer.say(await customer.code(), "64 %")


async def test_a_restore(customer: Customer) -> None:
    """From the wish to the ticket's number."""
    await customer.say(f"bitte stellen sie das ganze postfach {MAILBOX} von gestern 16 uhr wieder her", "Code")
    await customer.say(await customer.code(), "Wohin")
    await customer.choose("In einen Unterordner", "")
    await customer.say("max@privat.example", "fasse zusammen")
    await customer.choose("Ja, Auftrag erteilen", r"T-\w{8}")


async def test_a_person_and_a_rating(customer: Customer) -> None:
    """The hand-off in the same chat; at its end the customer rates it."""
    services = customer.door.services
    account = await services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger"))
    agent = Person(account.id, account.name)
    await customer.say("ich möchte mit einem menschen sprechen", "")
    conversation = await services.desk.claim_next(agent)
    assert conversation is not None
    await services.desk.say(conversation, agent, "k", "Guten Tag, was kann ich für Sie tun?")
    await customer.hear("Guten Tag, was kann ich für Sie tun?")
    await services.desk.close(conversation, agent, "Gelöst")
    await customer.hear("zufrieden")
    await customer.choose("★ 5", "etwas sagen")
    await customer.say("War sehr nett", "Rückmeldung")

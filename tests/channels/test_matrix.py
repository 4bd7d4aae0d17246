"""Channel × what customers can do: the real dialogue, behind every channel. The table is in docs/channels.md."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions._wiring import provide
from bot.channels.choose import KINDS
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.live import LiveDialogue
from bot.handoff.model import Person
from bot.mail.demo import DemoMailer
from bot.staff.model import NewAgent
from tests.channels.contract import ChannelContract
from tests.channels.registry import CONTRACTS
from tests.channels.road import Road, configure
from tests.channels.vendor import Vendor
from tests.conftest import PROJECT

MAILBOX = "anna@lindenpost.example"

pytestmark = pytest.mark.slow


class Customer:
    """Talks through one channel, and sees what it shows."""

    def __init__(self, contract: ChannelContract, road: Road, vendor: Vendor) -> None:
        self.road = road
        self.contract = contract
        self.vendor = vendor
        self._said = 0
        self._seen = 0
        self._heard = ""

    async def say(self, text: str) -> str:
        """What is answered to it."""
        self._said += 1
        await self.contract.say(self.road, text, f"m{self._said}")
        return await self.hear()

    async def choose(self, title: str) -> str:
        """Press the button if the channel shows it; else type its number."""
        self._said += 1
        buttons = {shown: id for id, shown in self.contract.buttons(self.vendor.sent[-1])}
        found = next((shown for shown in buttons if shown.startswith(title[:12])), None)
        if found is None:
            number = re.search(rf"^(\d+)\. {re.escape(title)}", self._heard, re.MULTILINE)
            assert number, f"{title!r} is neither a button nor in a list: {self._heard}"
            return await self.say(number[1])
        await self.contract.press(self.road, buttons[found], found, f"m{self._said}")
        return await self.hear()

    async def hear(self) -> str:
        """What was said since the last time."""
        await self.road.deliver()
        heard, self._seen = self.vendor.sent[self._seen :], len(self.vendor.sent)
        self._heard = "\n".join(map(self.contract.shown, heard)).replace("\u00a0", " ")
        return self._heard

    async def code(self) -> str:
        """From the mail that the bot sent."""
        services = self.road.services
        await services._code_loop.do_due()
        await services._mail_loop.do_due()
        assert isinstance(services.mailer, DemoMailer)
        found = re.search(r"\b\d{6}\b", services.mailer.shown[0].mail.text)
        assert found
        return found[0]


@pytest.fixture(params=sorted(CONTRACTS))
async def customer(
    request: pytest.FixtureRequest,
    dialogue: RasaDialogue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Customer]:
    """One of each channel."""
    contract = CONTRACTS[request.param]()
    vendor = contract.new_vendor()
    await vendor.start()
    configure(monkeypatch, contract.name, contract.options(vendor.url))
    live = LiveDialogue(PROJECT / "models", "of the test", dialogue)
    async with Road(contract.name, contract.kind, vendor, tmp_path, live) as road:
        provide(road.services.accounts)
        yield Customer(contract, road, vendor)
    await vendor.stop()


async def test_an_answer_of_the_faq(customer: Customer) -> None:
    """In the channel's own form, with the facts."""
    answer = await customer.say("welchen port brauch ich für imap mit ssl")
    assert "993" in answer
    assert "sslin.de" in answer


async def test_a_question_back(customer: Customer) -> None:
    """Its buttons are pressed, or their numbers typed."""
    assert "nicht sicher, was Sie meinen" in await customer.say("mailbox")
    assert "Um welches Postfach" in await customer.choose("Wie voll ist mein Postfach?")


async def test_the_quota_with_a_code(customer: Customer) -> None:
    """Only for who proves to own the mailbox."""
    assert "Postfach" in await customer.say("wie voll ist mein postfach")
    assert "Code" in await customer.say(MAILBOX)
    assert "64 %" in await customer.say(await customer.code())


async def test_a_restore(customer: Customer) -> None:
    """From the wish to the ticket's number."""
    await customer.say(f"bitte stellen sie das ganze postfach {MAILBOX} von gestern 16 uhr wieder her")
    assert "Wohin" in await customer.say(await customer.code())
    await customer.choose("In einen Unterordner")
    assert "fasse zusammen" in await customer.say("max@privat.example")
    assert re.search(r"T-\w{8}", await customer.choose("Ja, Auftrag erteilen"))


async def test_a_person_and_a_rating(customer: Customer) -> None:
    """The hand-off in the same chat; at its end the customer rates it."""
    services = customer.road.services
    account = await services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger"))
    agent = Person(account.id, account.name)
    words = await customer.say("ich möchte mit einem menschen sprechen")
    if customer.road.kind.own_desk:
        # People answer at the vendor's: nobody waits at our desk, and what comes after is the vendor's.
        assert "hole jemanden aus unserem Team" in words
        assert customer.contract.handed_over(customer.vendor) == [customer.contract.address()]
        assert await services.desk.claim_next(agent) is None
        return
    assert words
    conversation = await services.desk.claim_next(agent)
    assert conversation is not None
    await services.desk.say(conversation, agent, "k", "Guten Tag, was kann ich für Sie tun?")
    assert "Guten Tag, was kann ich für Sie tun?" in await customer.hear()
    await services.desk.close(conversation, agent, "Gelöst")
    assert "zufrieden" in await customer.hear()
    assert "etwas sagen" in await customer.choose("★ 5")
    assert "Rückmeldung" in await customer.say("War sehr nett")


def test_every_channel_is_in_the_matrix() -> None:
    """And on the page that operators read."""
    page = (PROJECT / "docs" / "channels.md").read_text("utf-8")
    for name in KINDS:
        assert name in CONTRACTS, f"{name} is not in tests/channels/registry.py"
        assert f"channels/{name}.md" in page, f"{name} is not in docs/channels.md"

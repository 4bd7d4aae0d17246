"""The contract of channels whose vendor has a desk of its own: people answer there, and the bot is silent meanwhile."""

from abc import abstractmethod
from typing import Any

from bot.conversations.model import Author
from bot.handoff.model import Person
from bot.staff.model import NewAgent
from tests.channels.contract import ChannelContract
from tests.channels.road import Road
from tests.channels.vendor import Vendor


class OwnDeskContract(ChannelContract):
    """See the contract; the vendor's hand-over fails on command as messages do."""

    @abstractmethod
    def handed_over(self, vendor: Vendor) -> list[str]:
        """Addresses that the vendor was asked to let people take over, as often as it was."""

    @abstractmethod
    def said_to_people(self, text: str, id: str = "m3", address: str = "anna") -> Any:
        """The payload of a message while people have the conversation."""

    async def test_a_person_takes_over(self, road: Road, vendor: Vendor) -> None:
        """At the vendor's, not at our desk: the bot is silent until it is given back."""
        await self.say(road, "mensch", "a")
        await road.deliver()
        assert self.texts(vendor)[0].startswith("1: Ich rufe jemanden.")
        assert self.handed_over(vendor) == [self.address()]
        assert (await road.call(self.signed(self.said_to_people("hallo?", "b")))).status == 200
        await road.deliver()
        assert len(vendor.sent) == 1
        said = [line.text for line in await road.transcript(self.address()) if line.author is Author.CUSTOMER]
        assert said == ["mensch"]
        await self.say(road, "hallo", "c")
        await road.deliver()
        assert self.texts(vendor)[1:] == ["2: hallo"]
        assert self.handed_over(vendor) == [self.address()]

    async def test_nobody_waits_at_our_desk(self, road: Road, vendor: Vendor) -> None:
        """The vendor's people would not see it there."""
        await self.say(road, "mensch", "a")
        await road.deliver()
        berger = await road.services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger"))
        assert await road.services.desk.claim_next(Person(berger.id, berger.name)) is None

    async def test_the_words_come_before_the_people(self, road: Road, vendor: Vendor) -> None:
        """As long as the words have not arrived, nobody takes over."""
        vendor.failures.append("500")
        await self.say(road, "mensch", "a")
        await road.deliver()
        assert (vendor.sent, self.handed_over(vendor)) == ([], [])
        await road.later(60)
        assert (len(vendor.sent), self.handed_over(vendor)) == (1, [self.address()])

    async def test_a_hand_over_that_fails_is_tried_again(self, road: Road, vendor: Vendor) -> None:
        """Without saying the words again."""
        vendor.failures.extend(["", "500", "reset"])
        await self.say(road, "mensch", "a")
        await road.deliver()
        assert (len(vendor.sent), self.handed_over(vendor)) == (1, [])
        [(status, attempts, error)] = await road.outbox()
        assert (status, attempts) == ("queued", 1)
        assert error
        await road.later(60)
        await road.later(600)
        assert (len(vendor.sent), self.handed_over(vendor)) == (1, [self.address()])
        assert [status for status, _, _ in await road.outbox()] == ["sent"]

    async def test_a_hand_over_of_nobody_is_dead(self, road: Road, vendor: Vendor) -> None:
        """The conversation was deleted between the words and the hand-over."""
        vendor.failures.extend(["", "blocked"])
        await self.say(road, "mensch", "a")
        await road.deliver()
        assert [status for status, _, _ in await road.outbox()] == ["dead"]
        assert await road.unreachable(self.address())

"""
What every channel must do. A channel's test module subclasses `ChannelContract` and gains all of these tests.

See tests/channels/echo/test_echo.py for the shortest one, and docs/how-to/add-a-channel.md.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.choose import choose_channels
from bot.channels.errors import ForeignError, ForgedError
from bot.channels.port import Call, Event, Kind, Said
from bot.errors import SettingsError
from bot.handoff.model import Person
from bot.staff.model import NewAgent
from tests.channels.mutations import check_events, mutated
from tests.channels.road import Road, Signed, configure
from tests.channels.vendor import Vendor

KINDS_OF_PAYLOADS = ("text", "button", "edit", "attachment", "unsupported", "status")


class ChannelContract(ABC):
    """What a module says of its channel, and what then holds."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    payloads: ClassVar[Path]
    """Folder of real payloads, as the vendor documents them: `<kind>_<what>.json`."""
    events: ClassVar[dict[str, list[Event]]]
    """What each of them means, by file name without `.json`."""
    without: ClassVar[frozenset[str]] = frozenset()
    """Kinds of payloads that the vendor does not have; say why in a comment."""
    needed: ClassVar[frozenset[str]]
    """Options without a default: without any of them the start must stop."""
    mutations: ClassVar[int] = 10_000

    @abstractmethod
    def options(self, url: str) -> dict[str, str]:
        """The channel's options, with the vendor at `url`."""

    @abstractmethod
    def new_vendor(self) -> Vendor:
        """Its server, not started yet."""

    @abstractmethod
    def sign(self, body: bytes) -> Signed:
        """A call as the vendor signs it."""

    @abstractmethod
    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        """The payload of a message; `address` may be made into what the vendor's addresses look like."""

    def address(self, address: str = "anna") -> str:
        """What `parse` makes of the address of `said`."""
        return address

    @abstractmethod
    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any | None:
        """The payload of a button; None where the channel shows none."""

    @abstractmethod
    def shown(self, sent: Any) -> str:
        """The text of what the vendor was sent."""

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        """Id and title of the buttons of what the vendor was sent."""
        return []

    def handed_over(self, vendor: Vendor) -> list[str]:
        """Addresses that the vendor was asked to let people take over, as often as it was."""
        return []

    @pytest.fixture
    async def vendor(self) -> AsyncIterator[Vendor]:
        """The vendor's server."""
        vendor = self.new_vendor()
        await vendor.start()
        yield vendor
        await vendor.stop()

    @pytest.fixture
    async def road(self, vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Road]:
        """The whole road, with a dialogue that says back what it hears."""
        configure(monkeypatch, self.name, self.options(vendor.url))
        async with Road(self.name, self.kind, vendor, tmp_path) as road:
            yield road

    async def say(self, road: Road, text: str, id: str = "m1", address: str = "anna") -> None:
        """A customer writes, and the vendor is told that we have it."""
        response = await road.call(self.signed(self.said(text, id, address)))
        assert response.status == 200, await response.text()

    async def press(self, road: Road, choice: str, title: str, id: str = "m2", address: str = "anna") -> None:
        """A customer presses a button."""
        response = await road.call(self.signed(self.pressed(choice, title, id, address)))
        assert response.status == 200, await response.text()

    def signed(self, payload: Any) -> Signed:
        """A call with this payload."""
        return self.sign(json.dumps(payload).encode())

    def texts(self, vendor: Vendor) -> list[str]:
        """What the customer sees."""
        return [self.shown(sent) for sent in vendor.sent]

    # --- in ---

    def test_every_kind_of_payload_is_here(self) -> None:
        """Text, button, edit, attachment, what we cannot read, and news of a delivery; each with what it means."""
        names = {file.stem for file in self.payloads.glob("*.json")}
        assert names == set(self.events)
        assert {name.split("_")[0] for name in names} >= set(KINDS_OF_PAYLOADS) - self.without

    async def test_real_payloads_mean_what_they_say(self, road: Road) -> None:
        """As the vendor documents them."""
        for name, expected in self.events.items():
            body = (self.payloads / f"{name}.json").read_bytes()
            assert list(await self.understood(road, self.sign(body))) == expected, name

    async def understood(self, road: Road, signed: Signed) -> Sequence[Event]:
        """What the channel makes of a call."""
        call = Call("POST", signed.headers, {}, signed.body)
        await road.channel.check(call)
        return road.channel.parse(call)

    async def test_every_real_payload_is_answered_200(self, road: Road) -> None:
        """Also what does not matter to us, twice."""
        for name in [*self.events, *self.events]:
            response = await road.call(self.sign((self.payloads / f"{name}.json").read_bytes()))
            assert response.status == 200, name

    async def test_a_forged_call_is_refused(self, road: Road) -> None:
        """And leaves no trace."""
        signed = self.signed(self.said("hallo"))
        for headers in ({}, {name: value[:-1] + "0" for name, value in signed.headers.items()}):
            response = await road.call(Signed(signed.body, {"Content-Type": "application/json", **headers}))
            assert response.status == 401
        assert await road.transcript(self.address()) == []

    async def test_a_foreign_payload_is_refused(self, road: Road) -> None:
        """Signed, but of another form."""
        for body in (b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"a": NaN}', b"[" * 5000):
            response = await road.call(self.sign(body))
            assert response.status == 400, body

    async def test_a_delivery_that_comes_twice_is_taken_once(self, road: Road, vendor: Vendor) -> None:
        """Vendors repeat what they think was not heard."""
        for _ in range(3):
            await self.say(road, "hallo", "same")
        await road.deliver()
        assert self.texts(vendor) == ["1: hallo"]

    # --- out ---

    async def test_the_full_road(self, road: Road, vendor: Vendor) -> None:
        """A message in, the answer out, in order."""
        await self.say(road, "hallo", "a")
        await road.deliver()
        await self.say(road, "zwei", "b")
        await road.deliver()
        assert self.texts(vendor) == ["1: hallo", "2: zwei", "und noch etwas"]
        assert [status for status, _, _ in await road.outbox()] == ["sent"] * 3

    @pytest.mark.parametrize("failure", ["429", "500", "timeout", "reset"])
    async def test_a_failure_of_the_vendor_passes(self, road: Road, vendor: Vendor, failure: str) -> None:
        """Tried again, not before the vendor's wish; nothing is lost, and what came later waits."""
        vendor.failures.append(failure)
        await self.say(road, "zwei", "a")
        await road.deliver()
        assert self.texts(vendor) == []
        [(status, attempts, error), _] = await road.outbox()
        assert (status, attempts) == ("queued", 1)
        assert error
        if failure == "429":
            await road.later(29)
            assert vendor.attempts == 1
        await road.later(31)
        assert self.texts(vendor) == ["1: zwei", "und noch etwas"]

    async def test_a_customer_who_blocks_us_is_recorded(self, road: Road, vendor: Vendor) -> None:
        """Not tried again; forgotten as soon as they write."""
        vendor.failures.append("blocked")
        await self.say(road, "zwei", "a")
        await road.deliver()
        await road.later(10_000)
        assert self.texts(vendor) == []
        assert [status for status, _, _ in await road.outbox()] == ["dead"] * 2
        assert await road.unreachable(self.address())
        await self.say(road, "hallo", "b")
        assert await road.unreachable(self.address()) is None
        await road.deliver()
        assert self.texts(vendor) == ["2: hallo"]

    async def test_a_long_answer_is_cut_at_paragraphs(self, road: Road, vendor: Vendor) -> None:
        """Within the vendor's limit, nothing is left out; and a failure in the middle repeats no part."""
        text = self.long(road)
        vendor.failures.extend(["", "500"])
        await self.say(road, text)
        await road.deliver()
        await road.later(60)
        parts = self.texts(vendor)
        assert len(parts) > 1
        assert all(road.channel.form.measure(part) <= road.channel.form.longest for part in parts)
        assert " ".join(parts).split() == f"1: {text}".split()

    def long(self, road: Road) -> str:
        """Paragraphs that need more than one part."""
        paragraph = "Ein langer Satz über Postfächer und was darin liegt. " * 3
        return "\n\n".join(
            f"Absatz {number}. {paragraph.strip()}" for number in range(road.channel.form.longest // 100)
        )

    async def test_a_choice_by_button_or_number(self, road: Road, vendor: Vendor) -> None:
        """Buttons where the channel has them; always also by typing the title."""
        await self.say(road, "knöpfe", "a")
        await road.deliver()
        if offered := self.buttons(vendor.sent[-1]):
            assert [title for _, title in offered] == ["Ja", "Nein"]
            await self.press(road, *offered[0], "b")
        else:
            assert "1. Ja\n2. Nein" in self.texts(vendor)[-1]
            await self.say(road, "1", "b")
        await road.deliver()
        assert self.texts(vendor)[-1] == "2: /affirm"
        await self.say(road, "knöpfe", "c")
        await road.deliver()
        await self.say(road, "nein", "d")
        await road.deliver()
        assert self.texts(vendor)[-1] == "4: /deny"

    async def test_a_person_takes_over(self, road: Road, vendor: Vendor) -> None:
        """In the same chat: the bot is silent, the agent's words arrive, then the bot is back."""
        await self.say(road, "mensch", "a")
        await road.deliver()
        berger = await road.services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger"))
        agent = Person(berger.id, berger.name)
        conversation = await road.services.conversations.find(self.name, self.address())
        assert conversation is not None
        await road.services.desk.claim(conversation, agent)
        await self.say(road, "hallo?", "b")
        await road.services.desk.say(conversation, agent, "k1", "Guten Tag, was kann ich tun?")
        await road.deliver()
        assert self.texts(vendor)[1:] == ["Frau Berger ist da.", "Guten Tag, was kann ich tun?"]
        await road.services.desk.give_back(conversation, agent)
        await self.say(road, "hallo", "c")
        await road.deliver()
        assert self.texts(vendor)[-1] == "2: hallo"

    async def test_a_file_is_refused_politely(self, road: Road, vendor: Vendor) -> None:
        """Never silence."""
        name = next(name for name in self.events if name.startswith("attachment"))
        await road.call(self.sign((self.payloads / f"{name}.json").read_bytes()))
        await road.deliver()
        assert vendor.sent

    async def test_a_file_that_is_to_be_kept(self, road: Road) -> None:
        """What the channel needs to fetch it is remembered."""
        if "attachment" in self.without:
            return  # the vendor has none
        road.keep_attachments()
        events = next(events for name, events in self.events.items() if name.startswith("attachment"))
        await road.services.inbound.take(road.channel, events)
        files = [file for event in events if isinstance(event, Said) for file in event.files]
        due = await road.services.attachments.due()
        assert [(each.file.reference, each.channel) for each in due] == [(file.reference, self.name) for file in files]

    # --- settings ---

    def test_half_configured_stops_the_start(self, road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
        """With a message that names the key."""
        tools = road.channel_tools()
        for key in self.needed:
            name = f"POSTBOTE_CHANNEL_{self.name.upper()}_{key.upper()}"
            with monkeypatch.context() as patch:
                patch.delenv(name)
                with pytest.raises(SettingsError, match=name):
                    choose_channels(tools, {self.name: self.kind})

    async def test_ping_says_who_we_are(self, road: Road) -> None:
        """For `python -m bot channels`."""
        assert await road.channel.ping()

    # --- what no vendor sends ---

    @pytest.mark.slow
    def test_mutated_payloads(self, road: Road) -> None:
        """10,000 of them: understood or refused, and never more."""
        channel = road.channel
        real = [json.loads(file.read_bytes()) for file in sorted(self.payloads.glob("*.json"))]

        @settings(
            max_examples=self.mutations,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def runs(data: st.DataObject) -> None:
            body = data.draw(mutated(real))
            signed = self.sign(body)
            call = Call("POST", signed.headers, {}, signed.body)
            try:
                check_events(channel.parse(call), len(body))
            except (ForeignError, ForgedError):
                return
            assert channel.reply(call).status == 200

        runs()

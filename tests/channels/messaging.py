"""What the tests of Messenger and Instagram share."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from aiohttp import web

from bot.channels.errors import ChannelError
from bot.channels.port import Part, Said
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Choice, Message
from tests.channels.contract import ChannelContract
from tests.channels.graph import OPTIONS, TOKEN, VERIFY_TOKEN, Graph, fault, signed
from tests.channels.road import Road, Signed, configure
from tests.channels.vendor import Vendor
from tests.contract.clock import START

CUSTOMER = "1254459154682919"


def at(milliseconds: int) -> datetime:
    """A moment as Meta names it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class SendApi(Graph):
    """Meta's Send API."""

    def blocked(self) -> web.Response:
        return fault(400, 551, "(#551) This person isn't available right now.", 1545041)

    def too_many(self) -> web.Response:
        response = fault(400, 613, "(#613) Calls to this API have exceeded the rate limit.")
        response.headers["Retry-After"] = "30"
        return response


def late() -> web.Response:
    """What Meta says to a message outside of the window."""
    return fault(400, 10, "(#10) This message is sent outside of allowed window.", 2018278)


class MessagingContract(ChannelContract):
    """See the contract; both are answered in the same way."""

    object: ClassVar[str]
    account: ClassVar[str]
    account_key: ClassVar[str]
    account_fields: ClassVar[dict[str, str]]

    def options(self, url: str) -> dict[str, str]:
        return {**OPTIONS, self.account_key: self.account, "url": url}

    def new_vendor(self) -> Vendor:
        vendor = SendApi()
        vendor.answers[f"/{self.account}"] = self.account_fields
        return vendor

    def sign(self, body: bytes) -> Signed:
        return signed(body)

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return self.call(address, message={"mid": id, "text": text})

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        return self.call(address, message={"mid": id, "text": title, "quick_reply": {"payload": choice}})

    def call(self, address: str, **happened: Any) -> Any:
        """With one event."""
        event = {"sender": {"id": address}, "recipient": {"id": self.account}, "timestamp": 1569262486134, **happened}
        return {"object": self.object, "entry": [{"id": self.account, "time": 1569262486134, "messaging": [event]}]}

    def shown(self, sent: Any) -> str:
        return str(sent["message"]["text"])

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        return [(reply["payload"], reply["title"]) for reply in sent["message"].get("quick_replies", [])]

    async def test_the_handshake_gets_its_challenge_back(self, road: Road) -> None:
        """By GET, and only with our word."""
        query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
        response = await road.client.get(f"/webhooks/{self.name}", params=query)
        assert (response.status, await response.text()) == (200, "1158201444")
        response = await road.client.get(f"/webhooks/{self.name}", params={**query, "hub.verify_token": "x"})
        assert response.status == 401

    async def test_another_of_meta_s_products_is_foreign(self, road: Road) -> None:
        """Whose address was entered in the wrong place."""
        call = self.said("hallo") | {"object": "whatsapp_business_account"}
        assert (await road.call(self.signed(call))).status == 400

    async def test_short_titles_are_quick_replies(self, road: Road, vendor: Vendor) -> None:
        """13 of 20 characters; as an answer to the customer."""
        await road.channel.send(CUSTOMER, self.offer("x" * 20, *map(str, range(12))))
        [sent] = vendor.sent
        assert len(self.buttons(sent)) == 13
        assert sent["message"]["quick_replies"][0]["content_type"] == "text"
        assert (sent["recipient"], sent["messaging_type"]) == ({"id": CUSTOMER}, "RESPONSE")

    async def test_long_titles_have_numbers_that_are_pressed(self, road: Road, vendor: Vendor) -> None:
        """The titles stand in the text, because Meta would cut them; a number is understood by its button's id."""
        await road.channel.send(CUSTOMER, self.offer("Ja", "x" * 21))
        [sent] = vendor.sent
        assert self.shown(sent) == f"Welches?\n\n1. Ja\n2. {'x' * 21}"
        assert self.buttons(sent) == [("abcdefghijklmn00", "1"), ("abcdefghijklmn01", "2")]
        [event] = await self.understood(road, self.signed(self.pressed("abcdefghijklmn01", "2")))
        assert isinstance(event, Said)
        assert event.incoming.choice == "abcdefghijklmn01"

    async def test_too_many_are_typed(self, road: Road, vendor: Vendor) -> None:
        """By their numbers."""
        titles = tuple(map(str, range(14)))
        await road.channel.send(CUSTOMER, self.offer(*titles))
        assert f"2. {titles[1]}" in self.shown(vendor.sent[0])
        assert self.buttons(vendor.sent[0]) == []

    def offer(self, *titles: str) -> Message:
        """From the bot, with buttons."""
        choices = tuple(Choice(f"abcdefghijklmn{number:02}", title) for number, title in enumerate(titles))
        return Message(4, "17", Author.BOT, "Welches?", choices, START)

    async def test_the_customer_sees_that_we_read_and_write(self, road: Road, vendor: Graph) -> None:
        """As soon as the message is stored."""
        await self.say(road, "hallo", "a")
        await road.settle()
        assert [(mark["recipient"]["id"], mark["sender_action"]) for mark in vendor.marks] == [
            ("anna", "mark_seen"),
            ("anna", "typing_on"),
        ]

    # --- the window ---

    @pytest.mark.parametrize("author", [Author.BOT, Author.AGENT])
    async def test_what_is_too_late_is_dead(self, road: Road, vendor: Graph, author: Author) -> None:
        """With a reason that says what to do; the customer is not gone."""
        vendor.refusals.append(late())
        with pytest.raises(DeliveryError, match=f"POSTBOTE_CHANNEL_{self.name.upper()}_HUMAN_AGENT") as raised:
            await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0", author))
        assert (raised.value.final, raised.value.gone, vendor.sent) == (True, False, [])

    @pytest.fixture
    async def people(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Meta approved Human Agent; to be named before `road`."""
        configure(monkeypatch, self.name, {"human_agent": "true"})

    async def test_agents_may_write_later(self, people: None, road: Road, vendor: Graph) -> None:
        """But the bot may not, and nobody after seven days."""
        vendor.refusals.append(late())
        await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0", Author.AGENT))
        [sent] = vendor.sent
        assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
        for author, refusals in ((Author.BOT, 1), (Author.AGENT, 2)):
            vendor.refusals.extend(late() for _ in range(refusals))
            with pytest.raises(DeliveryError) as raised:
                await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0", author))
            assert raised.value.final
        assert len(vendor.sent) == 1

    @pytest.mark.parametrize(
        ("status", "code", "subcode", "final", "gone", "retry_after"),
        [
            (400, 551, 1545041, True, True, None),
            (400, 100, 2018001, True, True, None),
            (400, 100, None, True, False, None),
            (400, 613, None, False, False, 60),
            (400, 4, None, False, False, 60),
            (400, 190, 460, False, False, None),
            (403, 200, None, False, False, None),
            (400, 10, None, False, False, None),
            (500, 1200, None, False, False, None),
        ],
    )
    async def test_meta_s_codes(  # noqa: PLR0917 -- a row of the table
        self,
        road: Road,
        vendor: Graph,
        status: int,
        code: int,
        subcode: int | None,
        final: bool,
        gone: bool,
        retry_after: float | None,
    ) -> None:
        """What can never arrive, who is gone, and what passes."""
        vendor.refusals.append(fault(status, code, f"(#{code}) No", subcode))
        with pytest.raises(DeliveryError) as raised:
            await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0"))
        error = raised.value
        assert (error.final, error.gone, error.retry_after) == (final, gone, retry_after)

    # --- files, and who we are ---

    async def test_a_file_is_fetched_without_our_token(self, road: Road, vendor: Graph) -> None:
        """Its address opens it; whoever serves it must not learn the token."""
        file = File("a.png", "image/png", None, f"{vendor.url}/files/a.png")
        assert await road.channel.fetch(file, 100) == vendor.file
        assert vendor.asked == [("/files/a.png", None)]
        with pytest.raises(DeliveryError, match="more than 5 bytes"):
            await road.channel.fetch(file, 5)

    async def test_ping_names_us_or_the_fault(self, road: Road, vendor: Graph) -> None:
        """Without the token."""
        assert await road.channel.ping() in self.account_fields.values()
        vendor.answers.clear()
        with pytest.raises(ChannelError) as raised:
            await road.channel.ping()
        assert TOKEN not in str(raised.value)

    async def test_connect_subscribes(self, road: Road, vendor: Graph) -> None:
        """And says where the address is to be entered."""
        told = await road.channel.set_webhook(f"https://hilfe.example/webhooks/{self.name}")
        assert f"https://hilfe.example/webhooks/{self.name}" in told
        [(path, _)] = vendor.asked
        assert path.startswith("/me/subscribed_apps?subscribed_fields=messages,messaging_postbacks")

    async def test_what_was_read_by_a_moment(self, road: Road, vendor: Vendor) -> None:
        """What we said until then; not what we said later."""
        await self.say(road, "hallo", "a")
        await road.deliver()
        before = int(road.clock().timestamp() * 1000) + 1
        road.clock.pass_by(60)
        await self.say(road, "zwei", "b")
        await road.deliver()
        call = self.call("anna", read={"watermark": before, "mid": "m"})
        call["entry"][0]["messaging"][0]["timestamp"] = before
        assert (await road.call(self.signed(call))).status == 200
        conversation = await road.services.conversations.find(self.name, "anna")
        assert conversation is not None
        lines = await road.services.transcripts.last(conversation, 10)
        assert [str(line.delivery) for line in lines if line.message.author is Author.BOT] == ["read", "sent", "sent"]

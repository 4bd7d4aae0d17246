"""WhatsApp by Meta's Cloud API."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiohttp import web

from bot.channels.errors import ChannelError, ForgedError
from bot.channels.port import Call, Event, Failed, Gone, Part, Said, Seen, Unreadable
from bot.channels.whatsapp import KIND
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Choice, Incoming, Message
from tests.channels.contract import ChannelContract
from tests.channels.graph import OPTIONS, TOKEN, VERIFY_TOKEN, Graph, fault, signed
from tests.channels.road import Road, Signed, configure
from tests.channels.vendor import Vendor
from tests.contract.clock import START

HERE = Path(__file__).parent
NUMBER = "106540352242922"
USER = "US.13491208655302741918"
PHONE = "16505551234"
SENT = 1795512000
"""When the payloads are from: 10 minutes before the clock's start."""
A_DAY = 86_400


def sheena(id: str, text: str, choice: str | None = None, by: str = USER, after: int = 0) -> Incoming:
    """What Sheena Nelson said."""
    full = f"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQz{id}"
    return Incoming("whatsapp", by, full, text, choice, 10, 72, metadata={"at": SENT + after})


def file(name: str, type: str, id: str) -> tuple[File]:
    """Attached."""
    return (File(name, type, None, id),)


def message(text: str, *titles: str) -> Message:
    """From the bot, with buttons."""
    choices = tuple(Choice(f"abcdefghijklmno{number}", title) for number, title in enumerate(titles))
    return Message(4, "17", Author.BOT, text, choices, START)


class Cloud(Graph):
    """Meta's Cloud API."""

    def __init__(self) -> None:
        super().__init__()
        self.answers[f"/{NUMBER}"] = {"verified_name": "Lindenpost", "display_phone_number": "+49 30 1234567"}

    def blocked(self) -> web.Response:
        return fault(400, 131026, "(#131026) Message undeliverable")


class TestWhatsApp(ChannelContract):
    """See the contract."""

    name = "whatsapp"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"app_secret", "verify_token", "token", "phone_number_id"})
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(sheena("QT1", "Wie voll ist mein Postfach?"))],
        "text_without_user_id": [Said(sheena("QT2", "Hallo", by=PHONE))],
        "text_user_name": [Said(sheena("QT3", "Hallo"))],
        "text_reply": [Said(sheena("QT4", "Das meine ich"))],
        "text_forwarded": [Said(sheena("QT5", "Weitergeleitet"))],
        "text_from_an_ad": [Said(sheena("QT6", "Hallo"))],
        "text_several": [
            Said(sheena(f"QS{number}", text, after=after))
            for number, (text, after) in enumerate([("null", 5), ("eins", 10), ("zwei", 20), ("drei", 30)])
        ],
        "text_other_number": [],
        "text_group": [],
        "button": [Said(sheena("QB1", "Ja", "abcdefghijklmnop"))],
        "button_list": [Said(sheena("QB2", "Ja", "abcdefghijklmnop"))],
        "button_list_with_description": [Said(sheena("QB3", "Wie voll ist mein Postfach?", "abcdefghijklmnop"))],
        "button_template": [Said(sheena("QB4", "Ja, gern"))],
        "edit": [Said(sheena("QE1", "Wie voll ist mein Postfach denn?"))],
        "edit_caption": [Said(sheena("QE2", "Updated image caption"))],
        "edit_revoke": [],
        "attachment_image": [Said(sheena("QA1", "Taj Mahal"), file("image.jpg", "image/jpeg", "1003383421387256"))],
        "attachment_document": [Said(sheena("QA2", ""), file("Rechnung.pdf", "application/pdf", "1376223850470843"))],
        "attachment_audio": [Said(sheena("QA3", ""), file("audio.mp3", "audio/mpeg", "1908647269898587"))],
        "attachment_video": [
            Said(sheena("QA4", "So sieht es aus"), file("video.mp4", "video/mp4", "1215194677037265"))
        ],
        "unsupported": [Unreadable(sheena("QU1", "❓"))],
        "unsupported_voice": [Unreadable(sheena("QU2", "🎤"))],
        "unsupported_sticker": [Unreadable(sheena("QU3", "🙂"))],
        "unsupported_location": [Unreadable(sheena("QU4", "📍"))],
        "unsupported_contacts": [Unreadable(sheena("QU5", "👤"))],
        "unsupported_order": [Unreadable(sheena("QU6", "🛒"))],
        "unsupported_reaction": [],
        "unsupported_flow": [Unreadable(sheena("QU8", "❓"))],
        "unsupported_interactive_with_error": [Unreadable(sheena("QU9", "❓"))],
        "status_sent": [],
        "status_delivered": [Seen(USER, 4, read=False)],
        "status_read": [Seen(USER, 4, read=True)],
        "status_of_another_software": [],
        "status_of_a_template": [],
        "status_failed": [
            Failed(
                USER,
                17,
                "131047 Re-engagement message: Message failed to send because more than 24 hours have passed since "
                "the customer last replied to this number.",
            )
        ],
        "status_failed_undeliverable": [
            Failed(USER, 17, "131026 Message undeliverable: Message Undeliverable."),
            Gone(USER, "131026 Message undeliverable: Message Undeliverable."),
        ],
        "status_moved": [Gone(by, "The customer has another number now.") for by in (USER, PHONE)],
        "status_identity": [],
        "status_account_update": [],
        "status_echo_of_the_app": [],
    }

    def options(self, url: str) -> dict[str, str]:
        return {**OPTIONS, "phone_number_id": NUMBER, "url": url}

    def new_vendor(self) -> Vendor:
        return Cloud()

    def sign(self, body: bytes) -> Signed:
        return signed(body)

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return self.call(id, address, type="text", text={"body": text})

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        reply = {"type": "button_reply", "button_reply": {"id": choice, "title": title}}
        return self.call(id, address, type="interactive", interactive=reply)

    def call(self, id: str, address: str, at: int = SENT, **content: Any) -> Any:
        """With one message."""
        body = {"from": address, "id": id, "timestamp": str(at), **content}
        metadata = {"display_phone_number": "15550783881", "phone_number_id": NUMBER}
        value = {"messaging_product": "whatsapp", "metadata": metadata, "messages": [body]}
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}

    def shown(self, sent: Any) -> str:
        return str(sent["text"]["body"] if sent["type"] == "text" else sent["interactive"]["body"]["text"])

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        if sent["type"] == "text":
            return []
        action = sent["interactive"]["action"]
        if sent["interactive"]["type"] == "button":
            return [(button["reply"]["id"], button["reply"]["title"]) for button in action["buttons"]]
        return [(row["id"], row.get("description", row["title"])) for row in action["sections"][0]["rows"]]

    # --- the handshake ---

    async def test_the_handshake_gets_its_challenge_back(self, road: Road) -> None:
        """By GET, without a signature, and only with our word."""
        query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
        response = await road.client.get("/webhooks/whatsapp", params=query)
        assert (response.status, await response.text()) == (200, "1158201444")
        for wrong in ({"hub.verify_token": "another"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": ""}):
            response = await road.client.get("/webhooks/whatsapp", params={**query, **wrong})
            assert response.status == 401
            assert "1158201444" not in await response.text()

    @pytest.mark.parametrize("change", ["", "sha1=", "SHA256=", "sha256=é"])
    async def test_only_the_whole_signature_will_do(self, road: Road, change: str) -> None:
        """Not the digest alone, nor that of another kind."""
        call = self.signed(self.said("hallo"))
        given = call.headers["X-Hub-Signature-256"].removeprefix("sha256=")
        with pytest.raises(ForgedError):
            await road.channel.check(Call("POST", {"X-Hub-Signature-256": change + given}, {}, call.body))

    # --- what is sent ---

    async def test_few_short_titles_are_buttons(self, road: Road, vendor: Vendor) -> None:
        """Three with 20 characters each."""
        await road.channel.send(USER, message("**Welches?**", "Ja", "Nein", "x" * 20))
        [sent] = vendor.sent
        assert sent["interactive"]["type"] == "button"
        assert sent["interactive"]["body"] == {"text": "*Welches?*"}
        assert self.buttons(sent)[2] == ("abcdefghijklmno2", "x" * 20)
        assert (sent["recipient"], sent["biz_opaque_callback_data"]) == (USER, f"17:4:{USER}")
        assert "to" not in sent

    async def test_more_or_longer_ones_are_a_list(self, road: Road, vendor: Vendor) -> None:
        """Ten rows; what does not fit into a row's title stands whole below it."""
        await road.channel.send(PHONE, message("Welches?", *map(str, range(10))))
        await road.channel.send(PHONE, message("Welches?", "Ja", "Wie voll ist mein Postfach?", "👍" * 13))
        many, long = vendor.sent
        assert many["to"] == PHONE
        assert len(many["interactive"]["action"]["sections"][0]["rows"]) == 10
        assert 0 < len(long["interactive"]["action"]["button"]) <= 20
        rows = long["interactive"]["action"]["sections"][0]["rows"]
        assert rows[0] == {"id": "abcdefghijklmno0", "title": "Ja"}
        assert (rows[1]["title"], rows[1]["description"]) == ("Wie voll ist mein Postf…", "Wie voll ist mein Postfach?")
        assert rows[2]["title"] == "👍" * 11 + "…"

    @pytest.mark.parametrize("titles", [tuple(map(str, range(11))), ("Ja", "x" * 73)])
    async def test_too_many_or_too_long_ones_have_numbers(
        self, road: Road, vendor: Vendor, titles: tuple[str, ...]
    ) -> None:
        """In the text."""
        await road.channel.send(PHONE, message("Welches?", *titles))
        assert f"2. {titles[1]}" in self.shown(vendor.sent[0])
        assert self.buttons(vendor.sent[0]) == []

    async def test_a_long_text_with_buttons_is_cut_earlier(self, road: Road, vendor: Vendor) -> None:
        """Only the last part has them, and no more than 1,024 characters."""
        await road.channel.send(PHONE, message("\n\n".join(["x" * 1000] * 3), "Ja"))
        assert [sent["type"] for sent in vendor.sent] == ["text", "text", "interactive"]

    async def test_the_customer_sees_that_we_read_and_write(self, road: Road, vendor: Graph) -> None:
        """Two blue ticks, and three dots."""
        await self.say(road, "hallo", "wamid.1")
        await road.settle()
        assert vendor.marks == [
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": "wamid.1",
                "typing_indicator": {"type": "text"},
            }
        ]

    # --- the window of 24 hours ---

    async def late(self, road: Road) -> None:
        """The bot has something to say a day after the customer's last message."""
        await self.say(road, "zwei", "a")
        road.clock.pass_by(A_DAY)
        await road.deliver()

    async def test_without_a_template_what_is_too_late_is_dead(self, road: Road, vendor: Vendor) -> None:
        """With a reason that says what to do; nothing is sent, which WhatsApp would refuse anyway."""
        await self.late(road)
        assert vendor.attempts == 0
        outbox = await road.outbox()
        assert [status for status, _, _ in outbox] == ["dead"] * 2
        assert "POSTBOTE_CHANNEL_WHATSAPP_TEMPLATE" in str(outbox[0][2])
        assert await road.unreachable("anna") is None

    @pytest.fixture
    async def template(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The operator has one; to be named before `road`."""
        configure(monkeypatch, "whatsapp", {"template": "bitte_melden", "template_language": "de"})

    async def test_a_template_asks_once_and_then_everything_is_sent(
        self, template: None, road: Road, vendor: Vendor
    ) -> None:
        """In order, as soon as the customer writes; and the next answer after it."""
        await self.late(road)
        await road.later(3600)
        assert [sent["template"] for sent in vendor.sent] == [{"name": "bitte_melden", "language": {"code": "de"}}]
        assert [status for status, _, _ in await road.outbox()] == ["queued"] * 2
        call = self.call("b", "anna", int(road.clock().timestamp()), type="text", text={"body": "hallo"})
        assert (await road.call(self.signed(call))).status == 200
        await road.deliver()
        assert self.texts_after(vendor, 1) == ["1: zwei", "und noch etwas", "2: hallo"]

    async def test_who_never_writes_gets_a_dead_letter(self, template: None, road: Road, vendor: Vendor) -> None:
        """After 30 days, and no second template."""
        await self.late(road)
        await road.later(31 * A_DAY)
        assert len(vendor.sent) == 1
        assert [status for status, _, _ in await road.outbox()] == ["dead"] * 2

    async def test_a_late_delivery_opens_no_window(self, template: None, road: Road, vendor: Vendor) -> None:
        """What counts is when the customer wrote, not when we heard of it."""
        call = self.call("a", "anna", SENT - 2 * A_DAY, type="text", text={"body": "hallo"})
        await road.call(self.signed(call))
        await self.say(road, "zwei", "b", "ben")
        await road.deliver()
        assert [sent["type"] for sent in vendor.sent if sent["to"] == "anna"] == ["template"]

    async def test_what_whatsapp_says_of_the_window_counts(self, template: None, road: Road, vendor: Graph) -> None:
        """Also where we do not know when the customer wrote."""
        vendor.refusals.append(fault(400, 131047, "(#131047) Re-engagement message"))
        with pytest.raises(DeliveryError) as raised:
            await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0"))
        assert not raised.value.final
        assert [sent["type"] for sent in vendor.sent] == ["template"]

    def texts_after(self, vendor: Vendor, sent: int) -> list[str]:
        """What the customer sees, without the first ones."""
        return [self.shown(each) for each in vendor.sent[sent:]]

    # --- what Meta refuses ---

    @pytest.mark.parametrize(
        ("status", "code", "final", "gone", "retry_after"),
        [
            (400, 131026, True, True, None),
            (400, 131030, True, False, None),
            (400, 131051, True, False, None),
            (400, 131009, True, False, None),
            (400, 130429, False, False, None),
            (429, 130429, False, False, None),
            (400, 131048, False, False, 600),
            (400, 131056, False, False, 6),
            (400, 80007, False, False, 60),
            (400, 131016, False, False, None),
            (400, 200, False, False, None),
            (401, 190, False, False, None),
            (403, 131031, False, False, 600),
            (500, 131000, False, False, None),
        ],
    )
    async def test_meta_s_codes(  # noqa: PLR0917 -- a row of the table
        self, road: Road, vendor: Graph, status: int, code: int, final: bool, gone: bool, retry_after: float | None
    ) -> None:
        """What can never arrive, who is gone, and what passes."""
        vendor.refusals.append(fault(status, code, f"(#{code}) No"))
        with pytest.raises(DeliveryError) as raised:
            await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0"))
        error = raised.value
        assert (error.final, error.gone, error.retry_after) == (final, gone, retry_after)

    async def test_the_token_is_never_shown(self, road: Road, vendor: Graph) -> None:
        """Meta quotes it when it is malformed."""
        vendor.refusals.append(fault(400, 190, f"Malformed access token {TOKEN}", 463))
        with pytest.raises(DeliveryError) as raised:
            await road.channel.post("anna", Part("Hallo", (), 17, 4, "17-0"))
        assert TOKEN[:6] not in f"{raised.value!s} {raised.value!r} {vars(raised.value)}"

    async def test_a_message_that_fails_later_is_a_dead_letter(self, road: Road, vendor: Vendor) -> None:
        """WhatsApp took it, and says afterwards that it did not arrive."""
        await self.say(road, "hallo", "a")
        await road.deliver()
        body = json.loads((self.payloads / "status_failed.json").read_bytes())
        status = body["entry"][0]["changes"][0]["value"]["statuses"][0]
        status["biz_opaque_callback_data"] = vendor.sent[0]["biz_opaque_callback_data"]
        await road.call(self.signed(body))
        [(state, _, error)] = await road.outbox()
        assert state == "dead"
        assert error
        assert error.startswith("131047 Re-engagement message")

    # --- files, and who we are ---

    async def test_a_file_is_fetched_in_two_steps(self, road: Road, vendor: Graph) -> None:
        """Its id becomes an address, which wants our token as well."""
        vendor.answers["/1003383421387256"] = {"url": f"{vendor.url}/files/x", "mime_type": "image/png"}
        got = await road.channel.fetch(File("image.png", "image/png", None, "1003383421387256"), 100)
        assert got == vendor.file
        assert vendor.asked == [("/files/x", f"Bearer {TOKEN}")]
        with pytest.raises(DeliveryError, match="more than 5 bytes"):
            await road.channel.fetch(File("image.png", "image/png", None, "1003383421387256"), 5)
        with pytest.raises(DeliveryError, match="Unsupported get request"):
            await road.channel.fetch(File("image.png", "image/png", None, "4711"), 100)

    async def test_ping_names_us_or_the_fault(self, road: Road, vendor: Graph) -> None:
        """For `python -m bot channels`."""
        assert await road.channel.ping() == "Lindenpost · +49 30 1234567"
        vendor.answers.clear()
        with pytest.raises(ChannelError, match="Unsupported get request"):
            await road.channel.ping()

    async def test_connect_sets_our_address_for_this_number(self, road: Road, vendor: Graph) -> None:
        """Other numbers of the app are left alone."""
        told = await road.channel.set_webhook("https://hilfe.example/webhooks/whatsapp")
        assert "https://hilfe.example/webhooks/whatsapp" in told
        override = {"override_callback_uri": "https://hilfe.example/webhooks/whatsapp", "verify_token": VERIFY_TOKEN}
        assert vendor.asked == [(f"/{NUMBER}", {"webhook_configuration": override})]

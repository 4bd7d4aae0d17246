"""The contract of channels on Telegram, by webhook and by polling, and what is Telegram's own."""

import asyncio
import hmac
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from structlog.testing import capture_logs

from bot.channels.choose import choose_channels
from bot.channels.errors import ChannelError
from bot.channels.port import Event, Gone, Said, Unreadable
from bot.channels.telegram import HEADER, KIND
from bot.conversations.errors import DeliveryError, TooLargeError
from bot.conversations.files import File, FileState
from bot.conversations.model import Author, Incoming
from bot.errors import SettingsError
from tests.channels.contract import ChannelContract
from tests.channels.road import Road, Signed, configure
from tests.channels.telegram.server import TOKEN, TelegramServer, refused
from tests.unit.test_media import png

HERE = Path(__file__).parent
SECRET = hmac.new(TOKEN.encode(), b"postbote webhook", sha256).hexdigest()
HOOK = "https://hilfe.lindenpost.example/webhooks/telegram"
ANNA = "1111111"
GROUP = "-1001234567890:1111111"


def anna(id: str, text: str, choice: str | None = None, address: str = ANNA, **more: Any) -> Incoming:
    """What Anna said."""
    return Incoming("telegram", address, id, text, choice, 10, **more)


def pressed(query: str, text: str, choice: str, message: int, address: str = ANNA) -> list[Event]:
    """Anna pressed a button."""
    marks = {"query": query, "message": message}
    return [Said(anna(f"pressed:{query}", text, choice, address, metadata=marks))]


def file(name: str, type_: str, size: int, id: str) -> tuple[File, ...]:
    """One that Anna attached."""
    return (File(name, type_, size, id),)


PHOTO = file("photo.jpg", "image/jpeg", 61230, "AgACAgIAAxkBAAIB_x")
SECOND = file("photo.jpg", "image/jpeg", 61230, "AgACAgIAAxkBAAIC_x")
ALBUM = anna("album:13456789012345678", "")


class TelegramContract(ChannelContract):
    """What both ways have in common."""

    name = "telegram"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"token"})
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(anna("1365", "Wie voll ist mein Postfach?"))],
        "text_start": [Said(anna("1365", "/start", opens=True))],
        "text_start_link": [Said(anna("1366", "/start website", opens=True))],
        "text_command": [Said(anna("1367", "/hilfe"))],
        "text_forwarded_old": [Said(anna("1365", "/start"))],
        "text_forwarded": [Said(anna("1368", "Ihr Postfach ist fast voll."))],
        "text_reply": [Said(anna("1369", "Ja, genau."))],
        "text_entities": [Said(anna("1365", "Bold and italics"))],
        "text_group": [],
        "text_group_mention": [Said(anna("22", "Wie lautet der IMAP-Server?", address=GROUP))],
        "text_group_name_only": [Said(anna("23", "", address=GROUP, opens=True))],
        "text_group_reply": [Said(anna("24", "Und der Port?", address=GROUP))],
        "text_group_command": [Said(anna("25", "/start", address=GROUP, opens=True))],
        "text_group_topic": [Said(anna("26", "Wie lautet der Port, ?", address=f"{GROUP}:7"))],
        "text_group_other_bot": [],
        "text_group_anonymous": [],
        "button": pressed("4382bfdwdsb323b2d9", "Ja", "abcdefghijklmnop", 1370),
        "button_old": pressed("4382bfdwdsb323b2da", "", "abcdefghijklmnop", 12),
        "button_group": pressed("4382bfdwdsb323b2db", "Nein", "qrstuvwxyzABCDEF", 1370, GROUP),
        "button_inline": [],
        "edit": [Said(anna("1365:1441646600", "Edited text"))],
        "edit_live_location": [],
        "attachment_document": [
            Said(anna("1365", ""), file("Testfile.pdf", "application/pdf", 536392, "AwADBAADbXXXXXXXXXXXGBdhD2l6_XX"))
        ],
        "attachment_photo": [Said(anna("1372", "Diese Meldung kommt in Outlook."), PHOTO)],
        "attachment_album_first": [Said(anna("1373", "Zwei Bilder")), Said(ALBUM, PHOTO)],
        "attachment_album_second": [Said(ALBUM, SECOND)],
        "attachment_video": [Said(anna("1375", ""), file("video.mp4", "video/mp4", 402113, "BAACAgIAAxkBAAIB"))],
        "attachment_audio": [
            Said(anna("1365", ""), file("audio.mp3", "audio/mpeg", 3897500, "AwADBAADbXXXXXXXXXXXGBdhD2l6_XX"))
        ],
        "attachment_animation": [Said(anna("1376", ""), file("zeichen.mp4", "video/mp4", 20480, "CgACAgIAAxkBAAIB"))],
        "unsupported_voice": [Unreadable(anna("1365", "🎤"))],
        "unsupported_sticker": [Unreadable(anna("1377", "🙂"))],
        "unsupported_location": [Unreadable(anna("1378", "📍"))],
        "unsupported_venue": [Unreadable(anna("1379", "📍"))],
        "unsupported_contact": [Unreadable(anna("1380", "👤"))],
        "unsupported_poll": [Unreadable(anna("1381", "📊"))],
        "unsupported_service": [],
        "unsupported_migration": [],
        "unsupported_inline_query": [],
        "unsupported_channel_post": [],
        "status_blocked": [Gone(ANNA, "The customer blocks the bot in Telegram.")],
        "status_back": [],
        "status_group_left": [],
    }

    def options(self, url: str) -> dict[str, str]:
        return {"url": url, "token": TOKEN}

    def new_vendor(self) -> TelegramServer:
        return TelegramServer()

    def sign(self, body: bytes) -> Signed:
        return Signed(body, {HEADER: SECRET, "Content-Type": "application/json"})

    def address(self, address: str = "anna") -> str:
        return str(zlib.crc32(address.encode()))

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return {"update_id": zlib.crc32(id.encode()), "message": self._message(text, id, address)}

    def _message(self, text: str, id: str, address: str) -> dict[str, Any]:
        number = int(self.address(address))
        return {
            "message_id": zlib.crc32(id.encode()),
            "from": {"id": number, "is_bot": False, "first_name": "Anna"},
            "chat": {"id": number, "type": "private", "first_name": "Anna"},
            "date": 1764000000,
            "text": text,
        }

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        message = self._message("Welcher?", "offer", address)
        keyboard = {"inline_keyboard": [[{"text": title, "callback_data": choice}]]}
        query = {"id": id, "from": message["from"], "message": {**message, "reply_markup": keyboard}, "data": choice}
        return {"update_id": zlib.crc32(id.encode()), "callback_query": query}

    def shown(self, sent: Any) -> str:
        return unescape(sent["text"])

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        rows = sent.get("reply_markup", {}).get("inline_keyboard", [])
        return [(key["callback_data"], key["text"]) for row in rows for key in row]


class TestByWebhook(TelegramContract):
    """See the contract."""

    @pytest.fixture
    async def road(
        self, vendor: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> AsyncIterator[Road]:
        """As after `python -m bot channels connect telegram`."""
        configure(monkeypatch, self.name, self.options(vendor.url))
        async with Road(self.name, self.kind, vendor, tmp_path) as road:
            assert await road.channel.set_webhook(HOOK)
            yield road

    async def test_the_webhook(self, road: Road, vendor: TelegramServer) -> None:
        """With our secret; one call at a time, so that messages stay in order; and what we want alone."""
        assert vendor.hook == {
            "url": HOOK,
            "secret_token": SECRET,
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
            "max_connections": 1,
        }
        assert await road.channel.ping() == f"@LindenpostHilfeBot, {HOOK}"

    async def test_without_a_webhook_it_is_not_reachable(self, road: Road, vendor: TelegramServer) -> None:
        """`python -m bot channels` says what to do."""
        vendor.hook = {}
        with pytest.raises(ChannelError, match="python -m bot channels connect telegram"):
            await road.channel.ping()

    async def test_a_wrong_token_is_not_told(self, road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither by the vendor's refusal nor by a setting that is wrong."""
        monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_TOKEN", TOKEN.replace("AAH", "BBB"))
        channel = choose_channels(road.channel_tools(), {self.name: self.kind})[self.name]
        with pytest.raises(ChannelError, match="Unauthorized") as caught:
            await channel.ping()
        assert "BBBdq" not in str(caught.value)
        await channel.close()
        monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_TOKEN", "BBBdq")
        with pytest.raises(SettingsError, match="POSTBOTE_CHANNEL_TELEGRAM_TOKEN") as wrong:
            choose_channels(road.channel_tools(), {self.name: self.kind})
        assert "BBBdq" not in str(wrong.value)

    async def test_acknowledged(self, road: Road, vendor: TelegramServer) -> None:
        """We are seen to write; a pressed button stops to wait, and is gone."""
        await self.say(road, "knöpfe", "a")
        await road.deliver()
        vendor.calls.clear()
        await road.call(self.signed(self.pressed(*self.buttons(vendor.sent[-1])[0], "q1")))
        await road.settle()
        chat = int(self.address())
        assert sorted(vendor.calls, key=lambda call: call[0]) == [
            ("answerCallbackQuery", {"callback_query_id": "q1"}),
            ("editMessageReplyMarkup", {"chat_id": chat, "message_id": zlib.crc32(b"offer")}),
            ("sendChatAction", {"chat_id": chat, "action": "typing"}),
        ]

    async def test_a_mark_that_fails_loses_nothing(self, road: Road, vendor: TelegramServer) -> None:
        """Such as a button's query that is too old to be answered."""
        vendor.refusals["sendChatAction"] = refused(400, "Bad Request: PEER_ID_INVALID")
        with capture_logs() as logs:
            await self.say(road, "hallo")
            await road.deliver()
        assert [each["event"] for each in logs if each["log_level"] == "warning"] == ["not acknowledged"]
        assert self.texts(vendor) == ["1: hallo"]

    async def test_formatting(self, road: Road, vendor: TelegramServer) -> None:
        """The answer's Markdown as Telegram's HTML, without previews of links."""
        await self.say(road, "**fett** & <b> [hier](https://hilfe.example/?a=1&b=2)")
        await road.deliver()
        sent = vendor.sent[-1]
        assert sent["text"] == ('1: <b>fett</b> &amp; &lt;b&gt; <a href="https://hilfe.example/?a=1&amp;b=2">hier</a>')
        assert (sent["parse_mode"], sent["link_preview_options"]) == ("HTML", {"is_disabled": True})

    async def test_html_that_telegram_does_not_understand(self, road: Road, vendor: TelegramServer) -> None:
        """Sent as plain text, and nothing of it is lost."""
        vendor.refusals["sendMessage"] = refused(
            400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'
        )
        await self.say(road, "**fett** & <b> [hier](https://hilfe.example/?a=1&b=2)")
        await road.deliver()
        [sent] = vendor.sent
        assert sent["text"] == "1: fett & <b> hier (https://hilfe.example/?a=1&b=2)"
        assert "parse_mode" not in sent

    @pytest.mark.parametrize(
        ("status", "description", "is_gone"),
        [
            (403, "Forbidden: bot was blocked by the user", True),
            (403, "Forbidden: user is deactivated", True),
            (403, "Forbidden: bot was kicked from the supergroup chat", True),
            (400, "Bad Request: chat not found", True),
            (400, "Bad Request: message thread not found", False),
            (400, "Bad Request: message text is empty", False),
        ],
    )
    async def test_what_telegram_refuses_for_good(
        self, road: Road, vendor: TelegramServer, status: int, description: str, is_gone: bool
    ) -> None:
        """Not tried again; where the customer is gone, the desk sees why."""
        vendor.refusals["sendMessage"] = refused(status, description)
        await self.say(road, "hallo")
        await road.deliver()
        [(fate, attempts, error)] = await road.outbox()
        assert (fate, attempts) == ("dead", 1)
        assert description in str(error)
        assert bool(await road.unreachable(self.address())) is is_gone

    @pytest.mark.parametrize("status", [401, 404, 429, 502])
    async def test_what_passes_is_tried_again(self, road: Road, vendor: TelegramServer, status: int) -> None:
        """Such as a token that is being changed."""
        vendor.refusals["sendMessage"] = refused(status, "Unauthorized")
        await self.say(road, "hallo")
        await road.deliver()
        await road.later(60)
        assert self.texts(vendor) == ["1: hallo"]

    async def test_who_blocks_us_is_gone_at_once(self, road: Road, vendor: TelegramServer) -> None:
        """Not only when the next message fails."""
        start = json.loads((self.payloads / "text.json").read_bytes())
        await road.call(self.signed(start))
        await road.call(self.sign((self.payloads / "status_blocked.json").read_bytes()))
        assert await road.unreachable(ANNA) == "The customer blocks the bot in Telegram."

    async def test_a_group(self, road: Road, vendor: TelegramServer) -> None:
        """Everybody has a conversation of their own, whose answers go to the group, and into its topic."""
        for name in ("text_group", "text_group_mention", "text_group_topic"):
            await road.call(self.sign((self.payloads / f"{name}.json").read_bytes()))
        await road.deliver()
        chat = -1001234567890
        shown = {(sent["chat_id"], sent.get("message_thread_id"), self.shown(sent)) for sent in vendor.sent}
        assert shown == {(chat, None, "1: Wie lautet der IMAP-Server?"), (chat, 7, "1: Wie lautet der Port, ?")}

    async def test_a_group_that_becomes_a_supergroup(self, road: Road, vendor: TelegramServer) -> None:
        """The message follows it, and so do all later ones, without asking again."""
        vendor.moved[-1001234567890] = -1009
        for name in ("text_group_mention", "text_group_reply"):
            await road.call(self.sign((self.payloads / f"{name}.json").read_bytes()))
            await road.deliver()
        assert [sent["chat_id"] for sent in vendor.sent] == [-1009, -1009]
        assert vendor.attempts == 3

    async def test_an_album_is_answered_once(self, road: Road, vendor: TelegramServer) -> None:
        """And its words are taken as a message."""
        for name in ("attachment_album_first", "attachment_album_second"):
            await road.call(self.sign((self.payloads / f"{name}.json").read_bytes()))
        await road.deliver()
        await road.later(1)
        said = [line.text for line in await road.transcript(ANNA) if line.author is Author.CUSTOMER]
        assert said == ["Zwei Bilder", "📎 photo.jpg"]
        assert len(vendor.sent) == 2

    async def test_a_file_is_fetched(self, road: Road, vendor: TelegramServer) -> None:
        """Up to the size that is asked for."""
        # More than comes in one piece.
        vendor.files["doc"] = bytes(range(250)) * 4000
        assert await road.channel.fetch(File("a.pdf", "application/pdf", 13, "doc"), 10**6) == vendor.files["doc"]
        with pytest.raises(TooLargeError, match="more than 999999 bytes"):
            await road.channel.fetch(File("a.pdf", "application/pdf", 13, "doc"), 10**6 - 1)
        with pytest.raises(DeliveryError, match="wrong file_id"):
            await road.channel.fetch(File("a.pdf", "application/pdf", 13, "gone"), 12)


class PollingRoad(Road):
    """A road that asks Telegram for its messages."""

    async def call(self, signed: Signed) -> Any:
        """Telegram has an update; over when we have confirmed it."""
        assert isinstance(self.vendor, TelegramServer)
        await self.vendor.bring(json.loads(signed.body))
        return SimpleNamespace(status=200)

    async def listen(self) -> None:
        """As the server does, for as long as it lives."""
        await self.channel.listen(lambda events: self.services.inbound.take(self.channel, events))

    def begin(self) -> None:
        """Listen beside the test."""
        self.listening = asyncio.create_task(self.listen())

    async def end(self) -> None:
        """No more."""
        self.listening.cancel()
        with suppress(asyncio.CancelledError):
            await self.listening


class TestByPolling(TelegramContract):
    """The same contract; nobody calls, so that there is nothing to be forged."""

    test_a_forged_call_is_refused = None
    test_a_foreign_payload_is_refused = None
    test_mutated_payloads = None

    def options(self, url: str) -> dict[str, str]:
        return {**super().options(url), "polling": "true"}

    @pytest.fixture
    async def road(
        self, vendor: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> AsyncIterator[Road]:
        """It listens."""
        configure(monkeypatch, self.name, self.options(vendor.url))
        vendor.hook = {"url": HOOK}
        async with PollingRoad(self.name, self.kind, vendor, tmp_path) as road:
            await road.channel.ping()
            road.begin()
            yield road
            await road.end()

    async def test_it_listens_and_takes_the_webhook_away(self, road: Road, vendor: TelegramServer) -> None:
        """Telegram gives no updates while there is one."""
        await self.say(road, "hallo")
        assert road.channel.listens
        assert ("deleteWebhook", {}) in vendor.calls
        assert await road.channel.ping() == "@LindenpostHilfeBot, by polling"
        with pytest.raises(ChannelError, match="POSTBOTE_CHANNEL_TELEGRAM_POLLING"):
            await road.channel.set_webhook(HOOK)

    async def test_nothing_is_confirmed_that_is_not_stored(self, road: PollingRoad, vendor: TelegramServer) -> None:
        """After a failure it comes again."""

        async def fail(events: Any) -> None:
            raise RuntimeError("the database is away")

        await road.end()
        vendor.updates[7] = {**self.said("hallo"), "update_id": 7}
        with pytest.raises(RuntimeError):
            await road.channel.listen(fail)
        assert list(vendor.updates) == [7]
        road.begin()
        await self.say(road, "zwei", "b")
        await road.deliver()
        await road.later(1)
        assert self.texts(vendor)[0] == "1: hallo"

    async def test_an_update_that_nobody_understands_holds_nothing_up(self, road: Road, vendor: TelegramServer) -> None:
        """It is logged, and passed over."""
        with capture_logs() as logs:
            await vendor.bring({"message": {"message_id": "no number"}})
            await self.say(road, "hallo")
        assert "update not understood" in [each["event"] for each in logs]
        await road.deliver()
        assert self.texts(vendor) == ["1: hallo"]

    async def test_two_that_ask(self, road: PollingRoad, vendor: TelegramServer) -> None:
        """Are told what is wrong, and what to do."""
        await road.end()
        vendor.refusals["getUpdates"] = refused(409, "Conflict: terminated by other getUpdates request")
        with pytest.raises(ChannelError, match="a bot of its own"):
            await road.listen()
        road.begin()


async def test_attachments_that_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An album is fetched whole, answered once, and belongs to one message; what Telegram no longer has is recorded."""
    contract, vendor = TestByWebhook(), TelegramServer()
    await vendor.start()
    vendor.files = {PHOTO[0].reference: png(), SECOND[0].reference: b"MZ\x90\x00\x03\x00\x00\x00" + bytes(90)}
    configure(monkeypatch, "telegram", contract.options(vendor.url))
    try:
        async with Road("telegram", KIND, vendor, tmp_path, attachments="keep") as road:
            for name in ("attachment_album_first", "attachment_album_second", "attachment_video"):
                await road.call(contract.sign((contract.payloads / f"{name}.json").read_bytes()))
            await road.deliver()
            await road.services._attachment_loop.do_due()
            conversation = await road.services.conversations.find("telegram", ANNA)
            assert conversation
            lines = await road.services.transcripts.last(conversation, 99)
            found = [[(each.type, each.size, each.state) for each in line.attachments] for line in lines]
            album = [
                ("image/png", len(png()), FileState.KEPT),
                ("image/jpeg", 61230, FileState.WRONG_TYPE),
            ]
            assert [each for each in found if each] == [album, [("video/mp4", 402113, FileState.NOT_FETCHED)]]
    finally:
        await vendor.stop()

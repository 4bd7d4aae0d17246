"""Slack: the contract, and what is its own."""

import hashlib
import hmac
import json
import re
from html import escape, unescape
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from aiohttp import web

from bot.channels.errors import ChannelError, ForeignError
from bot.channels.port import Call, Event, Said, Unreadable
from bot.channels.slack import KIND
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Choice, Incoming, Message
from tests.channels.contract import ChannelContract
from tests.channels.road import Road, Signed
from tests.channels.vendor import Vendor
from tests.contract.clock import START, Clock

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-not-guessable"
HERE = Path(__file__).parent
PAYLOADS = HERE / "payloads"
DIRECT = "T123ABC456:D024BE91L"
THREAD = f"{DIRECT}:1795512600.000100"
CHANNEL = "T123ABC456:C0LAN2Q65:1795512620.000200:U061F7AUR"
CHOICE = "Q2hvaWNlLW9mLXVz"
URL = "https://files.slack.com/files-pri/T123ABC456-F04EEHX1EES/download/bildschirmfoto.png"
IMAP = "Wie lautet der #hilfe IMAP-Server?"


def said(address: str, id: str, text: str, choice: str | None = None, **more: Any) -> Incoming:
    """What a customer said."""
    return Incoming("slack", address, id, text, choice, 25, **more)


def pressed_in(name: str) -> dict[str, Any]:
    """What stands beside a pressed button."""
    return {"message": json.loads((PAYLOADS / f"{name}.json").read_bytes())["message"]}


def signed(body: bytes, at: float, content_type: str = "application/json") -> Signed:
    """As Slack signs it."""
    stamp = str(int(at))
    signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}", "Content-Type": content_type}
    return Signed(body, headers)


class SlackServer(Vendor):
    """The part of the Web API that is used."""

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[Any] = []
        self.error = ""
        """What messages are refused with, if anything."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/chat.postMessage", self._post),
            web.post("/api/chat.update", self._update),
            web.post("/api/auth.test", self._test),
            web.get("/files-pri/{name}", self._file),
        ]

    def is_message(self, request: web.Request) -> bool:
        return request.path == "/api/chat.postMessage"

    def too_many(self) -> web.Response:
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"})

    def blocked(self) -> web.Response:
        return web.json_response({"ok": False, "error": "is_archived"})

    async def _post(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.error:
            return web.json_response({"ok": False, "error": self.error})
        body = await request.json()
        self.sent.append(body)
        return web.json_response({"ok": True, "channel": body["channel"], "ts": f"1503435956.{len(self.sent):06}"})

    async def _update(self, request: web.Request) -> web.Response:
        assert self._knows(request)
        self.updates.append(await request.json())
        return web.json_response({"ok": True})

    async def _test(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response(
            {"ok": True, "url": "https://lindenpost.slack.com/", "team": "Lindenpost", "user": "bot"}
        )

    async def _file(self, request: web.Request) -> web.Response:
        assert self._knows(request)
        return web.Response(body=b"PNG" * 100)

    def _knows(self, request: web.Request) -> bool:
        return request.headers["Authorization"] == f"Bearer {TOKEN}"


class TestSlack(ChannelContract):
    """See the contract."""

    name = "slack"
    kind = KIND
    payloads = PAYLOADS
    needed = frozenset({"token", "signing_secret"})
    clock: Clock | None = None
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [
            Said(
                said(
                    DIRECT,
                    "1795512600.000100",
                    "Wie voll ist anna@lindenpost.example? Ich & <du>, siehe https://hilfe.example/quota",
                )
            )
        ],
        "text_thread": [Said(said(THREAD, "1795512610.000100", "Und der Port?"))],
        "text_thread_broadcast": [Said(said(THREAD, "1795512611.000100", "Auch hier"))],
        "text_mention": [Said(said(CHANNEL, "1795512620.000200", IMAP))],
        "text_mention_in_thread": [Said(said(CHANNEL, "1795512630.000200", "und SMTP, @U123ABC456?"))],
        "text_mention_as_message": [Said(said(CHANNEL, "1795512620.000200", IMAP))],
        "text_mention_alone": [
            Unreadable(said("T123ABC456:C0LAN2Q65:1795512621.000200:U061F7AUR", "1795512621.000200", "👋"))
        ],
        "text_group_mention": [
            Said(said("T123ABC456:G0MPIM0001:1795512640.000100:U123ABC456", "1795512640.000100", "Frag mal"))
        ],
        "button": [Said(said(DIRECT, "1795512690.123456:U123ABC456", "Ja", CHOICE, metadata=pressed_in("button")))],
        "button_in_channel": [
            Said(said(CHANNEL, "1795512691.123456:U061F7AUR", "Ja", CHOICE, metadata=pressed_in("button_in_channel")))
        ],
        "button_of_somebody_else": [],
        "button_of_another_kind": [],
        "edit": [Said(said(DIRECT, "1795512600.000100:1795512660.000000", "Wie voll ist mein Postfach denn?"))],
        "edit_by_a_preview": [],
        "edit_of_ours": [],
        "attachment": [
            Said(
                said(DIRECT, "1795512670.000100", "Diese Meldung kommt"),
                (File("Bildschirmfoto.png", "image/png", 48213, URL),),
            )
        ],
        "attachment_connect": [
            Said(said(DIRECT, "1795512671.000100", ""), (File("?", "application/octet-stream", None, ""),))
        ],
        "unsupported_voice": [Unreadable(said(DIRECT, "1795512672.000100", "🎤"))],
        "unsupported_reaction": [],
        "status_own_message": [],
        "status_bot_message": [],
        "status_channel_join": [],
        "status_channel_not_addressed": [],
        "status_group_not_addressed": [],
        "status_deleted": [],
        "status_home_opened": [],
        "status_uninstalled": [],
        "status_rate_limited": [],
        "status_handshake": [],
        "status_shortcut": [],
    }

    @pytest.fixture(autouse=True)
    def follow(self, road: Road) -> None:
        """Sign by the clock of the road, since old calls are refused."""
        self.clock = road.clock

    def options(self, url: str) -> dict[str, str]:
        return {"token": TOKEN, "signing_secret": SECRET, "url": f"{url}/api"}

    def new_vendor(self) -> SlackServer:
        return SlackServer()

    def sign(self, body: bytes) -> Signed:
        at = (self.clock.now if self.clock else START).timestamp()
        if re.search(rb'"type": *"(block_actions|shortcut)"', body):
            return signed(urlencode({"payload": body}).encode(), at, "application/x-www-form-urlencoded")
        return signed(body, at)

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        event = {"type": "message", "channel": f"D{address}", "user": f"U{address}", "text": escape(text, quote=False)}
        return {
            "type": "event_callback",
            "team_id": "T123ABC456",
            "event": {**event, "ts": id, "event_ts": id, "channel_type": "im"},
            "event_id": f"Ev{id}",
            "authorizations": [{"team_id": "T123ABC456", "user_id": "U0BOT00001", "is_bot": True}],
        }

    def address(self, address: str = "anna") -> str:
        return f"T123ABC456:D{address}"

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        payload = json.loads((PAYLOADS / "button.json").read_bytes())
        [action] = payload["actions"]
        action |= {"block_id": self.address(address), "value": choice, "action_ts": id}
        action["text"]["text"] = title
        return {**payload, "user": {"id": f"U{address}"}, "channel": {"id": f"D{address}"}}

    def shown(self, sent: Any) -> str:
        return unescape(sent["text"])

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        blocks = [block for block in sent.get("blocks", []) if block["type"] == "actions"]
        return [(button["value"], button["text"]["text"]) for block in blocks for button in block["elements"]]

    # --- its own: in ---

    async def test_the_handshake(self, road: Road) -> None:
        """Slack wants its challenge back, and nothing else."""
        response = await road.call(self.sign((PAYLOADS / "status_handshake.json").read_bytes()))
        assert response.status == 200
        assert await response.text() == "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"

    @pytest.mark.parametrize(("seconds", "status"), [(299, 200), (301, 401), (-299, 200), (-301, 401)])
    async def test_an_old_call_is_a_replay(self, road: Road, seconds: int, status: int) -> None:
        """However well it is signed."""
        body = json.dumps(self.said("hallo")).encode()
        response = await road.call(signed(body, int(road.clock.now.timestamp()) - seconds))
        assert response.status == status
        assert bool(await road.transcript(self.address())) is (status == 200)

    @pytest.mark.parametrize("stamp", ["", "soon", "1e9", "٣", "9" * 400, "-5"])
    async def test_a_time_that_is_none(self, road: Road, stamp: str) -> None:
        """Is refused as a forgery, even where the signature is over it."""
        body = b"{}"
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        response = await road.call(
            Signed(body, {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"})
        )
        assert response.status == 401

    @pytest.mark.parametrize(
        "form", [b"payload=", b"payload=%ff", b"payload=%7B%7D&payload=%7B%7D", b"payload={", b"a=b"]
    )
    async def test_a_form_that_is_foreign(self, road: Road, form: bytes) -> None:
        """Signed, but not what Slack sends."""
        with pytest.raises(ForeignError):
            road.channel.parse(Call("POST", {}, {}, form))

    async def test_a_retry_of_what_was_taken(self, road: Road, vendor: Vendor) -> None:
        """And both events of one mention, are one message."""
        for name in ("text_mention", "text_mention_as_message", "text_mention"):
            call = self.sign((PAYLOADS / f"{name}.json").read_bytes())
            retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            assert (await road.call(Signed(call.body, call.headers | retry))).status == 200
        await road.deliver()
        [sent] = vendor.sent
        assert sent["text"] == f"1: {IMAP}"

    async def test_a_mention_is_answered_in_its_thread(self, road: Road, vendor: Vendor) -> None:
        """Not before everybody in the channel."""
        await road.call(self.sign((PAYLOADS / "text_mention.json").read_bytes()))
        await road.deliver()
        [sent] = vendor.sent
        assert (sent["channel"], sent["thread_ts"]) == ("C0LAN2Q65", "1795512620.000200")

    async def test_two_in_a_thread_have_a_conversation_each(self, road: Road) -> None:
        """So that nobody may ask for what another one has proven to be theirs."""
        payload = json.loads((PAYLOADS / "text_mention_in_thread.json").read_bytes())
        await road.call(self.signed(payload))
        payload["event"] |= {"user": "U123ABC456", "ts": "1795512631.000200"}
        await road.call(self.signed(payload))
        await road.settle()
        for address in (CHANNEL, CHANNEL.replace("U061F7AUR", "U123ABC456")):
            assert [line.seq for line in await road.transcript(address) if line.author is Author.CUSTOMER] == [1]

    # --- its own: out ---

    async def test_pressed_buttons_are_replaced(self, road: Road, vendor: SlackServer) -> None:
        """By what was chosen; the text above them stays."""
        await self.say(road, "knöpfe", "a")
        await road.deliver()
        await road.call(self.signed(self.pressed(*self.buttons(vendor.sent[-1])[0], "b")))
        await road.settle()
        [update] = vendor.updates
        assert (update["channel"], update["ts"]) == ("Danna", "1795512650.000100")
        assert [block["type"] for block in update["blocks"]] == ["section", "context"]
        assert update["blocks"][0]["text"]["text"] == "Meinten Sie das?"
        assert update["blocks"][1]["elements"][0]["text"] == "✅ Ja"

    async def test_what_is_sent(self, road: Road, vendor: Vendor) -> None:
        """Slack's own marks, what could be a mark of theirs escaped, links not unfolded, long titles shortened."""
        text = "**Fett** und [Hilfe](https://hilfe.example/?a=1&b=2), 1 < 2, <!channel>"
        message = Message(1, "7", Author.BOT, text, (Choice(CHOICE, "T" * 80),), START)
        await road.channel.send(CHANNEL, message)
        [sent] = vendor.sent
        shown = "*Fett* und <https://hilfe.example/?a=1&amp;b=2|Hilfe>, 1 &lt; 2, &lt;!channel&gt;"
        assert sent == {
            "channel": "C0LAN2Q65",
            "thread_ts": "1795512620.000200",
            "text": shown,
            "unfurl_links": False,
            "unfurl_media": False,
            "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": shown}},
                {
                    "type": "actions",
                    "block_id": CHANNEL,
                    "elements": [
                        {
                            "type": "button",
                            "action_id": "choice-1",
                            "text": {"type": "plain_text", "text": "T" * 74 + "…"},
                            "value": CHOICE,
                        }
                    ],
                },
            ],
        }

    @pytest.mark.parametrize(
        ("code", "final", "gone"),
        [
            ("channel_not_found", True, True),
            ("is_archived", True, True),
            ("not_in_channel", True, True),
            ("msg_too_long", True, False),
            ("invalid_blocks", True, False),
            ("ratelimited", False, False),
            ("account_inactive", False, False),
            ("token_revoked", False, False),
            ("missing_scope", False, False),
            ("internal_error", False, False),
            ("something_new", False, False),
        ],
    )
    async def test_what_fails_with_status_200(
        self, road: Road, vendor: SlackServer, code: str, final: bool, gone: bool
    ) -> None:
        """Slack says in the body what went wrong; what an operator can put right is tried again."""
        vendor.error = code
        message = Message(1, "7", Author.BOT, "hallo", (), START)
        with pytest.raises(DeliveryError, match=code) as caught:
            await road.channel.send(DIRECT, message)
        assert (caught.value.final, caught.value.gone) == (final, gone)
        assert TOKEN not in str(caught.value)

    async def test_a_file_is_fetched_with_the_token(self, road: Road, vendor: Vendor) -> None:
        """Of limited size."""
        file = File("a.png", "image/png", 300, f"{vendor.url}/files-pri/a.png")
        assert await road.channel.fetch(file, 300) == b"PNG" * 100
        with pytest.raises(DeliveryError, match="more than 299 bytes"):
            await road.channel.fetch(file, 299)

    @pytest.mark.parametrize(
        "reference",
        [
            "https://evil.example/a.png",
            "https://slack.com.evil.example/a.png",
            "https://evilslack.com/a.png",
            "http://files.slack.com/a.png",
            "https://files.slack.com@evil.example/a.png",
            "//files.slack.com/a.png",
            "",
        ],
    )
    async def test_the_token_goes_nowhere_else(self, road: Road, reference: str) -> None:
        """Whatever address a file has."""
        with pytest.raises(DeliveryError, match="no address of its own"):
            await road.channel.fetch(File("a.png", "image/png", 3, reference), 300)

    async def test_ping_names_the_reason(self, road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
        """For `python -m bot channels`; and the token is not in it."""
        assert await road.channel.ping() == "bot in Lindenpost"
        monkeypatch.setenv("POSTBOTE_CHANNEL_SLACK_TOKEN", "xoxb-wrong")
        other = self.kind.make(road.channel_tools())
        with pytest.raises(ChannelError, match="invalid_auth") as caught:
            await other.ping()
        await other.close()
        assert "xoxb" not in str(caught.value)

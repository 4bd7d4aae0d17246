"""Rocket.Chat: the contract of channels with a desk of their own, and what is its own."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiohttp import web

from bot.channels.errors import ChannelError
from bot.channels.port import Event, Gone, Part, Said, Unreadable
from bot.channels.rocketchat import KIND
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Incoming, Message
from tests.channels.own_desk import OwnDeskContract
from tests.channels.road import Road, Signed
from tests.channels.vendor import Vendor
from tests.contract.clock import START

PAYLOADS = Path(__file__).parent / "payloads"
SECRET = "a word that nobody guesses"
TOKEN = "RScctEHSmLGZGywfIhWyRpyofhKOiMoUIpimhvheU3f"
BOT = "BXpTEyaGjJu7nDMBG"
PERSON = {"_id": "mYBoZL7dqaMc7GXQv", "username": "berger"}
ROOM = "9etoLPY5JY2gCxBaC"
SUPPORT = "9MCmpkXDqKcwouqrT"
UPLOADS = "https://chat.lindenpost.example/file-upload/hR2mYfGnGb"


def said(id: str, text: str) -> Incoming:
    """What Anna said."""
    return Incoming("rocketchat", ROOM, id, text, None, 0)


def file(name: str, type: str, size: int) -> File:
    """What she attached."""
    return File(name, type, size, f"{UPLOADS}/{name}?token=eyJhbGciOiJIUzI1NiJ9.e30.a1")


def refused(status: int, error: str, **more: Any) -> web.Response:
    """As Rocket.Chat refuses."""
    return web.json_response({"success": False, "error": error, **more}, status=status)


class RocketChatServer(Vendor):
    """The part of its REST API that is used."""

    def __init__(self) -> None:
        super().__init__()
        self.forwarded: list[str] = []
        """Rooms that were forwarded to the department."""
        self.refusal: web.Response | None = None
        """Of every message and hand-over."""
        self.unstaffed: web.Response | None = None
        """Of every hand-over alone."""
        self.files: list[str | None] = []
        """The token by which files were asked for."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/chat.postMessage", self._post),
            web.post("/api/v1/livechat/room.forward", self._forward),
            web.get("/api/v1/me", self._me),
            web.get("/file-upload/{id}/{name}", self._file),
        ]

    def is_message(self, request: web.Request) -> bool:
        return request.path.endswith(("/chat.postMessage", "/livechat/room.forward"))

    def too_many(self) -> web.Response:
        words = (
            "Error, too many requests. Please slow down. You must wait 30 seconds before trying this endpoint again."
        )
        return refused(429, f"{words} [error-too-many-requests]")

    def broken(self) -> web.Response:
        return refused(500, "Internal server error")

    def blocked(self) -> web.Response:
        return refused(400, "error-invalid-room")

    async def _post(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        body = await request.json()
        self.sent.append(body)
        return web.json_response({"success": True, "ts": 1795512615227, "channel": body["roomId"], "message": {}})

    async def _forward(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        if self.unstaffed is not None:
            return self.unstaffed
        body = await request.json()
        assert body["departmentId"] == SUPPORT
        self.forwarded.append(body["roomId"])
        return web.json_response({"success": True})

    async def _me(self, request: web.Request) -> web.Response:
        me = {"_id": BOT, "username": "postbote", "statusLivechat": "available", "success": True}
        return self._refused(request) or web.json_response(me)

    async def _file(self, request: web.Request) -> web.Response:
        self.files.append(request.headers.get("X-Auth-Token"))
        return web.Response(body=b"%PDF" * 100)

    def _refused(self, request: web.Request) -> web.Response | None:
        if (request.headers["X-Auth-Token"], request.headers["X-User-Id"]) != (TOKEN, BOT):
            return web.json_response({"status": "error", "message": "You must be logged in to do this."}, status=401)
        return self.refusal


class TestRocketChat(OwnDeskContract):
    """See the contract."""

    name = "rocketchat"
    kind = KIND
    payloads = PAYLOADS
    # Livechat shows no buttons of ours.
    without = frozenset({"button"})
    needed = frozenset({"url", "token", "user_id", "secret", "department"})
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(said("GcH4xwp8LCpdqGmgp", "Wie voll ist mein Postfach?"))],
        "text_without_agent": [],
        "edit": [Said(said("GcH4xwp8LCpdqGmgp:2026-11-24T09:31:00.000Z", "Wie voll ist mein Postfach denn?"))],
        "attachment": [Said(said("Xa4pwp8LCpdqGmgp", ""), (file("rechnung.pdf", "application/pdf", 20145),))],
        "attachment_with_words": [
            Said(said("Xb4pwp8LCpdqGmgp", "Diese Meldung kommt"), (file("bild.png", "image/png", 48213),))
        ],
        "unsupported_voice": [Unreadable(said("Xc4pwp8LCpdqGmgp", "🎤"))],
        "unsupported_nothing": [Unreadable(said("Xd4pwp8LCpdqGmgp", "🔗"))],
        "status_own_message": [],
        "status_held_by_people": [],
        "status_agent_message": [],
        "status_navigation": [],
        "status_started": [],
        "status_queued": [],
        "status_taken": [],
        "status_forwarded": [],
        "status_closed": [Gone(ROOM, "The chat was closed in Rocket.Chat.")],
        "status_edited_by_agents": [],
        # What "Send Test" sends, which must be answered 200.
        "status_test": [Gone("fasd6f5a4sd6f8a4sdf", "The chat was closed in Rocket.Chat.")],
        "status_offline_message": [],
    }

    def options(self, url: str) -> dict[str, str]:
        return {"url": url, "token": TOKEN, "user_id": BOT, "secret": SECRET, "department": SUPPORT}

    def new_vendor(self) -> RocketChatServer:
        return RocketChatServer()

    def sign(self, body: bytes) -> Signed:
        return Signed(body, {"X-RocketChat-Livechat-Token": SECRET, "Content-Type": "application/json"})

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        payload = json.loads((PAYLOADS / "text.json").read_bytes())
        payload["messages"][0] |= {"_id": id, "msg": text}
        return payload | {"_id": address}

    def said_to_people(self, text: str, id: str = "m3", address: str = "anna") -> Any:
        return self.said(text, id, address) | {"agent": PERSON}

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any | None:
        return None

    def shown(self, sent: Any) -> str:
        return str(sent["text"])

    def handed_over(self, vendor: Vendor) -> list[str]:
        assert isinstance(vendor, RocketChatServer)
        return vendor.forwarded

    # --- its own ---

    async def test_what_is_sent(self, road: Road, vendor: Vendor) -> None:
        """Rocket.Chat's marks."""
        text = "**Fett**, *schräg*, `code` und [Hilfe](https://hilfe.example/a_(b)), anna_b@lindenpost.example"
        await road.channel.send(ROOM, Message(1, "7", Author.BOT, text, (), START))
        shown = "**Fett**, _schräg_, `code` und [Hilfe](https://hilfe.example/a_%28b%29), anna_b@lindenpost.example"
        assert vendor.sent == [{"roomId": ROOM, "text": shown}]

    @pytest.mark.parametrize(
        ("status", "error", "final", "gone", "retry_after"),
        [
            (400, "error-invalid-room", True, True, None),
            (400, "error-not-allowed", True, True, None),
            (400, "error-message-size-exceeded", True, False, None),
            (401, "You must be logged in to do this.", False, False, None),
            (429, "Error, too many requests. Please slow down. You must wait 52 seconds before …", False, False, 52),
            (503, "", False, False, None),
        ],
    )
    async def test_its_refusals(  # noqa: PLR0917 -- a row of the table
        self,
        road: Road,
        vendor: RocketChatServer,
        status: int,
        error: str,
        final: bool,
        gone: bool,
        retry_after: float | None,
    ) -> None:
        """What can never arrive, which chat is over, and what passes."""
        vendor.refusal = refused(status, error)
        with pytest.raises(DeliveryError) as raised:
            await road.channel.post(ROOM, Part("Hallo", (), 17, 4, "17-0"))
        fault = raised.value
        assert (fault.final, fault.gone, fault.retry_after) == (final, gone, retry_after)
        assert TOKEN not in str(fault)

    @pytest.mark.parametrize("error", ["error-no-agents-online-in-department", ""])
    async def test_a_department_without_agents(self, road: Road, vendor: RocketChatServer, error: str) -> None:
        """Operators see why; the bot is not held up by it, and goes on answering."""
        vendor.unstaffed = refused(400, error)
        await self.say(road, "mensch", "a")
        await road.deliver()
        [(status, _, reason)] = await road.outbox()
        assert (status, vendor.forwarded) == ("dead", [])
        assert error in (reason or "")
        await self.say(road, "hallo", "b")
        await road.deliver()
        assert self.texts(vendor)[1:] == ["2: hallo"]

    async def test_a_hand_over_whose_answer_was_lost(self, road: Road, vendor: RocketChatServer) -> None:
        """Is done, though Rocket.Chat refuses it the second time."""
        vendor.refusal = refused(400, "error-forwarding-chat-same-department")
        await road.channel.hand_over(ROOM)

    async def test_nothing_is_said_in_a_closed_chat(self, road: Road, vendor: RocketChatServer) -> None:
        """The visitor would not see it."""
        vendor.failures.append("500")
        await self.say(road, "hallo", "a", ROOM)
        await road.deliver()
        await road.call(self.sign((PAYLOADS / "status_closed.json").read_bytes()))
        await road.later(600)
        assert vendor.sent == []
        assert [status for status, _, _ in await road.outbox()] == ["dead"]

    async def test_a_file_is_fetched_without_our_token(self, road: Road, vendor: RocketChatServer) -> None:
        """Its address opens it."""
        kept = File("a.pdf", "application/pdf", None, f"{vendor.url}/file-upload/x/a.pdf?token=e30")
        assert await road.channel.fetch(kept, 1000) == b"%PDF" * 100
        assert vendor.files == [None]
        with pytest.raises(DeliveryError, match="no address"):
            await road.channel.fetch(File("a.pdf", "application/pdf", None, ""), 1000)

    async def test_ping_names_us_or_the_fault(self, road: Road, vendor: RocketChatServer) -> None:
        """Without the token."""
        assert await road.channel.ping() == "@postbote, as an agent available"
        vendor.refusal = refused(401, "You must be logged in to do this.")
        with pytest.raises(ChannelError) as raised:
            await road.channel.ping()
        assert TOKEN not in str(raised.value)

    async def test_connect_says_what_to_enter(self, road: Road) -> None:
        """Only a manager can tell Rocket.Chat."""
        told = await road.channel.set_webhook("https://hilfe.example/webhooks/rocketchat")
        assert "https://hilfe.example/webhooks/rocketchat" in told
        assert SECRET not in told

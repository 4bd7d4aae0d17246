"""The contract of channels on the example of the how-to."""

import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web

from bot.channels.port import Event, Gone, Said, Seen, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming
from tests.channels.contract import ChannelContract
from tests.channels.echo.echo import KIND
from tests.channels.road import Road, Signed
from tests.channels.vendor import Vendor

SECRET = "not guessable"
HERE = Path(__file__).parent


def anna(id: str, text: str, choice: str | None = None) -> Incoming:
    """What Anna said."""
    return Incoming("echo", "anna", id, text, choice, 3)


class EchoServer(Vendor):
    """Takes messages."""

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/messages", self._take), web.get("/me", self._me)]

    def is_message(self, request: web.Request) -> bool:
        return request.path == "/messages"

    def blocked(self) -> web.Response:
        return web.json_response({"error": "gone"}, status=410)

    async def _take(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        self.sent.append(await request.json())
        return web.json_response({})

    async def _me(self, request: web.Request) -> web.Response:
        return web.json_response({"name": "postbote"})


class TestEcho(ChannelContract):
    """See the contract."""

    name = "echo"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"url", "secret"})
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(anna("1", "Wie voll ist mein Postfach?"))],
        "button": [Said(anna("2", "Ja", "abcdefghijklmnop"))],
        "edit": [Said(anna("1-edited", "Wie voll ist mein Postfach denn?"))],
        "attachment": [Said(anna("3", ""), (File("bild.png", "image/png", None, "bild.png"),))],
        "unsupported_sticker": [Unreadable(anna("4", "🙂"))],
        "unsupported_reaction": [],
        "status_seen": [Seen("anna", 7, read=True)],
        "status_left": [Gone("anna", "The customer left.")],
    }

    def options(self, url: str) -> dict[str, str]:
        return {"url": url, "secret": SECRET}

    def new_vendor(self) -> Vendor:
        return EchoServer()

    def sign(self, body: bytes) -> Signed:
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return Signed(body, {"X-Echo-Signature": signature, "Content-Type": "application/json"})

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return {"kind": "message", "id": id, "from": address, "text": text}

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        return {**self.said(title, id, address), "button": choice}

    def shown(self, sent: Any) -> str:
        return sent["text"]

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        return [(button["id"], button["title"]) for button in sent["buttons"]]

    async def test_a_customer_who_floods_us(self, road: Road) -> None:
        """Is told once a minute that it is too much, and nothing more is stored; others are heard as before."""
        most = 3
        road.services.inbound._messages = replace(road.services.inbound._messages, amount=most)
        for number in range(most + 5):
            answer = await road.call(self.sign(json.dumps(self.said("hallo", f"m{number}")).encode()))
            assert answer.status == 200  # else the vendor would call again and again
        await road.settle()
        said = [message.text for message in await road.transcript("anna")]
        assert said.count("hallo") == most + 1  # the last is answered without a turn
        assert road.dialogue.asked == ["hallo"] * most
        await road.call(self.sign(json.dumps(self.said("hallo", "b1", "ben")).encode()))
        await road.settle()
        assert road.dialogue.asked == ["hallo"] * (most + 1)

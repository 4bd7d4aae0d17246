"""The contract of channels on Rasa's `callback`, and what is its own."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiohttp import web

from bot.channels.callback import KIND
from bot.channels.choose import choose_channels
from bot.channels.errors import ChannelError
from bot.channels.port import Event, Said
from bot.conversations.model import Incoming
from bot.errors import SettingsError
from tests.channels.contract import ChannelContract
from tests.channels.road import Road, Signed
from tests.channels.vendor import Vendor

TOKEN = "a token that nobody guesses, nor tries"
KEY = b"a key of the test's, for signatures"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
HERE = Path(__file__).parent


def anna(id: str, text: str, choice: str | None = None, **more: Any) -> Said:
    """What Anna said."""
    return Said(Incoming("callback", "anna", id, text, choice, 50, metadata={"message_id": id, **more}))


class Receiver(Vendor):
    """The operator's server: checks each signature, as its author would by the specification."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        """`webhook-id` of each attempt that reached it."""
        self.moved = ""
        """Where it says that it has moved."""

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/replies", self._take), web.post("/elsewhere", self._take)]

    def is_message(self, request: web.Request) -> bool:
        return request.method == "POST"

    def blocked(self) -> web.Response:
        return web.json_response({"error": "gone"}, status=410)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = request.headers
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["Content-Type"] == "application/json"
        self.ids.append(headers["webhook-id"])
        if self.moved and request.path != self.moved:
            raise web.HTTPTemporaryRedirect(self.moved)
        self.sent.append(json.loads(body))
        return web.Response(text="ok")


class TestCallback(ChannelContract):
    """See the contract."""

    name = "callback"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"url", "secret", "token"})
    # Rasa's form has messages and nothing else.
    without = frozenset({"edit", "attachment", "unsupported", "status"})
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [anna("1", "Wie voll ist mein Postfach?")],
        "text_plain": [Said(Incoming("callback", "anna", "made here", "Hallo", None, 50))],
        "button": [anna("2", "/choice-abcdefghijklmnop", "abcdefghijklmnop")],
        "button_bare": [
            Said(replace(anna("3", "choice-abcdefghijklmnop", "abcdefghijklmnop", page="/hilfe").incoming))
        ],
    }

    def options(self, url: str) -> dict[str, str]:
        return {"url": f"{url}/replies", "secret": SECRET, "token": TOKEN}

    def new_vendor(self) -> Receiver:
        return Receiver()

    def sign(self, body: bytes) -> Signed:
        return Signed(body, {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return {"sender": address, "message": text, "metadata": {"message_id": id}}

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        return self.said(f"/choice-{choice}", id, address)

    def shown(self, sent: Any) -> str:
        return sent["text"]

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        return [(button["payload"].removeprefix("/choice-"), button["title"]) for button in sent.get("buttons", ())]

    async def understood(self, road: Road, signed: Signed) -> Sequence[Event]:
        """What has no id of the caller's is new each time."""
        [event] = await super().understood(road, signed)
        assert isinstance(event, Said)
        metadata = event.incoming.metadata
        known = str(metadata["message_id"]) if "message_id" in metadata else "made here"
        assert len(event.incoming.message_id) == 36 or event.incoming.message_id == known
        tidy = {**metadata, "message_id": known} if metadata else {}
        return [Said(replace(event.incoming, message_id=known, metadata=tidy))]

    async def test_a_file_is_refused_politely(self, road: Road, vendor: Vendor) -> None:
        """Rasa's form has none; whatever else a caller adds does not matter, and the text is answered."""
        response = await road.call(
            self.signed({**self.said("hallo"), "attachment": {"url": "https://x.example/a.png"}})
        )
        assert response.status == 200
        await road.deliver()
        assert self.texts(vendor) == ["1: hallo"]

    async def test_a_file_that_is_to_be_kept(self, road: Road) -> None:
        """Rasa's form has none, so nothing is ever to be fetched."""
        road.keep_attachments()
        await road.call(self.signed({**self.said("hallo"), "attachment": {"url": "https://x.example/a.png"}}))
        assert await road.services.attachments.due() == []

    async def test_a_long_answer_is_cut_at_paragraphs(self, road: Road, vendor: Vendor) -> None:
        """Not here: it comes whole, as the Markdown that it is, whatever fails before."""
        text = "# Titel\n\n| a | b |\n|---|---|\n| **1** | [2](https://x.example) |\n\n" + "Ein Satz.\n\n" * 2000
        vendor.failures.append("500")
        await self.say(road, text)
        await road.deliver()
        await road.later(60)
        assert self.texts(vendor) == [f"1: {text.strip()}"]

    async def test_rasas_answer(self, road: Road) -> None:
        """To whoever posts a message, at both addresses."""
        for path in ("/webhooks/callback/webhook", "/webhooks/callback"):
            signed = self.signed(self.said("hallo", path))
            response = await road.client.post(path, data=signed.body, headers=signed.headers)
            assert (response.status, await response.text()) == (200, "success")

    async def test_replies_are_rasas(self, road: Road, vendor: Vendor) -> None:
        """With buttons where there are some."""
        await self.say(road, "knöpfe")
        await road.deliver()
        [sent] = vendor.sent
        assert set(sent) == {"recipient_id", "text", "buttons"}
        assert sent["recipient_id"] == "anna"
        assert [set(button) for button in sent["buttons"]] == [{"title", "payload"}] * 2
        await self.say(road, "hallo", "m2")
        await road.deliver()
        assert vendor.sent[1] == {"recipient_id": "anna", "text": "2: hallo"}

    async def test_a_message_has_one_id_on_every_attempt(self, road: Road, vendor: Receiver) -> None:
        """So a receiver that took it, and whose answer was lost, drops the repetition."""
        vendor.moved = "/nowhere"
        await self.say(road, "hallo")
        await road.deliver()
        vendor.moved = ""
        await road.later(60)
        await self.say(road, "und nun", "m2")
        await road.deliver()
        first, again, other = vendor.ids
        assert first == again != other

    async def test_a_redirect_is_not_followed(self, road: Road, vendor: Receiver) -> None:
        """It would carry what customers wrote elsewhere; it can be put right, so it is tried again."""
        vendor.moved = "/elsewhere"
        await self.say(road, "hallo")
        await road.deliver()
        assert vendor.sent == []
        [(status, _, error)] = await road.outbox()
        assert status == "queued"
        assert "307" in str(error)

    @pytest.mark.parametrize("token", ["", TOKEN[:-1], f"{TOKEN}x", "ä"])
    async def test_a_wrong_token_is_refused(self, road: Road, token: str) -> None:
        """And is in no answer."""
        signed = self.signed(self.said("hallo"))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        response = await road.call(Signed(signed.body, headers))
        assert response.status == 401
        assert TOKEN not in await response.text()

    @pytest.mark.parametrize(
        ("key", "value"), [("token", "short"), ("secret", "whsec_?"), ("secret", ""), ("url", "ftp://x"), ("url", "x")]
    )
    def test_an_option_that_does_not_fit(
        self, road: Road, monkeypatch: pytest.MonkeyPatch, key: str, value: str
    ) -> None:
        """Stops the start, and a secret is not shown."""
        monkeypatch.setenv(f"POSTBOTE_CHANNEL_CALLBACK_{key.upper()}", value)
        with pytest.raises(SettingsError, match=f"POSTBOTE_CHANNEL_CALLBACK_{key.upper()}") as raised:
            choose_channels(road.channel_tools(), {self.name: self.kind})
        assert key == "url" or not value or f"'{value}'" not in str(raised.value)

    @pytest.mark.parametrize("message_id", ["", "x" * 201, 0.5, True, [], {}, None])
    async def test_an_id_that_is_none(self, road: Road, message_id: Any) -> None:
        """Is refused; none at all is made here."""
        response = await road.call(self.signed({**self.said("hallo"), "metadata": {"message_id": message_id}}))
        assert response.status == (200 if message_id is None else 400)

    async def test_nobody_answers(self, road: Road, vendor: Vendor) -> None:
        """Which `python -m bot channels` tells."""
        await vendor._server.close()
        with pytest.raises(ChannelError, match="does not answer"):
            await road.channel.ping()

    async def test_a_button_of_another_conversation_is_text(self, road: Road, vendor: Vendor) -> None:
        """It chooses nothing, and is not silence either."""
        await self.press(road, "abcdefghijklmnop", "Ja")
        await road.deliver()
        assert self.texts(vendor) == ["1: /choice-abcdefghijklmnop"]

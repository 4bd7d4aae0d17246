"""Chatwoot: the contract of channels with a desk of their own, and what is its own."""

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiohttp import web

from bot.channels.chatwoot import KIND
from bot.channels.choose import choose_channels
from bot.channels.errors import ChannelError
from bot.channels.port import Event, Part, Said, Unreadable
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Choice, Incoming, Message
from bot.errors import SettingsError
from tests.channels.own_desk import OwnDeskContract
from tests.channels.road import Road, Signed, configure
from tests.channels.vendor import Vendor
from tests.contract.clock import START, Clock

PAYLOADS = Path(__file__).parent / "payloads"
SECRET = "Xk2mBot9webhookSecretNotGuessable"
ADDRESS_SECRET = "a word that nobody guesses"
TOKEN = "fGq9ZbotTokenNotGuessable"
CHOICE = "Q2hvaWNlLW9mLXVz"
BLOBS = "https://chat.lindenpost.example/rails/active_storage/blobs/redirect/eyJfcmFpbHMiOnsiZGF0YSI6OTF9fQ==--1c2e"


def said(id: str, text: str, choice: str | None = None) -> Incoming:
    """What Anna said in conversation 207."""
    return Incoming("chatwoot", "207", id, text, choice, 10)


def wrote(id: int, text: str) -> Incoming:
    """The same where she typed it."""
    return said(f"{id}:{hashlib.sha256(text.encode()).hexdigest()[:16]}", text)


def number(word: str) -> int:
    """Chatwoot's ids are numbers."""
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) + 1


def load(name: str) -> Any:
    """A real payload."""
    return json.loads((PAYLOADS / f"{name}.json").read_bytes())


def signed(body: bytes, at: float) -> Signed:
    """As Chatwoot signs its calls since 4.13."""
    stamp = str(int(at))
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={signature}"}
    return Signed(body, headers | {"Content-Type": "application/json"})


def missing() -> web.Response:
    """As Chatwoot says it of a conversation."""
    return web.json_response({"error": "Resource could not be found"}, status=404)


class ChatwootServer(Vendor):
    """What a bot may do at Chatwoot's."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        """Conversations that people were called to."""
        self.refusal: web.Response | None = None
        """Of the next message."""
        self.files: list[str | None] = []
        """The token by which files were asked for."""

    def routes(self) -> list[web.RouteDef]:
        conversation = "/api/v1/accounts/1/conversations/{id}"
        return [
            web.post(f"{conversation}/messages", self._take),
            web.post(f"{conversation}/toggle_status", self._toggle),
            web.get("/rails/active_storage/blobs/redirect/{name}", self._redirect),
            web.get("/rails/active_storage/disk/{name}", self._file),
        ]

    def is_message(self, request: web.Request) -> bool:
        return request.path.endswith(("/messages", "/toggle_status")) and request.match_info["id"] != "0"

    def blocked(self) -> web.Response:
        return missing()

    async def _take(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.json_response({"error": "Invalid Access Token"}, status=401)
        if self.refusal is not None:
            return self.refusal
        body = await request.json()
        items = body.get("content_attributes", {}).get("items", [])
        # Chatwoot's ContentAttributeValidator.
        assert bool(items) is (body.get("content_type") == "input_select")
        assert all(set(item) == {"title", "value"} for item in items)
        self.sent.append({**body, "conversation": request.match_info["id"]})
        return web.json_response({"id": len(self.sent), "content": body["content"], "status": "sent"})

    async def _toggle(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.json_response({"error": "Invalid Access Token"}, status=401)
        if request.match_info["id"] == "0":
            return missing()
        assert await request.json() == {"status": "open"}
        self.opened.append(request.match_info["id"])
        status = {"success": True, "conversation_id": int(self.opened[-1]), "current_status": "open"}
        return web.json_response({"meta": {}, "payload": status})

    async def _redirect(self, request: web.Request) -> web.Response:
        self.files.append(request.headers.get("api_access_token"))
        raise web.HTTPFound(f"/rails/active_storage/disk/{request.match_info['name']}")

    async def _file(self, request: web.Request) -> web.Response:
        self.files.append(request.headers.get("api_access_token"))
        return web.Response(body=b"%PDF" * 100)

    def _knows(self, request: web.Request) -> bool:
        return request.headers["api_access_token"] == TOKEN


class TestChatwoot(OwnDeskContract):
    """See the contract."""

    name = "chatwoot"
    kind = KIND
    payloads = PAYLOADS
    needed = frozenset({"token", "account"})
    clock: Clock | None = None
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(wrote(654, "Wie voll ist mein Postfach?"))],
        "text_after_resolved": [Said(wrote(655, "Noch eine Frage"))],
        "text_of_a_mail": [Said(wrote(656, "Wie lautet der IMAP-Server?"))],
        "button": [Said(said(f"657:{CHOICE}", "Ja", CHOICE))],
        "button_of_another_kind": [],
        "button_not_pressed": [],
        "button_of_a_survey": [],
        "edit": [Said(wrote(654, "Wie voll ist mein Postfach denn?"))],
        "edit_of_something_else": [Said(wrote(654, "Wie voll ist mein Postfach?"))],
        "edit_deleted": [],
        "attachment": [
            Said(
                wrote(660, "Diese Meldung kommt"),
                (File("Meldung (1).png", "image/png", 48213, f"{BLOBS}/Meldung%20(1).png"),),
            )
        ],
        "attachment_alone": [
            Said(wrote(661, ""), (File("rechnung.pdf", "application/pdf", 20145, f"{BLOBS}/rechnung.pdf"),))
        ],
        "unsupported_voice": [Unreadable(said("662", "🎤"))],
        "unsupported_place": [Unreadable(said("663", "📍"))],
        "unsupported_by_chatwoot": [Unreadable(said("664", "🔗"))],
        "unsupported_reel": [Unreadable(said("665", "🔗"))],
        "status_held_by_people": [],
        "status_snoozed": [],
        "status_own_message": [],
        "status_agent_message": [],
        "status_private_note": [],
        "status_activity": [],
        "status_greeting": [],
        "status_other_account": [],
        "status_automatic_mail": [],
        "status_opened": [],
        "status_resolved": [],
        "status_changed": [],
        "status_widget_opened": [],
    }

    @pytest.fixture(autouse=True)
    def follow(self, road: Road) -> None:
        """Sign by the clock of the road, since old calls are refused."""
        self.clock = road.clock

    def options(self, url: str) -> dict[str, str]:
        return {"token": TOKEN, "account": "1", "signing_secret": SECRET, "url": url}

    def new_vendor(self) -> ChatwootServer:
        return ChatwootServer()

    def sign(self, body: bytes) -> Signed:
        return signed(body, (self.clock.now if self.clock else START).timestamp())

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        payload = load("text")
        payload["conversation"]["id"] = number(address)
        return payload | {"id": number(id), "content": text}

    def said_to_people(self, text: str, id: str = "m3", address: str = "anna") -> Any:
        payload = self.said(text, id, address)
        payload["conversation"]["status"] = "open"
        return payload

    def address(self, address: str = "anna") -> str:
        return str(number(address))

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        payload = load("button")
        payload["conversation"]["id"] = number(address)
        payload["content_attributes"]["submitted_values"] = [{"title": title, "value": choice}]
        return payload | {"id": number(id)}

    def shown(self, sent: Any) -> str:
        return re.sub(r"\\([^\w\s])", r"\1", sent["content"])

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        return [(item["value"], item["title"]) for item in sent.get("content_attributes", {}).get("items", [])]

    def handed_over(self, vendor: Vendor) -> list[str]:
        assert isinstance(vendor, ChatwootServer)
        return vendor.opened

    # --- its own: in ---

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
        signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + b"{}", hashlib.sha256).hexdigest()
        headers = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={signature}"}
        assert (await road.call(Signed(b"{}", headers))).status == 401

    async def test_an_update_is_no_new_message(self, road: Road, vendor: Vendor) -> None:
        """Chatwoot updates messages when it translates them and the like; another text is answered."""
        for name in ("text", "edit_of_something_else", "edit", "edit"):
            await road.call(self.signed(load(name)))
        await road.deliver()
        assert self.texts(vendor) == ["1: Wie voll ist mein Postfach?", "2: Wie voll ist mein Postfach denn?"]

    async def test_a_place_beside_a_file_is_no_silence(self, road: Road, vendor: Vendor) -> None:
        """What cannot be read is answered as well."""
        await road.call(self.signed(load("unsupported_place")))
        await road.deliver()
        assert len(vendor.sent) == 1

    # --- its own: out ---

    async def test_what_is_sent(self, road: Road, vendor: Vendor) -> None:
        """Markdown, with what is none escaped; buttons as Chatwoot has them."""
        text = "**Fett** und [Hilfe](https://hilfe.example/?a=1&b=2), a_b_c"
        await road.channel.send("207", Message(1, "7", Author.BOT, text, (Choice(CHOICE, "Ja"),), START))
        assert vendor.sent == [
            {
                "content": "**Fett** und [Hilfe](<https://hilfe.example/?a=1&b=2>), a\\_b\\_c",
                "message_type": "outgoing",
                "private": False,
                "content_type": "input_select",
                "content_attributes": {"items": [{"title": "Ja", "value": CHOICE}]},
                "conversation": "207",
            }
        ]

    @pytest.mark.parametrize(
        ("status", "body", "final", "gone", "retry_after"),
        [
            (404, {"error": "Resource could not be found"}, True, True, None),
            (404, "<html>nginx</html>", False, False, None),
            (401, {"error": "Invalid Access Token"}, False, False, None),
            (401, {"error": "Bot is not authorized to access this account"}, False, False, None),
            (422, {"error": "Validation failed: Too many messages"}, False, False, 60),
            (422, {"error": "Validation failed: Content is too long"}, True, False, None),
            (429, "Retry later\n", False, False, None),
        ],
    )
    async def test_chatwoot_s_refusals(  # noqa: PLR0917 -- a row of the table
        self,
        road: Road,
        vendor: ChatwootServer,
        status: int,
        body: Any,
        final: bool,
        gone: bool,
        retry_after: float | None,
    ) -> None:
        """What can never arrive, who is gone, and what passes."""
        text = body if isinstance(body, str) else json.dumps(body)
        vendor.refusal = web.Response(status=status, text=text)
        with pytest.raises(DeliveryError) as raised:
            await road.channel.post("207", Part("Hallo", (), 17, 4, "17-0"))
        error = raised.value
        assert (error.final, error.gone, error.retry_after) == (final, gone, retry_after)
        assert TOKEN not in str(error)

    async def test_a_file_is_fetched_without_our_token(self, road: Road, vendor: ChatwootServer) -> None:
        """Chatwoot sends on to the storage."""
        file = File("a.pdf", "application/pdf", None, f"{vendor.url}/rails/active_storage/blobs/redirect/a.pdf")
        assert await road.channel.fetch(file, 1000) == b"%PDF" * 100
        assert vendor.files == [None, None]
        with pytest.raises(DeliveryError, match="more than 5 bytes"):
            await road.channel.fetch(file, 5)
        with pytest.raises(DeliveryError) as raised:
            await road.channel.fetch(File("a", "b", None, "file:///etc/passwd"), 5)
        assert raised.value.final

    async def test_connect_says_what_to_enter(self, road: Road) -> None:
        """A bot cannot change itself."""
        told = await road.channel.set_webhook("https://hilfe.example/webhooks/chatwoot")
        assert "https://hilfe.example/webhooks/chatwoot as" in told


@pytest.fixture
async def chatwoot() -> Any:
    """Its server."""
    vendor = ChatwootServer()
    await vendor.start()
    yield vendor
    await vendor.stop()


def road_to(vendor: Vendor, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: str) -> Road:
    """With other options."""
    configure(monkeypatch, "chatwoot", {"token": TOKEN, "account": "1", "url": vendor.url, **options})
    return Road("chatwoot", KIND, vendor, folder)


async def test_a_secret_in_the_address(
    chatwoot: ChatwootServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a Chatwoot that does not sign."""
    async with road_to(chatwoot, tmp_path, monkeypatch, address_secret=ADDRESS_SECRET) as road:
        for secret, status in ((ADDRESS_SECRET, 200), (ADDRESS_SECRET[:-1], 401), ("", 401)):
            response = await road.client.post("/webhooks/chatwoot", params={"secret": secret}, json=load("text"))
            assert response.status == status
        await road.deliver()
        assert len(chatwoot.sent) == 1
        told = await road.channel.set_webhook("https://hilfe.example/webhooks/chatwoot")
        assert "/webhooks/chatwoot?secret=" in told
        assert ADDRESS_SECRET not in told


async def test_where_both_secrets_are_set_both_are_asked_for(
    chatwoot: ChatwootServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them is not enough."""
    options = {"address_secret": ADDRESS_SECRET, "signing_secret": SECRET}
    async with road_to(chatwoot, tmp_path, monkeypatch, **options) as road:
        call = signed(json.dumps(load("text")).encode(), road.clock().timestamp())
        assert (await road.call(call)).status == 401
        query = {"secret": ADDRESS_SECRET}
        response = await road.client.post("/webhooks/chatwoot", params=query, data=call.body, headers=call.headers)
        assert response.status == 200
        response = await road.client.post("/webhooks/chatwoot", params=query, data=call.body)
        assert response.status == 401


@pytest.mark.parametrize(
    ("options", "named"), [({}, "SIGNING_SECRET"), ({"address_secret": "short"}, "ADDRESS_SECRET needs 16")]
)
async def test_without_a_secret_it_does_not_start(
    chatwoot: ChatwootServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, str],
    named: str,
) -> None:
    """Else anybody could speak for the customers."""
    async with road_to(chatwoot, tmp_path, monkeypatch, signing_secret=SECRET) as road:
        tools = road.channel_tools()
    monkeypatch.delenv("POSTBOTE_CHANNEL_CHATWOOT_SIGNING_SECRET")
    configure(monkeypatch, "chatwoot", options)
    with pytest.raises(SettingsError, match=f"POSTBOTE_CHANNEL_CHATWOOT_{named}") as raised:
        choose_channels(tools, {"chatwoot": KIND})
    assert "short" not in str(raised.value)


async def test_only_the_inboxes_that_are_named(
    chatwoot: ChatwootServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are another bot's."""
    async with road_to(chatwoot, tmp_path, monkeypatch, address_secret=ADDRESS_SECRET, inboxes="[3]") as road:
        for inbox in (3, 4):
            payload = load("text") | {"id": inbox, "inbox": {"id": inbox, "name": "Hilfe"}}
            response = await road.client.post("/webhooks/chatwoot", params={"secret": ADDRESS_SECRET}, json=payload)
            assert response.status == 200
        await road.deliver()
        assert len(chatwoot.sent) == 1


async def test_buttons_as_a_list(chatwoot: ChatwootServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For inboxes that show none; the number is understood."""
    async with road_to(chatwoot, tmp_path, monkeypatch, address_secret=ADDRESS_SECRET, buttons="false") as road:
        for id, text in ((1, "knöpfe"), (2, "2")):
            payload = load("text") | {"id": id, "content": text}
            await road.client.post("/webhooks/chatwoot", params={"secret": ADDRESS_SECRET}, json=payload)
            await road.deliver()
        assert "content_type" not in chatwoot.sent[0]
        assert [sent["content"].replace("\\", "") for sent in chatwoot.sent] == [
            "1: Welcher?\n\n1. Ja\n2. Nein",
            "2: /deny",
        ]


async def test_a_bot_that_chatwoot_does_not_know(
    chatwoot: ChatwootServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m bot channels` says so, without the token."""
    async with road_to(chatwoot, tmp_path, monkeypatch, signing_secret=SECRET, token="wrongButSecret") as road:
        with pytest.raises(ChannelError, match="Invalid Access Token") as raised:
            await road.channel.ping()
        assert "wrongButSecret" not in str(raised.value)
    async with road_to(chatwoot, tmp_path, monkeypatch, signing_secret=SECRET, account="9") as road:
        with pytest.raises(ChannelError):
            await road.channel.ping()

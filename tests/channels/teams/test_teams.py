"""Microsoft Teams: the contract, and what is its own."""

import functools
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.errors import ChannelError
from bot.channels.port import Event, Gone, Said, SeenUntil, Unreadable
from bot.channels.teams import KIND
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Choice, Incoming, Message
from tests.channels.contract import ChannelContract
from tests.channels.road import Road, Signed
from tests.channels.vendor import Vendor
from tests.contract.clock import START

APP = "c9e8c047-2a74-40a2-b28a-b162d5f5327c"
PASSWORD = "not guessable"
ISSUER = "https://api.botframework.com"
REAL = "https://smba.trafficmanager.net"
SERVICE = f"{REAL}/de/"
HERE = Path(__file__).parent
PAYLOADS = HERE / "payloads"
ANNA = "7faf8ab2-3d56-4244-b585-20c8a42ed2b8"
BEN = "520e4d1e-2108-43ee-a092-46a9507c6200"
DIRECT = (
    "a:17I0kl9EkpE1O9PH5TWrzrLNwnWWcfrU7QZjKR0WSfOpzbfcAg2IaydGElSo10tVr4C7Fc6GtieTJX663WuJCc1uA83n4CSrHSgGBj5XNYLc"
    "VlJAs2ZX8DbYBPck201w-"
)
CHANNEL = "19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2;messageid=1485983194839"
GROUP = "19:97b1ec6145bf453c90596e8984e0cef4@thread.v2"
LONG = "a:" + "1" * 300
HASHED = "42840e59b6775cfeaa0bd8cff9ef7e59a9a6f73e25965e8fd59103776fd0c14a"
CHOICE = "Q2hvaWNlLW9mLXVz"
DOWNLOAD = (
    "https://contoso-my.sharepoint.com/personal/johnadams_contoso_com/_layouts/15/download.aspx"
    "?UniqueId=1150D938-8870-4044-9F2C-5BBDEBA70C9D&tempauth=abc"
)
IMAGE = f"{REAL}/de/v3/attachments/0-weu-d3-1234567890/views/original"
NOW = int(START.timestamp())
TYPE = web.RequestKey("type", str)
"""Of the activity that a request brings."""


@functools.cache
def key(kid: str) -> rsa.RSAPrivateKey:
    """Made once for all tests."""
    return rsa.generate_private_key(65537, 2048)


@functools.cache
def token(service_url: str, kid: str = "known", **claims: Any) -> str:
    """As the Bot Connector signs it; of the claims, those that are None are left out."""
    whole = {"serviceurl": service_url, "nbf": NOW, "exp": NOW + 86_400, "iss": ISSUER, "aud": APP, **claims}
    told = {name: value for name, value in whole.items() if value is not None}
    for number in range(100):
        made = jwt.encode({**told, "jti": str(number)}, key(kid), "RS256", {"kid": kid})
        # Where the last character of the signature is a `w`, a forger's `0` would stand for the same bytes.
        if not made.endswith("w"):
            return made
    raise AssertionError


def said(address: str, id: str, text: str, choice: str | None = None, conversation: str = "", **more: Any) -> Incoming:
    """What a customer said."""
    place = {"service_url": SERVICE, "conversation": conversation or address.split("|", maxsplit=1)[0]}
    return Incoming("teams", address, id, text, choice, 6, metadata=place, **more)


class Microsoft(Vendor):
    """The login, the keys, and the Bot Connector."""

    def __init__(self) -> None:
        super().__init__()
        self.typing: list[str] = []
        self.kids = ["known"]
        self.endorsements = ["msteams", "skype"]
        self.looks = 0
        """How often the keys were fetched."""
        self.logins: list[dict[str, str]] = []
        self.down = False
        """Whether the keys cannot be fetched."""
        self.refusal: tuple[int, str] | None = None
        """Status and code that messages are refused with, if they are."""
        self.fetched: list[str | None] = []
        """The credentials that files were fetched with."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/openid", self._metadata),
            web.get("/keys", self._keys),
            web.post("/{tenant}/oauth2/v2.0/token", self._login),
            web.post("/de/v3/conversations/{conversation}/activities", self._take),
            web.get("/de/v3/attachments/{id}/views/original", self._file),
        ]

    def is_message(self, request: web.Request) -> bool:
        return request.get(TYPE) == "message"

    def too_many(self) -> web.Response:
        body = {"error": {"code": "Throttled", "message": "Too many requests"}}
        return web.json_response(body, status=429, headers={"Retry-After": "30"})

    def blocked(self) -> web.Response:
        return self._refuse(403, "ConversationBlockedByUser")

    @web.middleware
    async def _fail(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.endswith("/activities"):
            request[TYPE] = (await request.json())["type"]
        return await super()._fail(request, handler)

    async def _metadata(self, request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.looks += 1
        keys = []
        for kid in self.kids:
            numbers = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(kid).public_key()))
            keys.append({**numbers, "use": "sig", "kid": kid, "endorsements": self.endorsements})
        return web.json_response({"keys": [*keys, {"kty": "EC", "kid": "other"}]})

    async def _login(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.logins.append({**form, "tenant": request.match_info["tenant"]})
        if form["client_secret"] != PASSWORD:
            return web.json_response({"error": "invalid_client", "error_description": "AADSTS7000215"}, status=401)
        token = f"ours-{len(self.logins)}"
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": token})

    async def _take(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"].startswith("Bearer ours-")
        if self.refusal:
            return self._refuse(*self.refusal)
        body = await request.json()
        conversation = unquote(request.match_info["conversation"])
        if body["type"] == "typing":
            self.typing.append(conversation)
        else:
            self.sent.append({**body, "conversation": conversation})
        return web.json_response({"id": "1575667808184"}, status=201)

    async def _file(self, request: web.Request) -> web.Response:
        self.fetched.append(request.headers.get("Authorization"))
        return web.Response(body=b"PNG" * 100)

    def _refuse(self, status: int, code: str) -> web.Response:
        return web.json_response({"error": {"code": code, "message": f"It is {code}."}}, status=status)


class TestTeams(ChannelContract):
    """See the contract."""

    name = "teams"
    kind = KIND
    payloads = PAYLOADS
    needed = frozenset({"app_id", "app_password"})
    url = ""
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(said(DIRECT, "1485983408511", "Wie voll ist anna@lindenpost.example? & so"))],
        "text_channel": [Said(said(f"{CHANNEL}|{ANNA}", "1485983194839", "Wie lautet der IMAP-Server, Ben Sommer?"))],
        "text_group": [Said(said(f"{GROUP}|{BEN}", "1485983200000", "und SMTP?"))],
        "text_mention_alone": [Unreadable(said(f"{GROUP}|{BEN}", "1485983200001", "📎"))],
        "text_long_id": [Said(said(HASHED, "1485983200002", "hallo", conversation=LONG))],
        "button": [Said(said(DIRECT, "f:5261769396935243054", "Ja", CHOICE))],
        "button_as_text": [Said(said(DIRECT, "f:5261769396935243055", "Ja", CHOICE))],
        "button_in_channel": [Said(said(f"{CHANNEL}|{ANNA}", "f:5261769396935243056", "Ja", CHOICE))],
        "button_of_somebody_else": [],
        "button_of_another_kind": [
            Said(said(DIRECT, "f:5261769396935243058", "User just clicked the MessageBack button"))
        ],
        "edit": [Said(said(DIRECT, "1485983408511:2026-11-24T09:31:39.4615413Z", "Wie voll ist mein Postfach denn?"))],
        "edit_undeleted": [],
        "attachment": [
            Said(
                said(DIRECT, "1485983408520", "Diese Datei"), (File("file_example.txt", "text/plain", None, DOWNLOAD),)
            )
        ],
        "attachment_image": [Said(said(DIRECT, "1485983408521", ""), (File("?", "image/*", None, IMAGE),))],
        "unsupported_card": [Unreadable(said(DIRECT, "1485983408522", "📎"))],
        "unsupported_reaction": [],
        "unsupported_invoke": [],
        "status_opened": [Said(said(DIRECT, "f:816eb23d-bfa1-afa3-dfeb-d2aa94e9b4ee", "👋", opens=True))],
        "status_removed": [Gone(DIRECT, "The customer removed the app from Teams.")],
        "status_added_to_team": [],
        "status_member_added": [],
        "status_installed": [],
        "status_removed_from_team": [],
        "status_not_addressed": [],
        "status_of_a_bot": [],
        "status_own_message": [],
        "status_deleted": [],
        "status_read": [SeenUntil(DIRECT, datetime(2023, 8, 16, 17, 23, 9, 131000, UTC), read=True)],
        "status_typing": [],
    }

    def options(self, url: str) -> dict[str, str]:
        self.url = url
        return {
            "app_id": APP,
            "app_password": PASSWORD,
            "tenant": "lindenpost.example",
            "login_url": url,
            "metadata_url": f"{url}/openid",
            "service_origins": json.dumps([url]),
        }

    def new_vendor(self) -> Microsoft:
        return Microsoft()

    def sign(self, body: bytes) -> Signed:
        # Real payloads name Microsoft's server, which the one of the test stands for.
        body = body.replace(REAL.encode(), self.url.encode())
        found = re.search(rb'"serviceUrl": "(https?://[!-~]{1,100}?)"', body)
        return self.signed_by(body, token(found[1].decode() if found else SERVICE))

    async def understood(self, road: Road, signed: Signed) -> Sequence[Event]:
        """With the server's real name, as it stands in the payload."""
        return [self._real(event) for event in await super().understood(road, signed)]

    def _real(self, event: Event) -> Event:
        if not isinstance(event, Said | Unreadable):
            return event
        place = {name: value.replace(self.url, REAL) for name, value in event.incoming.metadata.items()}
        real = replace(event, incoming=replace(event.incoming, metadata=place))
        if isinstance(real, Unreadable):
            return real
        files = (replace(file, reference=file.reference.replace(self.url, REAL)) for file in real.files)
        return replace(real, files=tuple(files))

    def signed_by(self, body: bytes, token: str) -> Signed:
        """A call with this token."""
        return Signed(body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})

    def said(self, text: str, id: str = "m1", address: str = "anna") -> Any:
        return {
            "type": "message",
            "id": id,
            "timestamp": "2026-11-24T09:30:07.437Z",
            "serviceUrl": f"{self.url}/de/",
            "channelId": "msteams",
            "from": {"id": f"29:{address}", "name": "Anna"},
            "conversation": {"conversationType": "personal", "id": self.address(address)},
            "recipient": {"id": f"28:{APP}", "name": "Postbote"},
            "textFormat": "plain",
            "text": text,
        }

    def address(self, address: str = "anna") -> str:
        return f"a:{address}"

    def pressed(self, choice: str, title: str, id: str = "m2", address: str = "anna") -> Any:
        return {**self.said(title, id, address), "value": {"choice": choice, "address": self.address(address)}}

    def shown(self, sent: Any) -> str:
        return unescape(re.sub(r"\\([\\`*_~#\[\]])", r"\1", sent["text"].replace("  \n", "\n")))

    def buttons(self, sent: Any) -> list[tuple[str, str]]:
        cards = [card["content"] for card in sent.get("attachments", [])]
        return [(button["value"]["choice"], button["title"]) for card in cards for button in card["buttons"]]

    # --- its own: in ---

    @pytest.mark.parametrize(
        ("claims", "why"),
        [
            ({"aud": "another app"}, "Audience"),
            ({"aud": None}, "aud"),
            ({"iss": "https://evil.example"}, "issuer"),
            ({"iss": None}, "iss"),
            ({"exp": NOW - 301}, "expired"),
            ({"exp": None}, "exp"),
            ({"exp": "soon"}, "exp"),
            ({"nbf": NOW + 302}, "not valid yet"),
            ({"serviceurl": "https://smba.trafficmanager.net/amer/"}, "serviceUrl"),
            ({"serviceurl": None}, "serviceUrl"),
            ({"kid": "unknown"}, "does not publish"),
        ],
    )
    async def test_a_token_that_is_not_for_us(self, road: Road, claims: dict[str, Any], why: str) -> None:
        """However well it is signed."""
        body = json.dumps(self.said("hallo")).encode()
        response = await road.call(self.signed_by(body, token(f"{self.url}/de/", **claims)))
        assert response.status == 401
        assert why in (await response.json())["message"]
        assert await road.transcript(self.address()) == []

    async def test_clocks_may_differ_a_little(self, road: Road) -> None:
        """As Microsoft advises, by five minutes."""
        body = json.dumps(self.said("hallo")).encode()
        response = await road.call(self.signed_by(body, token(f"{self.url}/de/", exp=NOW - 290)))
        assert response.status == 200

    async def test_a_token_that_chooses_its_algorithm(self, road: Road) -> None:
        """None, or one with a shared secret, is refused."""
        body = json.dumps(self.said("hallo")).encode()
        claims = jwt.decode(token(f"{self.url}/de/"), options={"verify_signature": False})
        for algorithm, secret in (("none", None), ("HS256", "k" * 32)):
            forged = jwt.encode(claims, secret, algorithm, {"kid": "known"})
            assert (await road.call(self.signed_by(body, forged))).status == 401

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer ä"])
    async def test_no_token(self, road: Road, header: str) -> None:
        """Is refused."""
        body = json.dumps(self.said("hallo")).encode()
        assert (await road.call(Signed(body, {"Authorization": header}))).status == 401

    async def test_a_key_that_may_not_speak_for_teams(self, road: Road, vendor: Microsoft) -> None:
        """Microsoft's, but endorsed for other channels only."""
        vendor.endorsements = ["webchat"]
        assert (await road.call(self.signed(self.said("hallo")))).status == 401

    async def test_a_call_of_another_channel(self, road: Road) -> None:
        """Such as the web chat of Azure's portal, is refused."""
        assert (await road.call(self.signed({**self.said("hallo"), "channelId": "webchat"}))).status == 401

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.example/de/",
            "https://smba.trafficmanager.net.evil.example/",
            "https://smba.trafficmanager.net@evil.example/",
            "https://smba.trafficmanager.net:444/",
            "http://smba.trafficmanager.net/",
            "http://[/",
        ],
    )
    async def test_our_token_goes_to_microsoft_only(self, road: Road, vendor: Microsoft, url: str) -> None:
        """A call that wants the answer elsewhere is refused, though it is signed."""
        body = json.dumps({**self.said("hallo"), "serviceUrl": url}).encode()
        response = await road.call(self.signed_by(body, token(url)))
        assert response.status == 401
        assert "SERVICE_ORIGINS" in (await response.json())["message"]
        assert vendor.logins == []

    async def test_keys_are_kept(self, road: Road, vendor: Microsoft) -> None:
        """And looked for again where one is not known, but not for each forged call."""
        for number in range(3):
            await self.say(road, "hallo", f"a{number}")
        assert vendor.looks == 1
        vendor.kids = ["new"]
        body = json.dumps(self.said("hallo", "b")).encode()
        renewed = self.signed_by(body, token(f"{self.url}/de/", "new"))
        assert [(await road.call(renewed)).status for _ in range(3)] == [401] * 3
        assert vendor.looks == 1
        road.clock.pass_by(301)
        assert (await road.call(renewed)).status == 200
        assert (await road.call(self.signed(self.said("hallo", "c")))).status == 401
        assert vendor.looks == 2

    async def test_keys_are_looked_at_once_a_day(self, road: Road, vendor: Microsoft) -> None:
        """So that one that Microsoft withdrew is not trusted for ever."""
        await self.say(road, "hallo")
        vendor.kids = ["new"]
        road.clock.pass_by(86_000)
        await self.say(road, "hallo", "m2")
        road.clock.pass_by(500)
        assert (await road.call(self.signed(self.said("hallo", "m3")))).status == 401
        assert vendor.looks == 2

    async def test_keys_that_cannot_be_had(self, road: Road, vendor: Microsoft) -> None:
        """Nobody is let in, and Microsoft may try again; with old keys it goes on."""
        vendor.down = True
        assert (await road.call(self.signed(self.said("hallo")))).status == 500
        vendor.down = False
        road.clock.pass_by(11)
        await self.say(road, "hallo")
        vendor.down = True
        road.clock.pass_by(86_400 + 60)
        assert (await road.call(self.signed(self.said("zwei", "m2")))).status == 200

    async def test_an_invoke_is_answered_in_json(self, road: Road) -> None:
        """As Teams wants it."""
        response = await road.call(self.sign((PAYLOADS / "unsupported_invoke.json").read_bytes()))
        assert await response.json() == {}

    async def test_who_adds_the_bot_is_greeted(self, road: Road, vendor: Microsoft) -> None:
        """In a chat of their own; who removes it is gone until they write."""
        members = [{"id": f"28:{APP}"}, {"id": "29:anna"}]
        opened = {**self.said("", "f:1"), "type": "conversationUpdate", "membersAdded": members}
        assert (await road.call(self.signed(opened))).status == 200
        await road.deliver()
        assert self.texts(vendor) == ["1: /greet"]
        removed = {**self.said("", "f:2"), "type": "installationUpdate", "action": "remove"}
        assert (await road.call(self.signed(removed))).status == 200
        assert await road.unreachable(self.address()) == "The customer removed the app from Teams."
        await self.say(road, "hallo")
        assert await road.unreachable(self.address()) is None

    async def test_two_in_a_channel_have_a_conversation_each(self, road: Road, vendor: Microsoft) -> None:
        """Answered in the thread; nobody may ask for what another one has proven to be theirs."""
        payload = json.loads((PAYLOADS / "text_channel.json").read_bytes())
        payload["serviceUrl"] = f"{self.url}/de/"
        await road.call(self.signed(payload))
        payload |= {"id": "1485983194840", "from": {**payload["from"], "aadObjectId": BEN}}
        await road.call(self.signed(payload))
        await road.deliver()
        assert [sent["conversation"] for sent in vendor.sent] == [CHANNEL, CHANNEL]
        for person in (ANNA, BEN):
            lines = await road.transcript(f"{CHANNEL}|{person}")
            assert [line.seq for line in lines if line.author is Author.CUSTOMER] == [1]

    async def test_an_address_that_is_too_long(self, road: Road, vendor: Microsoft) -> None:
        """Is hashed, and answered all the same."""
        payload = self.said("hallo")
        payload["conversation"]["id"] = LONG
        await road.call(self.signed(payload))
        await road.deliver()
        assert [sent["conversation"] for sent in vendor.sent] == [LONG]

    # --- its own: out ---

    async def test_what_is_sent(self, road: Road, vendor: Microsoft) -> None:
        """Teams' Markdown, lines as they were, and a card whose buttons bring the opaque id."""
        await self.say(road, "hallo")
        text = "**Fett** und [Hilfe](https://hilfe.example), 1 < 2 * 3_4_5 # `a_b`\nneue Zeile\n\n- eins\n- zwei"
        await road.channel.send(self.address(), Message(1, "7", Author.BOT, text, (Choice(CHOICE, "Ja"),), START))
        button = {"type": "messageBack", "title": "Ja", "displayText": "Ja", "text": "Ja"}
        card = {"buttons": [{**button, "value": {"choice": CHOICE, "address": "a:anna"}}]}
        assert vendor.sent[-1] == {
            "conversation": "a:anna",
            "type": "message",
            "textFormat": "markdown",
            "text": (
                "**Fett** und [Hilfe](https://hilfe.example), 1 &lt; 2 \\* 3\\_4\\_5 \\# `a_b`  \nneue Zeile\n\n"
                "- eins  \n- zwei"
            ),
            "attachments": [{"contentType": "application/vnd.microsoft.card.hero", "content": card}],
        }

    async def test_three_dots_while_the_bot_thinks(self, road: Road, vendor: Microsoft) -> None:
        """Where the customer wrote."""
        await self.say(road, "hallo")
        await road.settle()
        assert vendor.typing == ["a:anna"]

    async def test_our_token_is_kept_until_it_expires(self, road: Road, vendor: Microsoft) -> None:
        """And fetched as Microsoft documents it."""
        for number in range(3):
            await self.say(road, "hallo", f"a{number}")
            await road.deliver()
        [login] = vendor.logins
        assert login == {
            "tenant": "lindenpost.example",
            "grant_type": "client_credentials",
            "client_id": APP,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
        road.clock.pass_by(3301)
        await self.say(road, "hallo", "b")
        await road.deliver()
        assert len(vendor.logins) == 2

    @pytest.mark.parametrize(
        ("refusal", "final", "gone"),
        [
            ((403, "ConversationBlockedByUser"), True, True),
            ((403, "BotNotInConversationRoster"), True, True),
            ((403, "BotDisabledByAdmin"), True, True),
            ((404, "ConversationNotFound"), True, True),
            ((403, "InvalidBotApiHost"), False, False),
            ((400, "BadSyntax"), True, False),
            ((413, "MessageSizeTooBig"), True, False),
            ((412, "PreconditionFailed"), False, False),
            ((502, "ServiceError"), False, False),
        ],
    )
    async def test_what_is_refused(
        self, road: Road, vendor: Microsoft, refusal: tuple[int, str], final: bool, gone: bool
    ) -> None:
        """Microsoft's reason is kept; what may pass is tried again."""
        await self.say(road, "hallo")
        await road.settle()
        vendor.refusal = refusal
        with pytest.raises(DeliveryError, match=refusal[1]) as caught:
            await road.channel.send(self.address(), Message(1, "7", Author.BOT, "hallo", (), START))
        assert (caught.value.final, caught.value.gone) == (final, gone)
        assert "ours-" not in str(caught.value)

    async def test_a_token_that_is_refused_is_fetched_again(self, road: Road, vendor: Microsoft) -> None:
        """For the next attempt."""
        await self.say(road, "hallo")
        await road.settle()
        vendor.refusal = (401, "Unauthorized")
        await road.deliver()
        vendor.refusal = None
        await road.later(60)
        assert self.texts(vendor) == ["1: hallo"]
        assert len(vendor.logins) == 2

    async def test_nobody_ever_wrote(self, road: Road) -> None:
        """There is no server to send to, and the error says so."""
        with pytest.raises(DeliveryError, match="never said at which server") as caught:
            await road.channel.send("a:ben", Message(1, "7", Author.BOT, "hallo", (), START))
        assert caught.value.final

    async def test_files(self, road: Road, vendor: Microsoft) -> None:
        """Of the service with our token; of limited size."""
        image = File("?", "image/*", None, f"{vendor.url}/de/v3/attachments/1/views/original")
        assert await road.channel.fetch(image, 300) == b"PNG" * 100
        assert vendor.fetched == ["Bearer ours-1"]
        with pytest.raises(DeliveryError, match="more than 299 bytes"):
            await road.channel.fetch(image, 299)

    @pytest.mark.parametrize(
        "reference",
        [
            "https://evil.example/a.png",
            "https://evilsharepoint.com/a.png",
            "https://contoso.sharepoint.com.evil.example/a.png",
            "https://contoso.sharepoint.com:8443/a.png",
            "http://contoso.sharepoint.com/a.png",
            "http://[",
            "",
        ],
    )
    async def test_files_of_others_are_not_fetched(self, road: Road, reference: str) -> None:
        """Whatever address a call gives."""
        with pytest.raises(DeliveryError, match="no address of Microsoft's"):
            await road.channel.fetch(File("a.png", "image/png", 3, reference), 300)

    async def test_ping_names_the_reason(self, road: Road, vendor: Microsoft, monkeypatch: pytest.MonkeyPatch) -> None:
        """For `python -m bot channels`; and the secret is not in it."""
        assert await road.channel.ping() == f"app {APP}"
        monkeypatch.setenv("POSTBOTE_CHANNEL_TEAMS_APP_PASSWORD", "wrong secret")
        other = self.kind.make(road.channel_tools())
        with pytest.raises(ChannelError, match="AADSTS7000215") as caught:
            await other.ping()
        await other.close()
        assert "wrong secret" not in str(caught.value)
        vendor.down = True
        with pytest.raises(ChannelError, match="keys cannot be fetched"):
            await road.channel.ping()

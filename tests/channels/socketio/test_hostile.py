"""The Socket.IO door, as somebody meets it who means no good: raw Engine.IO frames."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from hypothesis import HealthCheck, given, settings

from bot.channels.choose import DOORS, choose_doors
from bot.channels.socketio import offset_of, seq_of
from bot.channels.web import address_of
from bot.errors import SettingsError
from bot.gateway import app as gateway
from bot.gateway.rules import EVENTS, OPEN, SOCKETS
from bot.settings import load_settings
from tests.channels.mutations import mutated
from tests.channels.socketio.conftest import PATIENCE, Door, start
from tests.walk import allow

ORIGIN = "https://www.example.de"
PATH = "/socket.io/?EIO=4&transport=websocket"


class Raw:
    """A connection that sends what it likes."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, *event: Any) -> None:
        """An event of Socket.IO."""
        await self.socket.send_str(f"42{json.dumps(event)}")

    async def next(self, *wanted: str) -> list[Any]:
        """The next event, or the next of these."""
        while True:
            frame = await self.socket.receive(timeout=PATIENCE)
            assert frame.type is WSMsgType.TEXT, frame
            if frame.data == "2":
                await self.socket.send_str("3")
            elif frame.data.startswith("42"):
                event: list[Any] = json.loads(frame.data[2:])
                if not wanted or event[0] in wanted:
                    return event

    async def say(self, text: str) -> str:
        """What the bot says to it."""
        await self.send("user_uttered", {"message": text})
        answer: str = (await self.next("bot_uttered"))[1]["text"]
        return answer


@asynccontextmanager
async def raw(door: Door, auth: Any = None, origin: str | None = None) -> AsyncIterator[Raw]:
    """Connected."""
    headers = {"Origin": origin} if origin else {}
    async with ClientSession() as session, session.ws_connect(door.url + PATH, headers=headers) as socket:
        await socket.receive()
        await socket.send_str("40" if auth is None else f"40{json.dumps(auth)}")
        confirmed = await socket.receive_str(timeout=PATIENCE)
        assert set(json.loads(confirmed[2:])) == {"sid", "pid"}
        yield Raw(socket)


NOTHING_SAID = [
    None,
    {},
    [],
    7,
    "hallo",
    {"message": None},
    {"message": 7},
    {"message": ["hallo"]},
    {"message": ""},
    {"message": " \n\0"},
    {"message": "\ud800"},
    {"message": "hallo", "session_id": 7},
    {"message": "hallo", "session_id": "x" * 201},
    {"message": "hallo", "metadata": 7},
    {"message": "hallo", "metadata": "{"},
    {"message": "hallo", "customData": [1]},
]


async def test_what_is_no_message_gets_an_error(door: Door) -> None:
    """With a code and a sentence; the connection goes on, and no turn was taken."""
    async with raw(door) as mallory:
        for data in NOTHING_SAID:
            await mallory.send("user_uttered", data)
            name, error = await mallory.next()
            assert (name, error["error"]) == ("error", "foreign"), data
            assert len(error["message"]) > 20
        assert await mallory.say("hallo") == "1: hallo"
    assert door.dialogue.asked == ["hallo"]


async def test_what_is_no_session_request_gets_an_error(door: Door) -> None:
    """And nothing is confirmed."""
    async with raw(door) as mallory:
        for data in (7, "x", ["x"], {"session_id": 7}, {"session_id": {}}, {"session_id": "x" * 300}):
            await mallory.send("session_request", data)
            assert (await mallory.next())[0] == "error", data


async def test_a_session_request_may_be_bare(door: Door) -> None:
    """Rasa takes it without data, and with null."""
    async with raw(door) as anna:
        for event in (["session_request"], ["session_request", None], ["session_request", {"session_id": None}]):
            await anna.send(*event)
            assert (await anna.next())[0] == "session_confirm"


@pytest.mark.parametrize("event", ["no_such_event", "error", "session_confirm", "bot_uttered", "", "connect_error"])
async def test_an_unknown_event_gets_an_error(door: Door, event: str) -> None:
    """As an acknowledgement too, where one was asked for."""
    async with raw(door) as mallory:
        await mallory.socket.send_str(f'427["{event}", {{}}]')
        seen = [await mallory.socket.receive_str(timeout=PATIENCE) for _ in range(2)]
        assert seen[0].startswith('42["error",{"error":"foreign"')
        assert seen[1].startswith('437[{"error":"foreign"')


BROKEN = [
    "", "4" + "[" * 20_000, "b", "b4!", "bäöü", "4", "42", "42[", "42{}", "42[]", "42null", "42[null]",
    "42[7,8]", "42[[]]", '42[{"a":1}]', '42/other,["a"]',
    "41", "43", "430[]", '43["a"]', "44", "45", '451-["user_uttered",{"_placeholder":true,"num":0}]', "451-", "46",
    '459999999999-["x"]', "48", "4a", "1", "2", "5", "6", "9", "x", "💌",
    "42" + "[" * 20_000, "42[" + "9" * 5_000 + "]",
    '42["user_uttered",NaN]', "420" * 100, "4" + "0" * 200, '40/admin,{"token":1}', "40[", "40[]", '40{"pid":7}',
]  # fmt: skip


async def test_a_broken_frame_harms_nobody(door: Door, capfd: pytest.CaptureFixture[str]) -> None:
    """The connection may end; others do not notice, and nobody fills the log with it."""
    async with raw(door) as anna:
        for number, frame in enumerate(BROKEN, 1):
            async with raw(door) as mallory:
                await mallory.socket.send_str(frame)
                await mallory.send("session_request")
                await mallory.socket.close()
            assert await anna.say("hallo") == f"{number}: hallo"
            assert "Traceback" not in "".join(capfd.readouterr()), frame[:50]


async def test_binary_data_is_not_kept(door: Door) -> None:
    """A client may announce any number of parts; none of them is waited for."""
    async with raw(door) as mallory:
        await mallory.socket.send_str('459999-["user_uttered",{"message":{"_placeholder":true,"num":0}}]')
        for _ in range(50):
            await mallory.socket.send_bytes(b"x" * 60_000)
        assert await mallory.say("hallo") == "1: hallo"


async def test_an_odd_introduction_is_a_new_customer(door: Door) -> None:
    """It opens nothing."""
    for auth in (7, [], "x", {"pid": 7}, {"pid": "x" * 300}, {"pid": "guess", "offset": {}}, {"a": 1}):
        async with raw(door, auth) as mallory:
            assert await mallory.say("hallo") == "1: hallo", auth


async def test_a_guessed_session_opens_nothing(door: Door) -> None:
    """Neither an id that another client made up, nor the hash under which a session is stored."""
    async with raw(door) as anna:
        await anna.send("session_request", {"session_id": "anna"})
        secret = (await anna.next())[1]
        assert await anna.say("hallo") == "1: hallo"
        address = address_of(secret)
        for guess in ("anna", address, secret[:-1], secret.swapcase()):
            async with raw(door, {"pid": guess, "offset": f"{address[:16]}.0"}) as mallory:
                await mallory.send("session_request", {"session_id": guess})
                confirmed = (await mallory.next())[1]
                assert confirmed not in {guess, secret}
                await mallory.send("user_uttered", {"message": "hallo", "session_id": guess})
                assert (await mallory.next())[1] == {"text": "1: hallo"}


def test_an_offset_that_is_none() -> None:
    """Of another conversation, or of nothing."""
    address = "f" * 64
    assert seq_of(address, offset_of(address, 7)) == 7
    for offset in (None, "", ".", "-1", "7", "{0}.", "{0}.x", "{0}.-1", "{0}.²", "{0}.1e9", "{0}.9999999999", "0.7"):
        assert seq_of(address, offset and offset.format(address[:16])) is None, offset


async def test_a_wrong_offset_only_repeats(door: Door) -> None:
    """What the client has is then taken from what we know."""
    async with raw(door) as anna:
        await anna.send("session_request")
        secret = (await anna.next())[1]
        await anna.say("hallo")
        async with raw(door, {"pid": secret, "offset": "x"}) as again:
            await again.send("session_request", {"session_id": secret})
            assert await again.next() == ["session_confirm", secret, None]
            assert await again.next() == ["bot_uttered", {"text": "1: hallo"}, offset_of(address_of(secret), 2)]


async def test_a_flood_of_events_ends_the_connection(door: Door) -> None:
    """After an error that says why; a new connection has a limit of its own."""
    allow(door.server.app, EVENTS, 20)
    async with raw(door) as mallory:
        for _ in range(21):
            await mallory.send("session_request")
        while (event := await mallory.next())[0] == "session_confirm":
            pass
        assert event[1]["error"] == "too_many"
        assert await mallory.socket.receive_str(timeout=PATIENCE) == "41"
        for _ in range(5):
            await mallory.send("user_uttered", {"message": "hallo"})
    async with raw(door) as anna:
        assert await anna.say("hallo") == "1: hallo"
    assert door.dialogue.asked == ["hallo"]


async def test_too_many_messages_are_answered_once_and_not_stored(tmp_path: Path) -> None:
    """A customer who floods us is told to wait."""
    door = await start(tmp_path, messages_per_minute=3)
    async with raw(door) as mallory:
        for _ in range(3):
            await mallory.say("hallo")
        assert "Entschuldigung" in await mallory.say("hallo")
        for _ in range(5):
            await mallory.send("user_uttered", {"message": "hallo"})
        await mallory.send("session_request")
        assert (await mallory.next())[0] == "session_confirm"
    assert door.dialogue.asked == ["hallo"] * 3
    await door.server.close()


async def test_too_many_conversations_of_one_address(tmp_path: Path) -> None:
    """The customer gets a sentence, the client a code."""
    door = await start(tmp_path, conversations_per_hour=2)
    for _ in range(2):
        async with raw(door) as anna:
            await anna.say("hallo")
    async with raw(door) as mallory:
        await mallory.send("user_uttered", {"message": "hallo"})
        assert (await mallory.next())[0] == "bot_uttered"
        assert (await mallory.next())[1]["error"] == "too_many"
    await door.server.close()


async def test_too_many_connections_of_one_address(door: Door) -> None:
    """As HTTP says it."""
    allow(door.server.app, SOCKETS, 2)
    async with raw(door), raw(door), ClientSession() as session:
        response = await session.get(f"{door.url}/socket.io/?EIO=4&transport=polling")
        assert response.status == 429


async def test_too_many_open_connections_of_one_address(door: Door) -> None:
    """The same; one that ends makes room."""
    allow(door.server.app, OPEN, 2)
    async with raw(door), ClientSession() as session:
        async with raw(door):
            response = await session.get(f"{door.url}/socket.io/?EIO=4&transport=polling")
            assert response.status == 429
        async with asyncio.timeout(PATIENCE):
            while (await session.get(f"{door.url}/socket.io/?EIO=4&transport=polling")).status == 429:
                pass


async def test_a_long_message_is_answered_with_a_sentence(door: Door) -> None:
    """And so is one that is longer than a frame may be: by the end of the connection."""
    async with raw(door) as mallory:
        assert "Entschuldigung" in await mallory.say("ä" * 5000)
        await mallory.send("user_uttered", {"message": "x" * 70_000})
        async with asyncio.timeout(PATIENCE):
            while (await mallory.socket.receive()).type is WSMsgType.TEXT:
                pass
    assert door.dialogue.asked == []


async def test_a_token_that_proves_nothing_is_told(door: Door) -> None:
    """Once; the message is taken nevertheless."""
    async with raw(door, {"token": "forged"}) as mallory:
        await mallory.send("user_uttered", {"message": "hallo"})
        assert (await mallory.next())[1]["error"] == "bad_token"
        assert (await mallory.next("bot_uttered"))[1] == {"text": "1: hallo"}
        assert await mallory.say("hallo") == "2: hallo"


async def test_pages_of_others_are_kept_out(door: Door) -> None:
    """Also by WebSocket, which browsers let any page open."""
    async with ClientSession() as session:
        polling = f"{door.url}/socket.io/?EIO=4&transport=polling"
        for origin, status in ((ORIGIN, 200), (door.url, 200), ("https://boese.example", 403), ("null", 403)):
            response = await session.get(polling, headers={"Origin": origin})
            assert response.status == status, origin
            assert response.headers.get("Access-Control-Allow-Origin") == (origin if status == 200 else None)
        with pytest.raises(WSServerHandshakeError, match="403"):
            await session.ws_connect(door.url + PATH, headers={"Origin": "https://boese.example"})
    async with raw(door, origin=ORIGIN) as anna:
        assert await anna.say("hallo") == "1: hallo"


async def test_a_preflight_is_answered(door: Door) -> None:
    """For polling from a page of the hoster's; to other pages it says nothing."""
    async with ClientSession() as session:
        for origin in (ORIGIN, "https://boese.example"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            response = await session.options(f"{door.url}/socket.io/", headers=headers)
            allowed = response.headers.get("Access-Control-Allow-Origin")
            assert allowed == (origin if origin == ORIGIN else None)


ODD_REQUESTS = [
    ("GET", "", 400),
    ("GET", "EIO=3&transport=polling", 400),
    ("GET", "EIO=4&transport=carrier-pigeon", 400),
    ("GET", "EIO=4&transport=websocket", 400),
    ("GET", "EIO=4&transport=polling&sid=none", 400),
    ("GET", "EIO=4&transport=polling&j=x", 400),
    ("POST", "EIO=4&transport=polling", 400),
    ("POST", "EIO=4&transport=polling&sid=none", 400),
    ("DELETE", "EIO=4&transport=polling", 405),
]


async def test_an_odd_request_is_refused(door: Door) -> None:
    """And is no failure of ours."""
    async with ClientSession() as session:
        for method, query, status in ODD_REQUESTS:
            body = "x" if method == "POST" else None
            response = await session.request(method, f"{door.url}/socket.io/?{query}", data=body)
            assert response.status == status, query


async def test_odd_bodies_of_polls(door: Door) -> None:
    """The connection may end; what comes after it is refused."""
    async with ClientSession(timeout=ClientTimeout(PATIENCE)) as session:
        for body in ("", "x", "d=", "4" + "x" * 70_000, "42[\x1e" * 20, "\ufffe", "1", "4", "6", "0", "0{}"):
            opened = await session.get(f"{door.url}/socket.io/?EIO=4&transport=polling")
            sid = json.loads((await opened.text())[1:])["sid"]
            for _ in range(2):
                address = f"{door.url}/socket.io/?EIO=4&transport=polling&sid={sid}"
                response = await session.post(address, data=body.encode())
                assert response.status in {200, 400, 413}, body[:20]


@pytest.mark.slow
def test_mutated_events(tmp_path: Path) -> None:
    """10,000 of them, each answered or dropped; the door stays open, and nothing failed."""
    real = [
        ["session_request", {"session_id": None}],
        ["user_uttered", {"message": "hallo", "session_id": "x", "metadata": {"token": "t", "page": "/hilfe"}}],
        ["user_uttered", {"message": "hallo", "customData": '{"language": "de"}'}],
    ]
    frames: list[bytes] = []

    @settings(max_examples=10_000, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(mutated(real))
    def collects(frame: bytes) -> None:
        frames.append(frame)

    collects()

    async def run() -> None:
        door = await start(tmp_path)
        for first in range(0, len(frames), 100):
            async with raw(door) as mallory:
                for frame in frames[first : first + 100]:
                    await mallory.socket.send_str(f"421{frame.decode('utf-8', 'replace')}")
                await mallory.socket.send_str('429["session_request"]')
                async with asyncio.timeout(60):
                    while (seen := await mallory.socket.receive_str()) != "439[]":
                        assert '"error":"failed"' not in seen
        async with raw(door) as anna:
            assert await anna.say("hallo") == "1: hallo"
        await door.server.close()

    asyncio.run(run())


# --- the registry ---


def test_every_door_is_opened_by_the_gateway() -> None:
    """The registry of channels and the gateway know the same ones."""
    assert set(gateway.DOORS) == set(DOORS)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PATH", "socket.io"),
        ("PATH", "/"),
        ("NAMESPACE", "chat"),
        ("USER_MESSAGE_EVT", "session_request"),
        ("BOT_MESSAGE_EVT", ""),
        ("PFAD", "/x"),
    ],
)
def test_an_option_that_does_not_fit(monkeypatch: pytest.MonkeyPatch, key: str, value: str) -> None:
    """Stops the start, with a message that names it."""
    monkeypatch.setenv(f"POSTBOTE_CHANNEL_SOCKETIO_{key}", value)
    with pytest.raises(SettingsError, match=f"POSTBOTE_CHANNEL_SOCKETIO_{key}"):
        choose_doors(load_settings(channels=("socketio",)))


async def test_it_is_off_where_nobody_names_it(tmp_path: Path) -> None:
    """Nothing listens there then."""
    door = await start(tmp_path, channels=())
    async with ClientSession() as session:
        assert (await session.get(f"{door.url}/socket.io/?EIO=4&transport=polling")).status == 404
    await door.server.close()


async def test_names_of_rasas_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Path, namespace and events may be others."""
    for key, value in {"PATH": "/chat/io", "NAMESPACE": "/n", "USER_MESSAGE_EVT": "u", "BOT_MESSAGE_EVT": "b"}.items():
        monkeypatch.setenv(f"POSTBOTE_CHANNEL_SOCKETIO_{key}", value)
    door = await start(tmp_path)
    async with (
        ClientSession() as session,
        session.ws_connect(door.url + PATH.replace("/socket.io", "/chat/io")) as socket,
    ):
        await socket.receive()
        await socket.send_str("40")
        assert (await socket.receive_str(timeout=PATIENCE)).startswith("44")
        await socket.send_str("40/n,")
        assert (await socket.receive_str(timeout=PATIENCE)).startswith("40/n,")
        await socket.send_str('42/n,["u",{"message":"hallo"}]')
        assert (await socket.receive_str(timeout=PATIENCE)).startswith('42/n,["b",{"text":"1: hallo"}')
    await door.server.close()

"""The website channel, as the widget speaks it (docs/widget-protocol.md)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient

from bot.gateway.keys import POLLS
from tests.fakes import FakeDialogue

Frame = dict[str, Any]


async def begin(client: TestClient) -> str:
    """A new conversation's secret."""
    response = await client.post("/channels/web/conversations")
    assert response.status == 201
    secret: str = (await response.json())["secret"]
    return secret


class Tab:
    """One tab of a browser: says things, and reads frames until the one that it waits for."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self._passed: list[Frame] = []

    async def say(self, key: str, text: str, **more: Any) -> None:
        """A message with the client's own id."""
        await self.socket.send_json({"type": "say", "id": key, "text": text, **more})

    async def next(self, kind: str) -> Frame:
        """The next frame of this type; the others are kept for whoever asks for theirs."""
        for frame in self._passed:
            if frame["type"] == kind:
                self._passed.remove(frame)
                return frame
        while (frame := await self.socket.receive_json(timeout=5))["type"] != kind:
            self._passed.append(frame)
        return frame

    async def answer(self) -> Frame:
        """The next message that is not the customer's."""
        while (frame := await self.next("message"))["message"]["from"] == "customer":
            pass
        message: Frame = frame["message"]
        return message


@asynccontextmanager
async def tab(client: TestClient, secret: str, after: int = 0) -> AsyncIterator[tuple[Tab, list[Frame]]]:
    """An open tab, and the messages that it was welcomed with."""
    async with client.ws_connect("/channels/web/socket") as socket:
        await socket.send_json({"type": "hello", "secret": secret, "after": after})
        opened = Tab(socket)
        yield opened, (await opened.next("welcome"))["messages"]


async def test_a_message_is_accepted_and_answered(client: TestClient) -> None:
    """First `accepted` with its number, then the bot types, then the answer comes as HTML."""
    async with tab(client, await begin(client)) as (anna, known):
        assert known == []
        await anna.say("m-1", "**hallo**")

        assert (await anna.next("accepted")) == {"type": "accepted", "id": "m-1", "seq": 1}
        answer = await anna.answer()
        assert answer["seq"] == 2
        assert answer["from"] == "bot"
        assert answer["html"] == "<p>1: <strong>hallo</strong></p>\n"


async def test_typing_is_shown_while_a_turn_is_taken(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """On when it begins, off before the answer."""
    async with tab(client, await begin(client)) as (anna, _):
        await anna.say("m-1", "langsam")
        assert (await anna.next("typing"))["on"] is True
        fake_dialogue.gate.set()
        assert (await anna.next("typing"))["on"] is False


async def test_a_tab_that_comes_back_gets_what_it_missed(client: TestClient) -> None:
    """`after` is the highest number that it has seen."""
    secret = await begin(client)
    async with tab(client, secret) as (anna, _):
        await anna.say("m-1", "eins")
        await anna.answer()
        await anna.say("m-2", "zwei")
        await anna.answer()

    async with tab(client, secret, after=2) as (_, missed):
        assert [(message["seq"], message["from"]) for message in missed[:2]] == [(3, "customer"), (4, "bot")]
    async with tab(client, secret) as (_, everything):
        assert [message["seq"] for message in everything] == [1, 2, 3, 4, 5]


async def test_two_tabs_show_the_same(client: TestClient) -> None:
    """What is said in one appears in the other, the customer's own words included."""
    secret = await begin(client)
    async with tab(client, secret) as (one, _), tab(client, secret) as (two, _):
        await one.say("m-1", "hallo")
        assert (await two.next("message"))["message"] | {"at": ""} == {
            "seq": 1,
            "id": "m-1",
            "from": "customer",
            "text": "hallo",
            "at": "",
        }
        assert (await two.answer())["text"] == "1: hallo"


async def test_the_same_id_is_the_same_message(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """A client that did not hear "accepted" says it again; it is accepted with the same number."""
    async with tab(client, await begin(client)) as (anna, _):
        for _ in range(2):
            await anna.say("m-1", "hallo")
            assert (await anna.next("accepted"))["seq"] == 1
        await anna.answer()
    assert fake_dialogue.asked == ["hallo"]


async def test_a_pressed_button_is_a_choice(client: TestClient) -> None:
    """Its id says which; its title is shown as what the customer said."""
    async with tab(client, await begin(client)) as (anna, _):
        await anna.say("m-1", "knöpfe")
        button = (await anna.answer())["buttons"][1]
        assert button["title"] == "Nein"
        await anna.say("m-2", button["title"], choice=button["id"])
        assert (await anna.answer())["text"] == "2: /deny"


async def test_a_button_of_another_conversation_is_refused(client: TestClient) -> None:
    """And the refusal names the message, so that the widget can tell."""
    async with tab(client, await begin(client)) as (anna, _):
        await anna.say("m-1", "knöpfe")
        button = (await anna.answer())["buttons"][0]
    async with tab(client, await begin(client)) as (mallory, _):
        await mallory.say("m-2", "Ja", choice=button["id"])
        error = await mallory.next("error")
    assert (error["code"], error["id"]) == ("unknown_choice", "m-2")


@pytest.mark.parametrize("secret", ["", "guessed", "x" * 200, "' OR 1=1 --"])
async def test_an_unknown_secret_opens_nothing(client: TestClient, secret: str) -> None:
    """Neither over the socket nor over HTTP."""
    await begin(client)
    async with client.ws_connect("/channels/web/socket") as socket:
        await socket.send_json({"type": "hello", "secret": secret, "after": 0})
        assert (await socket.receive_json())["code"] == "unknown_conversation"
        assert (await socket.receive()).type is WSMsgType.CLOSE
    response = await client.get("/channels/web/messages", headers={"Authorization": f"Bearer {secret}"})
    assert response.status == 401


BAD_FRAMES = [
    ("{", "bad_json"),
    ("[]", "bad_frame"),
    ('{"type": "shout"}', "bad_frame"),
    ('{"type": "say", "text": "ohne id"}', "bad_frame"),
    ('{"type": "say", "id": "m", "text": 7}', "bad_frame"),
    ('{"type": "say", "id": "m", "text": "  "}', "empty"),
    ('{"type": "say", "id": "m", "text": "' + "x" * 4001 + '"}', "too_long"),
]


@pytest.mark.parametrize(("data", "code"), BAD_FRAMES)
async def test_a_bad_frame_is_refused_and_the_talk_goes_on(client: TestClient, data: str, code: str) -> None:
    """One wrong frame does not cost the connection."""
    async with tab(client, await begin(client)) as (anna, _):
        await anna.socket.send_str(data)
        assert (await anna.next("error"))["code"] == code
        await anna.socket.send_json({"type": "ping"})
        await anna.next("pong")


async def test_a_foreign_page_cannot_open_a_socket(client: TestClient) -> None:
    """Browsers let any page try; only our own and those of the settings get through."""
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.ws_connect("/channels/web/socket", origin="https://evil.example")
    assert refused.value.status == 403
    async with client.ws_connect("/channels/web/socket", origin="https://www.example.de"):
        pass


async def test_cors_allows_named_origins_only(client: TestClient) -> None:
    """The preflight and the answer say so."""
    for origin, allowed in (("https://www.example.de", "https://www.example.de"), ("https://evil.example", None)):
        preflight = await client.options("/channels/web/messages", headers={"Origin": origin})
        response = await client.post("/channels/web/conversations", headers={"Origin": origin})
        assert preflight.headers.get("Access-Control-Allow-Origin") == allowed
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


async def test_without_a_socket_messages_are_sent_and_fetched(client: TestClient) -> None:
    """The same conversation, the same numbers."""
    key = {"Authorization": f"Bearer {await begin(client)}"}
    sent = await client.post("/channels/web/messages", headers=key, json={"id": "m-1", "text": "hallo"})
    assert sent.status == 202
    assert await sent.json() == {"id": "m-1", "seq": 1}

    fetched = await client.get("/channels/web/messages?after=1&wait=5", headers=key)
    assert [message["text"] for message in (await fetched.json())["messages"]] == ["1: hallo"]


async def test_a_fetch_waits_for_the_next_message(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """It returns as soon as there is one, and not before."""
    key = {"Authorization": f"Bearer {await begin(client)}"}
    await client.post("/channels/web/messages", headers=key, json={"id": "m-1", "text": "langsam"})
    fetching = asyncio.create_task(client.get("/channels/web/messages?after=1&wait=20", headers=key))
    await fake_dialogue.heard.wait()
    assert not fetching.done()
    fake_dialogue.gate.set()
    assert (await (await fetching).json())["messages"][0]["text"] == "1: langsam"


async def test_a_fetch_that_waits_does_not_hold_up_the_end(client: TestClient) -> None:
    """When the server stops, it gets its answer at once, and not after its 30 seconds."""
    key = {"Authorization": f"Bearer {await begin(client)}"}
    fetching = asyncio.create_task(client.get("/channels/web/messages?wait=30", headers=key))
    while not client.app[POLLS]:  # noqa: ASYNC110 -- nothing tells a test that a request has arrived
        await asyncio.sleep(0.01)
    async with asyncio.timeout(10):
        await client.server.close()
    assert (await (await fetching).json())["messages"] == []


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "wait=31", "after=" + "9" * 5000, "after=2147483648", "wait=1.5", "after=٣"]
)
async def test_a_bad_query_is_refused(client: TestClient, query: str) -> None:
    """With the rule in the answer."""
    key = {"Authorization": f"Bearer {await begin(client)}"}
    response = await client.get(f"/channels/web/messages?{query}", headers=key)
    assert response.status == 422
    assert "whole number" in (await response.json())["message"]


async def test_a_fetch_does_not_wait_out_a_change_of_status(client: TestClient) -> None:
    """Who says what they know hears at once that it is not so any more; who knows it waits."""
    headers = {"Authorization": f"Bearer {await begin(client)}"}
    await client.post("/channels/web/messages", json={"id": "m-1", "text": "mensch"}, headers=headers)
    while (await _fetch(client, headers, "after=0&wait=5"))["status"]["holder"] != "queued":
        pass
    late = await _fetch(client, headers, "after=2&wait=20&known=bot::")
    assert (late["messages"], late["status"]["position"]) == ([], 1)
    assert (await _fetch(client, headers, "after=2&wait=0&known=queued:1:"))["messages"] == []


async def _fetch(client: TestClient, headers: dict[str, str], query: str) -> Frame:
    fetched: Frame = await (await client.get(f"/channels/web/messages?{query}", headers=headers)).json()
    return fetched

"""The Socket.IO door, as the real socket.io-client from npm meets it."""

import asyncio
import functools
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import Connection, select

from bot.channels.web import address_of
from bot.conversations.news import Seen
from bot.handoff.model import Person
from bot.staff.model import NewAgent
from bot.store.conversations import SqlConversations
from bot.store.tables import conversations
from tests.channels.socketio.conftest import PATIENCE, Clients, Door

TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]]


async def opened(clients: Clients, name: str = "anna", version: int = 4, **options: Any) -> str:
    """A client with a session."""
    clients.open(name, version, **options)
    await clients.next(name, "connect")
    return await clients.session(name)


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_a_message_is_answered(clients: Clients, version: int, transports: list[str]) -> None:
    """By both protocols' clients, over either transport; the answer has the keys that Rasa's clients know it by."""
    await opened(clients, version=version, transports=transports)

    assert await clients.say("anna", "hallo") == {"text": "1: hallo"}
    assert await clients.say("anna", "noch da?") == {"text": "2: noch da?"}


async def test_an_old_client_is_told_what_to_do(clients: Clients, door: Door) -> None:
    """socket.io-client 2 speaks another protocol; it gets an error, and the log of a proxy shows why."""
    clients.open("alt", 2, transports=["polling"], reconnection=False)

    assert await clients.next("alt", "connect_error")
    async with ClientSession() as session:
        response = await session.get(f"{door.url}/socket.io/?EIO=3&transport=polling")
        assert response.status == 400
        assert "Use 3 or 4" in (await response.json())["message"]


async def test_a_button_sends_its_payload(clients: Clients) -> None:
    """As a message; the transcript shows its title, and typing the title does the same."""
    await opened(clients)
    offered = await clients.say("anna", "knöpfe")

    assert set(offered) == {"text", "quick_replies"}
    assert [reply["title"] for reply in offered["quick_replies"]] == ["Ja", "Nein"]
    assert {reply["content_type"] for reply in offered["quick_replies"]} == {"text"}
    assert (await clients.say("anna", offered["quick_replies"][0]["payload"]))["text"] == "2: /affirm"
    await clients.say("anna", "knöpfe")
    assert (await clients.say("anna", "nein"))["text"] == "4: /deny"


async def test_a_pressed_button_stands_in_the_transcript_by_its_title(clients: Clients, door: Door) -> None:
    """What agents read is what the customer saw."""
    secret = await opened(clients)
    offered = await clients.say("anna", "knöpfe")
    await clients.say("anna", offered["quick_replies"][1]["payload"])

    conversation = await door.services.conversations.find("socketio", address_of(secret))
    texts = [message.text for message in await door.services.conversations.messages_after(conversation, 0)]
    assert texts == ["knöpfe", "1: Welcher?", "Nein", "2: /deny"]


async def test_a_button_of_another_conversation_is_text(clients: Clients) -> None:
    """It chooses nothing, and is not silence either."""
    await opened(clients, "anna")
    await opened(clients, "ben")
    payload = (await clients.say("anna", "knöpfe"))["quick_replies"][0]["payload"]

    assert (await clients.say("ben", payload))["text"] == f"1: {payload}"


async def test_opening_the_chat_is_greeted(clients: Clients, door: Door) -> None:
    """What a widget sends of itself is no question of the customer's; other commands of Rasa's are text."""
    await opened(clients)

    assert (await clients.say("anna", "/get_started"))["text"] == "1: /greet"
    assert (await clients.say("anna", '/restart{"a": 1}'))["text"] == '2: /restart{"a": 1}'


async def test_the_session_is_made_here(clients: Clients) -> None:
    """An id that the client makes up is replaced; one of ours opens the conversation again, on any connection."""
    clients.open("anna")
    mine = await clients.session("anna", "kundin-4711")
    assert mine != "kundin-4711"
    assert len(mine) >= 43
    await clients.say("anna", "hallo", session_id=mine)

    clients.open("later")
    assert await clients.session("later", mine) == mine
    clients.emit("later", "user_uttered", {"message": "hallo", "session_id": mine})
    await clients.until("later", "2: hallo")
    clients.open("mallory")
    assert await clients.session("mallory", "kundin-4711") not in {mine, "kundin-4711"}
    assert (await clients.say("mallory", "hallo", session_id="kundin-4711"))["text"] == "1: hallo"


async def test_a_session_in_the_message_is_enough(clients: Clients) -> None:
    """Rasa takes the session from each message; a client that requests none has one nevertheless."""
    mine = await opened(clients, "anna")
    await clients.say("anna", "hallo")
    clients.open("other")

    assert (await clients.say("other", "hallo"))["text"] == "1: hallo"
    clients.emit("other", "user_uttered", {"message": "hallo", "session_id": mine})
    await clients.until("other", "2: hallo")


async def test_the_secret_is_not_stored(clients: Clients, door: Door) -> None:
    """Only its hash is, so that who reads the database enters no conversation."""
    secret = await opened(clients)
    await clients.say("anna", "hallo")

    rows = await door.services.database.read(lambda c: c.execute(select(conversations.c.address)).scalars().all())
    assert list(rows) == [address_of(secret)]


async def test_a_session_that_says_nothing_leaves_no_trace(clients: Clients, door: Door) -> None:
    """Widgets connect on every page, most of whose visitors never write."""
    await opened(clients)

    rows = await door.services.database.read(lambda c: c.execute(select(conversations.c.id)).all())
    assert rows == []


@pytest.mark.parametrize("version", [3, 4])
async def test_what_was_said_meanwhile_comes_after_a_reconnect(clients: Clients, door: Door, version: int) -> None:
    """With the same session, each thing once, the session confirmed before it."""
    secret = await opened(clients, version=version)
    await clients.say("anna", "hallo")
    conversation = await door.services.conversations.find("socketio", address_of(secret))
    with door.services.news.watch(conversation) as queue:
        clients.do("breakOff", name="anna", again=False)
        while not isinstance(await asyncio.wait_for(queue.get(), PATIENCE), Seen):
            pass
    await tell(door, secret, "Neues zu Ihrem Auftrag")

    clients.do("comeAgain", name="anna")
    await clients.next("anna", "connect")
    assert await clients.session("anna", secret) == secret
    assert await clients.next("anna", "bot_uttered") == [
        {"text": "Neues zu Ihrem Auftrag"},
        f"{address_of(secret)[:16]}.3",
    ]
    assert (await clients.say("anna", "hallo"))["text"] == "2: hallo"


async def test_a_client_that_makes_up_its_session_is_known_again(clients: Clients, door: Door) -> None:
    """Rasa's chat widget never reads our id; socket.io-client shows its connection's secret of itself."""
    clients.open("anna")
    mine = await clients.session("anna", "00000000-made-up")
    await clients.say("anna", "hallo", session_id="00000000-made-up")
    clients.do("breakOff", name="anna", again=False)
    await clients.next("anna", "disconnect")
    await tell(door, mine, "Frau Berger ist da.")

    clients.do("comeAgain", name="anna")
    for _ in range(2):
        [connected] = await clients.next("anna", "connect")
    assert connected == {"recovered": True}
    assert await clients.session("anna", "00000000-made-up") == mine
    assert (await clients.next("anna", "bot_uttered"))[0] == {"text": "Frau Berger ist da."}
    assert (await clients.say("anna", "hallo", session_id="00000000-made-up"))["text"] == "2: hallo"


async def test_two_tabs_hear_the_same(clients: Clients) -> None:
    """What the bot says in one appears in the other."""
    mine = await opened(clients, "one")
    await clients.say("one", "hallo")
    clients.open("two")
    await clients.session("two", mine)
    await clients.say("two", "ich auch", session_id=mine)

    assert (await clients.next("one", "bot_uttered"))[0] == {"text": "2: ich auch"}


async def test_a_person_takes_over(clients: Clients, door: Door) -> None:
    """In the same chat: the agent's words arrive as they are said, then the bot is back."""
    mine = await opened(clients)
    await clients.say("anna", "mensch")
    account = await door.services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger"))
    agent = Person(account.id, account.name)
    conversation = await door.services.conversations.find("socketio", address_of(mine))
    assert conversation is not None
    await door.services.desk.claim(conversation, agent)
    assert (await clients.next("anna", "bot_uttered"))[0] == {"text": "Frau Berger ist da."}
    await door.services.desk.say(conversation, agent, "k1", "Guten Tag, was kann ich tun?")

    assert (await clients.next("anna", "bot_uttered"))[0] == {"text": "Guten Tag, was kann ich tun?"}
    await door.services.desk.give_back(conversation, agent)
    assert await clients.next("anna", "bot_uttered")
    assert (await clients.say("anna", "hallo"))["text"] == "2: hallo"


async def test_messages_stay_in_order(clients: Clients) -> None:
    """However fast they come."""
    await opened(clients)
    for number in range(15):
        clients.emit("anna", "user_uttered", {"message": f"nr {number}"})

    answers = [(await clients.next("anna", "bot_uttered"))[0]["text"] for _ in range(15)]
    assert answers == [f"{number + 1}: nr {number}" for number in range(15)]


async def test_a_failing_dialogue_is_not_silence(clients: Clients) -> None:
    """The customer gets an apology."""
    await opened(clients)

    assert "Entschuldigung" in (await clients.say("anna", "kaputt"))["text"]


async def test_the_server_stops_and_clients_come_again(clients: Clients, door: Door) -> None:
    """Without holding up the end; the reason is one after which socket.io-client reconnects by itself."""
    await opened(clients, "socket", transports=["websocket"])
    await opened(clients, "poll", transports=["polling"])
    await clients.say("socket", "hallo")

    async with asyncio.timeout(8):
        await door.server.close()
    for name in ("socket", "poll"):
        [reason] = await clients.next(name, "disconnect")
        assert reason in {"transport close", "transport error"}
        assert await clients.next(name, "connect_error")


async def tell(door: Door, secret: str, words: str) -> None:
    """Something that the customer did not ask for."""
    services = door.services
    conversation = await services.conversations.find("socketio", address_of(secret))
    await services.database.write(functools.partial(_say, services.conversations, conversation, words))


def _say(store: SqlConversations, conversation: str, words: str, connection: Connection) -> None:
    store.say(connection, conversation, words)

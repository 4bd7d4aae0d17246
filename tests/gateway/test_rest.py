"""The REST door, as a client of Rasa's REST channel meets it."""

import asyncio
import functools
import json
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.gateway.app import create_app
from bot.gateway.keys import SERVICES
from bot.settings import Settings
from bot.store.conversations import SqlConversations
from bot.wiring import Services, build
from tests.fakes import FakeDialogue

DOOR = "/webhooks/rest/webhook"


async def say(client: TestClient, message: str, sender: str = "anna", **more: Any) -> list[dict[str, Any]]:
    """One message; its replies."""
    response = await client.post(DOOR, json={"sender": sender, "message": message, **more})
    assert response.status == 200, await response.text()
    replies: list[dict[str, Any]] = await response.json()
    return replies


async def test_a_message_is_answered_in_the_response(client: TestClient) -> None:
    """The response is the list that Rasa's channel gives."""
    assert await say(client, "hallo") == [{"recipient_id": "anna", "text": "1: hallo"}]


async def test_a_conversation_goes_on(client: TestClient) -> None:
    """Each sender has a conversation, with a memory of its own."""
    await say(client, "hallo")

    assert (await say(client, "noch da?"))[0]["text"] == "2: noch da?"
    assert (await say(client, "hallo", sender="ben"))[0]["text"] == "1: hallo"


async def test_a_button_is_chosen_by_its_payload(client: TestClient) -> None:
    """Rasa's clients send a button's payload back as the message."""
    buttons = (await say(client, "knöpfe"))[0]["buttons"]

    assert [button["title"] for button in buttons] == ["Ja", "Nein"]
    assert (await say(client, buttons[0]["payload"]))[0]["text"] == "2: /affirm"
    assert (await say(client, buttons[1]["payload"].removeprefix("/")))[0]["text"] == "3: /deny"


async def test_a_button_of_another_conversation_is_refused(client: TestClient) -> None:
    """A payload is valid in the conversation that was offered it, and nowhere else."""
    payload = (await say(client, "knöpfe"))[0]["buttons"][0]["payload"]
    await say(client, "hallo", sender="ben")

    for sender in ("ben", "mallory"):
        response = await client.post(DOOR, json={"sender": sender, "message": payload})
        assert response.status == 422
        assert (await response.json())["error"] == "unknown_choice"


async def test_a_command_of_rasa_is_text(client: TestClient) -> None:
    """What begins with a slash reaches the dialogue as it was typed, and as no choice."""
    assert (await say(client, '/restart{"a": 1}'))[0]["text"] == '1: /restart{"a": 1}'


async def test_a_message_id_seen_twice_is_one_message(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """Sending again gives the same replies and takes no second turn."""
    first = await say(client, "zwei", metadata={"message_id": "m-1"})
    again = await say(client, "zwei", metadata={"message_id": "m-1"})

    assert first == again
    assert len(first) == 2
    assert fake_dialogue.asked == ["zwei"]


async def test_a_message_sent_twice_at_once_is_one_message(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """Also when the second comes while the first is being answered."""
    both = [asyncio.create_task(say(client, "langsam", metadata={"message_id": "m-1"})) for _ in range(2)]
    await fake_dialogue.heard.wait()
    fake_dialogue.gate.set()

    assert await both[0] == await both[1] == [{"recipient_id": "anna", "text": "1: langsam"}]
    assert fake_dialogue.asked == ["langsam"]


async def test_messages_of_one_conversation_are_answered_in_order(client: TestClient) -> None:
    """However they come in, each turn begins with the state that the one before left."""
    replies = await asyncio.gather(*(say(client, f"nr {number}") for number in range(15)))

    assert sorted(int(reply[0]["text"].partition(":")[0]) for reply in replies) == list(range(1, 16))


async def test_conversations_do_not_wait_for_each_other(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """While one customer's turn takes long, others are answered."""
    slow = asyncio.create_task(say(client, "langsam", sender="anna"))
    await fake_dialogue.heard.wait()

    assert (await say(client, "hallo", sender="ben"))[0]["text"] == "1: hallo"
    fake_dialogue.gate.set()
    assert (await slow)[0]["text"] == "1: langsam"


async def test_too_many_waiting_messages_are_refused(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """A conversation that floods us is told to wait, and what was accepted is answered."""
    slow = asyncio.create_task(say(client, "langsam"))
    await fake_dialogue.heard.wait()
    flood = [asyncio.create_task(client.post(DOOR, json={"sender": "anna", "message": "x"})) for _ in range(25)]
    done, _ = await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
    assert {task.result().status for task in done} == {429}
    fake_dialogue.gate.set()
    await slow

    statuses = [response.status for response in await asyncio.gather(*flood)]
    assert (statuses.count(200), statuses.count(429)) == (19, 6)


async def test_a_failing_dialogue_is_not_silence(client: TestClient) -> None:
    """The customer gets an apology, and the conversation goes on as if the message had not been."""
    await say(client, "hallo")

    assert (await say(client, "kaputt"))[0]["text"] == "Entschuldigung, das hat nicht geklappt."
    assert (await say(client, "hallo"))[0]["text"] == "2: hallo"


BAD = [
    pytest.param("{", 400, "bad_json", id="broken JSON"),
    pytest.param(b"\xff\xfe", 400, "bad_json", id="no UTF-8"),
    pytest.param('{"sender": "a", "message": "\\ud800"}', 400, "bad_json", id="half a surrogate pair"),
    pytest.param('{"sender": "a", "message": NaN}', 400, "bad_json", id="NaN"),
    pytest.param("[" * 50_000, 400, "bad_json", id="deep nesting"),
    pytest.param('{"message": "hallo"}', 422, "invalid", id="no sender"),
    pytest.param('{"sender": "a"}', 422, "invalid", id="no message"),
    pytest.param('{"sender": 7, "message": "hallo"}', 422, "invalid", id="sender is a number"),
    pytest.param('{"sender": "a", "message": ["hallo"]}', 422, "invalid", id="message is a list"),
    pytest.param('["hallo"]', 422, "invalid", id="body is a list"),
    pytest.param("null", 422, "invalid", id="body is null"),
    pytest.param('{"sender": "a", "message": "hallo", "metadata": 1}', 422, "invalid", id="metadata is a number"),
    pytest.param(
        '{"sender": "a", "message": "hallo", "metadata": {"message_id": "' + "x" * 256 + '"}}',
        422,
        "invalid",
        id="endless message id",
    ),
    pytest.param('{"sender": "a", "message": "  \\n "}', 422, "empty", id="white space"),
    pytest.param('{"sender": "a", "message": "' + "ä" * 5000 + '"}', 413, "too_long", id="5,000 characters"),
    pytest.param('{"sender": "a", "message": "' + "x" * 65_536 + '"}', 413, "too_large", id="64 KiB"),
    pytest.param('{"sender": "' + "x" * 256 + '", "message": "hallo"}', 422, "invalid", id="endless sender"),
]


@pytest.mark.parametrize("door", [DOOR, f"{DOOR}?stream=true"], ids=["whole", "stream"])
@pytest.mark.parametrize(("body", "status", "code"), BAD)
async def test_a_bad_request_is_told_what_is_wrong(
    client: TestClient, door: str, body: str | bytes, status: int, code: str
) -> None:
    """Each is a 4xx with a code for machines and a sentence for people, and takes no turn."""
    response = await client.post(door, data=body, headers={"Content-Type": "application/json"})

    assert response.status == status
    answer = await response.json()
    assert answer["error"] == code
    assert len(answer["message"]) > 20


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", DOOR, 405), ("DELETE", DOOR, 405), ("PATCH", DOOR, 405), ("POST", "/webhooks/rest/nothing", 404)],
)
async def test_other_methods_and_paths_are_refused_as_json(
    client: TestClient, method: str, path: str, status: int
) -> None:
    """An unknown method is told the one that is known."""
    response = await client.request(method, path)

    assert response.status == status
    answer = await response.json()
    assert set(answer) == {"error", "message"}
    assert status == 404 or "POST" in answer["message"]


async def test_another_content_type_is_refused(client: TestClient) -> None:
    """A form is not JSON."""
    response = await client.post(DOOR, data={"sender": "a", "message": "hallo"})

    assert response.status == 415


async def test_text_of_all_kinds_comes_back_whole(client: TestClient) -> None:
    """Emoji, other scripts, quotes and SQL are text like any other; NUL, which no database stores, is left out."""
    text = "🙂 日本語 ' OR 1=1; -- \" <b>fett</b> %s {x}"

    assert (await say(client, text + "\0"))[0]["text"] == f"1: {text}"


async def test_what_was_said_meanwhile_comes_with_the_next_reply(client: TestClient) -> None:
    """Nothing can be pushed to such a client: news come before the replies, each once, and again on sending again."""
    await say(client, "hallo", metadata={"message_id": "m-1"})
    services = client.app[SERVICES]
    conversation = await services.conversations.find("rest", "anna")
    for words in ("Neues", "und noch etwas"):
        await services.database.write(functools.partial(_tell, services.conversations, conversation, words))

    for _ in range(2):
        replies = await say(client, "zwei", metadata={"message_id": "m-2"})
        assert [reply["text"] for reply in replies] == ["Neues", "und noch etwas", "2: zwei", "und noch etwas"]
    assert [reply["text"] for reply in await say(client, "hallo", metadata={"message_id": "m-1"})] == ["1: hallo"]
    assert [reply["text"] for reply in await say(client, "hallo")] == ["3: hallo"]


def _tell(conversations: SqlConversations, conversation: str, words: str, connection: Connection) -> None:
    conversations.say(connection, conversation, words)


async def test_rasas_own_health_check_answers(client: TestClient) -> None:
    """Clients of Rasa's channel look there."""
    assert await (await client.get("/webhooks/rest/")).json() == {"status": "ok"}


def _lines(raw: bytes) -> list[dict[str, Any]]:
    assert raw.endswith(b"\n") or not raw
    return [json.loads(line) for line in raw.splitlines()]


@pytest.mark.parametrize("wish", ["true", "True", "TRUE"])
async def test_a_stream_has_a_line_for_each_reply(client: TestClient, wish: str) -> None:
    """As Rasa's channel has it, and nothing else is between them."""
    response = await client.post(f"{DOOR}?stream={wish}", json={"sender": "anna", "message": "zwei"})

    assert (response.status, response.content_type) == (200, "text/event-stream")
    assert _lines(await response.read()) == [
        {"recipient_id": "anna", "text": "1: zwei"},
        {"recipient_id": "anna", "text": "und noch etwas"},
    ]


async def test_another_wish_is_no_stream(client: TestClient) -> None:
    """Rasa knows `true` alone."""
    response = await client.post(f"{DOOR}?stream=1", json={"sender": "anna", "message": "zwei"})

    assert len(await response.json()) == 2


async def test_a_stream_tells_at_once_what_it_knows(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """What was said meanwhile comes while the turn is still under way."""
    await say(client, "hallo")
    await _news(client, "Neues")

    response = await client.post(f"{DOOR}?stream=true", json={"sender": "anna", "message": "langsam"})
    assert json.loads(await response.content.readline()) == {"recipient_id": "anna", "text": "Neues"}
    fake_dialogue.gate.set()
    assert _lines(await response.read()) == [{"recipient_id": "anna", "text": "2: langsam"}]


async def test_a_stream_of_nothing_is_empty(client: TestClient) -> None:
    """Where a person holds the conversation, who answers in their own time."""
    await say(client, "mensch")

    response = await client.post(f"{DOOR}?stream=true", json={"sender": "anna", "message": "hallo?"})
    assert (response.status, await response.read()) == (200, b"")


async def test_a_button_that_was_not_offered_is_no_stream(client: TestClient) -> None:
    """Errors before the first line are HTTP's."""
    pressed = {"sender": "anna", "message": "/choice-abcdefghijklmnop"}
    response = await client.post(f"{DOOR}?stream=true", json=pressed)

    assert response.status == 422
    assert (await response.json())["error"] == "unknown_choice"


async def test_an_answer_that_takes_long(settings: Settings, fake_dialogue: FakeDialogue) -> None:
    """Before the first line it is 504; after it, the last line says so; sent again, it is the answer."""
    impatient = build(settings.model_copy(update={"reply_timeout": 0.05}), fake_dialogue)
    async with TestClient(TestServer(create_app(impatient))) as client:
        said = {"sender": "anna", "message": "langsam", "metadata": {"message_id": "m-1"}}
        response = await client.post(f"{DOOR}?stream=true", json=said)
        assert response.status == 504
        fake_dialogue.gate.set()
        assert _lines(await (await client.post(f"{DOOR}?stream=true", json=said)).read())[0]["text"] == "1: langsam"

        fake_dialogue.gate.clear()
        await _news(client, "Neues")
        said["metadata"] = {"message_id": "m-2"}
        response = await client.post(f"{DOOR}?stream=true", json=said)
        told, failed = _lines(await response.read())
        assert (told["text"], failed["error"]) == ("Neues", "timeout")
        fake_dialogue.gate.set()


async def test_who_leaves_a_stream_gets_the_answer_later(
    settings: Settings, fake_dialogue: FakeDialogue, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message was stored, and nothing here fails."""
    said = {"sender": "anna", "message": "langsam", "metadata": {"message_id": "m-1"}}
    # As it is served to customers: the test server would cancel a handler whose client has left.
    runner = web.AppRunner(create_app(build(settings, fake_dialogue)))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
        await session.post(DOOR, json={"sender": "anna", "message": "hallo"})
        await _tell_anna(runner.app[SERVICES], "Neues")
        response = await session.post(f"{DOOR}?stream=true", json=said)
        await response.content.readline()
        assert runner.server is not None
        for connection in runner.server.connections:
            assert connection.transport is not None
            connection.transport.abort()
        fake_dialogue.gate.set()

        again = await session.post(f"{DOOR}?stream=true", json=said)
        assert [line["text"] for line in _lines(await again.read())] == ["Neues", "2: langsam"]
    await runner.cleanup()
    assert "request failed" not in capsys.readouterr().out


async def _news(client: TestClient, words: str) -> None:
    await _tell_anna(client.app[SERVICES], words)


async def _tell_anna(services: Services, words: str) -> None:
    conversation = await services.conversations.find("rest", "anna")
    assert conversation is not None
    await services.database.write(functools.partial(_tell, services.conversations, conversation, words))

"""The REST door, as a client of Rasa's REST channel meets it."""

import asyncio
import functools
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection

from bot.gateway.keys import SERVICES
from bot.store.conversations import SqlConversations
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
    pytest.param('{"sender": "a", "message": "  \\n "}', 422, "empty", id="white space"),
    pytest.param('{"sender": "a", "message": "' + "ä" * 5000 + '"}', 413, "too_long", id="5,000 characters"),
    pytest.param('{"sender": "a", "message": "' + "x" * 65_536 + '"}', 413, "too_large", id="64 KiB"),
    pytest.param('{"sender": "' + "x" * 256 + '", "message": "hallo"}', 422, "invalid", id="endless sender"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
async def test_a_bad_request_is_told_what_is_wrong(
    client: TestClient, body: str | bytes, status: int, code: str
) -> None:
    """Each is a 4xx with a code for machines and a sentence for people, and takes no turn."""
    response = await client.post(DOOR, data=body, headers={"Content-Type": "application/json"})

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

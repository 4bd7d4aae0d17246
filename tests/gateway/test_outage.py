"""The database takes nothing for a while: customers are told so, or wait; nothing is lost, and nobody meets silence."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import WSCloseCode, WSMsgType
from aiohttp.test_utils import TestClient

from bot.conversations.model import Turn, Waiting
from bot.errors import UnavailableError
from bot.gateway.keys import SERVICES
from tests.fakes import FakeDialogue
from tests.gateway.test_web import begin, tab

LONG = ("hallo " * 600).strip()
"""Longer than what is free on the last page of a full table."""
REST = "/webhooks/rest/webhook"


async def run(client: TestClient, statement: str) -> None:
    """By the connection that writes."""
    await client.app[SERVICES].database.write(lambda connection: connection.exec_driver_sql(statement))


async def fill(client: TestClient) -> None:
    """Until not a page is free."""
    await run(client, "CREATE TABLE IF NOT EXISTS ballast (bytes)")
    await run(client, "PRAGMA max_page_count = 1")  # of which SQLite makes: no more than there are
    with suppress(UnavailableError):
        while True:
            await run(client, "INSERT INTO ballast VALUES (zeroblob(3000))")


async def free(client: TestClient) -> None:
    """There is room again."""
    while True:
        with suppress(UnavailableError):  # written together with what finds no room
            return await run(client, "PRAGMA max_page_count = 1000000")


async def test_a_message_that_cannot_be_stored_is_refused_honestly(client: TestClient) -> None:
    """With when to try again and without a trace of the fault; then it is taken, and once."""
    await client.post(REST, json={"sender": "bernd", "message": LONG})
    said = {"sender": "anna", "message": LONG, "metadata": {"message_id": "1"}}
    await fill(client)
    refused = await client.post(REST, json=said)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    told = await refused.json()
    assert told["error"] == "unavailable"
    assert "Traceback" not in told["message"]
    assert "sql" not in told["message"].lower()
    await free(client)
    for _ in range(2):
        answer = await client.post(REST, json=said)
        assert [each["text"] for each in await answer.json()] == [f"1: {LONG}"]


class PatientDialogue(FakeDialogue):
    """Answers when the gate is open."""

    async def respond(self, waiting: Waiting) -> Turn:
        """See FakeDialogue."""
        turn = await super().respond(waiting)
        await self.gate.wait()
        return turn


@pytest.mark.parametrize("fake_dialogue", [PatientDialogue()])
async def test_an_answer_that_cannot_be_written_comes_later(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """The customer need do nothing for it, and gets no apology: it was nobody's message that failed."""
    said = {"sender": "anna", "message": LONG, "metadata": {"message_id": "1"}}
    async with asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(client.post(REST, json=said))
        await fake_dialogue.heard.wait()
        await fill(client)
        fake_dialogue.heard.clear()
        fake_dialogue.gate.set()
        await asyncio.wait_for(fake_dialogue.heard.wait(), 20)  # its turn is taken again
        await free(client)
    answer = await asking.result().json()
    assert [each["text"] for each in answer] == [f"1: {LONG}"]
    assert len(fake_dialogue.asked) > 1, "The answer could be written at once: the test shows nothing."


async def test_a_socket_is_closed_so_that_its_page_says_it_again(client: TestClient) -> None:
    """A page forgets what is refused, but not what was cut off; connected again, it is answered once."""
    await client.post(REST, json={"sender": "bernd", "message": LONG})
    secret = await begin(client)
    async with tab(client, secret) as (anna, _):
        await fill(client)
        await anna.say("m-1", LONG)
        frame = await anna.socket.receive(timeout=10)
        assert (frame.type, frame.data) == (WSMsgType.CLOSE, WSCloseCode.TRY_AGAIN_LATER)
    await free(client)
    async with tab(client, secret) as (anna, known):
        assert known == []
        await anna.say("m-1", LONG)
        assert (await anna.answer())["text"] == f"1: {LONG}"

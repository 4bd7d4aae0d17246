"""Gateways, workers and a desk as separate processes: nothing lost, nothing twice, in order, whatever dies."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.errors import SettingsError
from bot.settings import load_settings
from bot.wiring import Role, build
from tests.contract.postgres import Postgres
from tests.fakes import FakeDialogue
from tests.scale.fleet import Fleet, Start, again
from tests.server import Server

pytestmark = pytest.mark.slow

CONVERSATIONS = 60
MESSAGES = 4
DOOR = "/webhooks/rest/webhook"
QUESTION = "welchen port brauch ich für imap mit ssl"
QUESTIONS = ((QUESTION, "993"), ("Soll ich POP3 oder IMAP verwenden?", "Das hängt davon ab"))
"""In turn, with what is in their answers: whoever asks the same twice in a row is offered more than the answer."""


async def ask(session: aiohttp.ClientSession, gateways: list[Server], sender: str, number: int) -> list[str]:
    """Say it until it is answered, at whichever gateway answers, always with the same id."""
    body = {"sender": sender, "message": QUESTIONS[number % 2][0], "metadata": {"message_id": f"{sender}-{number}"}}
    for attempt in range(1000):
        gateway = gateways[(number + attempt) % len(gateways)]
        try:
            async with session.post(gateway.url + DOOR, json=body) as response:
                if response.status == 200:
                    return [reply["text"] for reply in await response.json()]
                assert response.status in {500, 503, 504}, await response.text()
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(0.05)  # nothing tells a client when a server is back
    raise AssertionError("No gateway answers any more.")


async def converse(gateways: list[Server], name: str, answered: asyncio.Semaphore) -> list[list[str]]:
    """One customer's answers."""
    answers = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        for number in range(MESSAGES):
            answers.append(await ask(session, gateways, name, number))
            answered.release()
    return answers


async def everybody(name: str, gateways: list[Server], fault: Callable[[], Awaitable[None]] | None = None) -> None:
    """All customers at once; the fault comes when a third of the answers is there. Each answer is right and single."""
    answered = asyncio.Semaphore(0)

    async def strike() -> None:
        for _ in range(CONVERSATIONS * MESSAGES // 3):
            await answered.acquire()
        if fault:
            await fault()

    striking = asyncio.create_task(strike())
    customers = [converse(gateways, f"{name}-{number}", answered) for number in range(CONVERSATIONS)]
    for answers in await asyncio.gather(*customers):
        assert len(answers) == MESSAGES
        for number, answer in enumerate(answers):
            (text,) = answer
            assert QUESTIONS[number % 2][1] in text
    await striking


async def test_two_gateways_and_two_workers(cluster: Fleet) -> None:
    """Every message is answered once, whichever worker takes its turn."""
    await everybody("usual", cluster.gateways)


async def test_a_worker_is_killed(cluster: Fleet) -> None:
    """The other one takes over what it had begun, within seconds."""
    victim = cluster.workers[0]
    await everybody("worker", cluster.gateways, lambda: asyncio.to_thread(victim.kill))
    await asyncio.to_thread(again, victim)


async def test_a_gateway_is_killed(cluster: Fleet) -> None:
    """Its customers go to the other one, and repeat what was not acknowledged."""
    victim = cluster.gateways[0]
    await everybody("gateway", cluster.gateways, lambda: asyncio.to_thread(victim.kill))
    await asyncio.to_thread(again, victim)


async def test_a_reply_reaches_a_customer_on_another_gateway(cluster: Fleet) -> None:
    """Two tabs of one conversation on two gateways both see the answer as it comes."""
    await see_on_another(cluster.gateways)


async def see_on_another(gateways: list[Server]) -> None:
    """What is said by way of one gateway is answered by way of the other."""
    one, other = gateways
    async with aiohttp.ClientSession() as session:
        async with session.post(one.url + "/channels/web/conversations") as response:
            secret = (await response.json())["secret"]
        async with (
            session.ws_connect(one.url + "/channels/web/socket") as here,
            session.ws_connect(other.url + "/channels/web/socket") as there,
        ):
            for socket in (here, there):
                await socket.send_json({"type": "hello", "secret": secret})
                assert (await socket.receive_json(timeout=20))["type"] == "welcome"
            await here.send_json({"type": "say", "id": "1", "text": QUESTION})
            async with asyncio.timeout(20):
                while True:
                    frame = await there.receive_json()
                    if frame["type"] == "message" and frame["message"]["from"] == "bot":
                        break
    assert "993" in frame["message"]["text"]


async def test_another_host_fetches_the_model(cluster: Fleet, start: Start, tmp_path: Path) -> None:
    """Nothing is trained there, and no folder is shared."""
    gateway = start("gateway", models=str(tmp_path / "elsewhere"))
    assert len(list((tmp_path / "elsewhere").glob("*.tar.gz"))) == 1
    async with aiohttp.ClientSession() as session:
        assert "993" in (await ask(session, [gateway], "far", 0))[0]


async def test_postgresql_is_restarted(cluster: Fleet, postgres: Postgres) -> None:
    """Who was under way goes on, the bus is there again, and live messages reach other gateways as before."""
    await everybody("postgres", cluster.gateways, lambda: asyncio.to_thread(postgres.restart))
    await see_on_another(cluster.gateways)


async def test_a_rolling_restart(cluster: Fleet) -> None:
    """Each process is stopped as an operator stops it, one after the other, while customers go on."""

    async def roll() -> None:
        for server in (*cluster.workers, *cluster.gateways):
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(again, server)

    await everybody("roll", cluster.gateways, roll)


def test_without_postgresql_there_is_only_one(tmp_path: Path) -> None:
    """The start says what is needed."""
    with pytest.raises(SettingsError, match="PostgreSQL"):
        build(load_settings(database_url=f"sqlite:///{tmp_path}/x.db"), FakeDialogue(), role=Role.WORKER)

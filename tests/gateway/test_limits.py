"""How much one conversation or address may send."""

from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.settings import load_settings
from bot.wiring import build
from tests.fakes import FakeDialogue


async def test_a_flood_is_told_to_wait(tmp_path: Path) -> None:
    """Beyond the limit: 429, for this conversation alone."""
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/postbote.db", messages_per_minute=3, conversations_per_hour=2
    )
    async with TestClient(TestServer(create_app(build(settings, FakeDialogue())))) as client:

        async def say(sender: str) -> int:
            response = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": "hallo"})
            return response.status

        assert [await say("anna") for _ in range(4)] == [200, 200, 200, 429]
        assert await say("ben") == 200
        begun = [(await client.post("/channels/web/conversations")).status for _ in range(3)]
        assert begun == [201, 201, 429]

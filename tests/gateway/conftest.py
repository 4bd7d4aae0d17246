"""The real application on a real SQLite file, with a dialogue that does what the test says."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.settings import Settings, load_settings
from bot.wiring import build
from tests.fakes import FakeDialogue


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database of its own for each test, and limits that no test meets by chance."""
    return load_settings(
        database_url=f"sqlite:///{tmp_path}/postbote.db",
        messages_per_minute=10_000,
        unlimited_from=("127.0.0.1",),
        allowed_origins=("https://www.example.de",),
    )


@pytest.fixture
def fake_dialogue() -> FakeDialogue:
    """The dialogue of `client`."""
    return FakeDialogue()


@pytest.fixture
async def client(settings: Settings, fake_dialogue: FakeDialogue) -> AsyncIterator[TestClient]:
    """Speaks to the application over loopback."""
    async with TestClient(TestServer(create_app(build(settings, fake_dialogue)))) as client:
        yield client

"""The whole road for one channel: the real application and store, a dialogue of the test's, the vendor's server."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.channels.port import Channel, Kind, Tools
from bot.conversations.model import Message
from bot.gateway.app import create_app
from bot.settings import load_settings
from bot.store.notes import SqlNotes
from bot.store.tables import conversations, outbox
from bot.wiring import Services, build
from tests.channels.vendor import Vendor
from tests.contract.clock import Clock
from tests.fakes import FakeDialogue

PATIENCE = 1.0
"""Seconds that the vendor has; a test waits so long where it hangs on command."""


@dataclass(frozen=True)
class Signed:
    """A call as the vendor makes it."""

    body: bytes
    headers: dict[str, str]


class Road:
    """Enter it, let the vendor call, then `deliver`: nothing runs by itself, so a test needs no sleep."""

    def __init__(
        self,
        name: str,
        kind: Kind,
        vendor: Vendor,
        folder: Path,
        dialogue: Any = None,
        **settings: Any,
    ) -> None:
        self.name = name
        self.vendor = vendor
        self.clock = Clock()
        self.dialogue = dialogue or FakeDialogue()
        self.kind = kind
        self._settings = {
            "database_url": f"sqlite:///{folder}/postbote.db",
            "channels": (name,),
            "channels_timeout": PATIENCE,
            "messages_per_minute": 10_000,
            "unlimited_from": ("127.0.0.1",),
            "longest_message": 50_000,
            **settings,
        }
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        # The channel's own options must stand in the environment by now.
        self.services: Services = build(
            load_settings(**self._settings), self.dialogue, self.clock, {self.name: self.kind}
        )
        # No loop runs by itself: `deliver` does what the delivery loop would, when the test says so.
        vars(self.services)["loops"] = ()
        self.client = await self._stack.enter_async_context(TestClient(TestServer(create_app(self.services))))
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._stack.aclose()

    @property
    def channel(self) -> Channel:
        """The one that the road is for."""
        return self.services.channels[self.name]

    def channel_tools(self) -> Tools:
        """What the channel was made from."""
        return Tools(self.services.settings, SqlNotes(self.services.database, self.clock), str, self.clock)

    async def call(self, signed: Signed) -> ClientResponse:
        """The vendor calls us."""
        return await self.client.post(f"/webhooks/{self.name}", data=signed.body, headers=signed.headers)

    async def settle(self) -> None:
        """Every turn is taken, and every acknowledgement made."""
        await self.services.turns.close()
        await self.services.inbound.close()

    def keep_attachments(self) -> None:
        """As with POSTBOTE_ATTACHMENTS=keep; nothing is fetched by itself."""
        self.services.inbound._attachments = self.services._attachment_loop

    async def deliver(self) -> None:
        """What is due is brought to the vendor, once each."""
        await self.settle()
        await self.services._delivery.do_due()

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due by then is brought."""
        self.clock.pass_by(seconds)
        await self.deliver()

    async def transcript(self, address: str) -> list[Message]:
        """What both said."""
        conversation = await self.services.conversations.find(self.name, address)
        return list(await self.services.conversations.messages_after(conversation, 0)) if conversation else []

    async def outbox(self) -> list[tuple[str, int, str | None]]:
        """Status, failed attempts and last error of each message of ours."""
        query = select(outbox.c.status, outbox.c.attempts, outbox.c.last_error).order_by(outbox.c.message_id)
        rows = await self.services.database.read(lambda connection: connection.execute(query).all())
        return [tuple(row) for row in rows]

    async def unreachable(self, address: str) -> str | None:
        """Why nothing reaches the customer."""
        query = select(conversations.c.unreachable).where(conversations.c.address == address)
        return await self.services.database.read(lambda connection: connection.scalar(query))


def configure(monkeypatch: pytest.MonkeyPatch, name: str, options: dict[str, str]) -> None:
    """The channel's options, as an operator would set them."""
    for key, value in options.items():
        monkeypatch.setenv(f"POSTBOTE_CHANNEL_{name.upper()}_{key.upper()}", value)

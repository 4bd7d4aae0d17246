"""
One connection of Socket.IO: which session it is in, what it hears and what it was told.

Which messages arrived is known exactly where the client sends back an offset (socket.io-client since 4.6). Of others
we take it that what was told before they spoke, or before they left, has arrived; but not if they fell silent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web

from bot.channels import socketio as channel
from bot.channels.web import address_of
from bot.conversations.model import Author, Message
from bot.conversations.news import Said, Seen
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check_new_conversations

log = structlog.get_logger(stop="door")

Show = Callable[[Message, str], Awaitable[None]]
"""Send a message of ours with its offset."""


class Line:
    """One tab of a customer's browser."""

    def __init__(self, request: web.Request, secret: str, auth: channel.Auth, show: Show) -> None:
        self.secret = secret
        """The session's id; ours as long as the client shows no other one of ours."""
        self.auth = auth
        self.token: str | None = None
        """The last that was looked at."""
        self.request = request
        """That opened it."""
        self._services = request.app[SERVICES]
        self._show = show
        self._conversation: str | None = None
        self._telling: asyncio.Task[None] | None = None
        self._told = 0
        self._marked = 0

    @property
    def _address(self) -> str:
        return address_of(self.secret)

    async def choose(self, wanted: str | None) -> None:
        """Take the session `wanted` if it is one that was begun here; else stay in our own."""
        if wanted and wanted != self.secret and await find(self.request, wanted):
            await self.leave()
            self.secret = wanted

    async def listen(self) -> None:
        """Tell what the customer does not have yet, and from then on what is said; nothing where nothing was begun."""
        if self._conversation is None and (found := await find(self.request, self.secret)):
            self._begin(found)

    async def begin(self) -> str:
        """The session's conversation, a new one if need be. Raises TooManyError for too many of one address."""
        await self.listen()
        if self._conversation is None:
            await check_new_conversations(self.request)
            self._begin(await self._services.conversations.begin(channel.CHANNEL, self._address))
        assert self._conversation is not None
        return self._conversation

    async def mark(self) -> None:
        """The client is there, so it has what it was told."""
        if self._conversation and self._told > self._marked:
            self._marked = self._told
            if await self._services.standings.seen(self._conversation, self._told, read=False):
                self._services.news.publish(self._conversation, Seen(self._told))

    async def leave(self, *, lost: bool = False) -> None:
        """Tell nothing more; `lost`: the client fell silent, so nobody knows what it has."""
        if self._telling:
            self._telling.cancel()
            self._telling = None
        if not lost:
            await self.mark()
        self._conversation, self._told, self._marked = None, 0, 0

    def _begin(self, conversation: str) -> None:
        self._conversation = conversation
        self._telling = asyncio.create_task(self._tell(conversation))

    async def _tell(self, conversation: str) -> None:
        try:
            with self._services.news.watch(conversation) as queue:
                after = channel.seq_of(self._address, self.auth.offset)
                if after is None:
                    after = await self._services.standings.delivered(conversation)
                await self._tell_all(await self._services.conversations.messages_after(conversation, after))
                while True:
                    event = await queue.get()
                    if isinstance(event, Said):
                        await self._tell_all(event.messages)
        except Exception:
            # The edge: nobody awaits this task. The client gets what it missed with its next connection.
            log.exception("telling failed", conversation=conversation)

    async def _tell_all(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if message.seq > self._told:
                self._told = message.seq
                if message.author is not Author.CUSTOMER:
                    await self._show(message, channel.offset_of(self._address, message.seq))


async def find(request: web.Request, secret: str) -> str | None:
    """The conversation that the secret opens."""
    return await request.app[SERVICES].conversations.find(channel.CHANNEL, address_of(secret))

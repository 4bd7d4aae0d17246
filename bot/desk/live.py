"""The desk's WebSocket: what happens, as it happens; see docs/desk-protocol.md."""

import asyncio
import secrets
from contextlib import suppress
from typing import Annotated, Any, Literal

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.conversations.errors import TooManyError
from bot.conversations.model import Author
from bot.conversations.news import Anywhere, Event, Fetched, Noted, Said, Seen, Typing
from bot.desk import show
from bot.desk.cases import read_lists
from bot.desk.guard import agent_of, is_signed_in
from bot.desk.render import render_agents
from bot.desk.routes import DeskRoutes
from bot.desk.rules import ACTS, SIGNS
from bot.errors import PostboteError
from bot.gateway import body
from bot.gateway.errors import BadRequestError, explain
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check as count
from bot.gateway.limits import check_connections, limited
from bot.gateway.opened import opened
from bot.gateway.rules import OPEN, REQUESTS, SOCKETS
from bot.staff.model import Role

LIST_PAUSE = 0.25
"""Seconds between two sendings of the lists, at least."""
CHECK_SESSION = 30.0
"""Seconds between looks whether the session still holds."""

routes = DeskRoutes()


class _Frame(BaseModel):
    model_config = ConfigDict(strict=True)


class Watch(_Frame):
    """Which conversation the page shows."""

    type: Literal["watch"]
    conversation: str | None = Field(max_length=36)


class Types(_Frame):
    """The agent is writing in it, or no longer."""

    type: Literal["typing"]
    on: bool


class Alive(_Frame):
    """The agent is there."""

    type: Literal["alive"]


Frame: TypeAdapter[Watch | Types | Alive] = TypeAdapter(Annotated[Watch | Types | Alive, Field(discriminator="type")])


@routes.socket("/desk/socket", role=Role.AGENT)
@limited(REQUESTS, SOCKETS, OPEN, ACTS, SIGNS)
async def live(request: web.Request) -> web.WebSocketResponse:
    """One tab of an agent's browser."""
    await check_connections(request)
    async with opened(request) as socket:
        await Tab(request, socket).run()
    return socket


class Tab:
    """The connection of one tab: frames in, news out."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self._services = request.app[SERVICES]
        self._socket = socket
        self._key = secrets.token_hex(8)
        self._agent = agent_of(request)
        self._watched: str | None = None
        self._mine: frozenset[str] = frozenset()
        self._stale = asyncio.Event()

    async def run(self) -> None:
        """Until either side closes, or the session is over."""
        await self._services.presence.alive(self._agent.id)
        with self._services.news.watch_all() as queue:
            self._stale.set()
            tasks = [
                asyncio.create_task(work) for work in (self._tell(queue), self._send_lists(), self._check_session())
            ]
            try:
                await self._listen()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        async for frame in self._socket:
            try:
                await count(self._request, SIGNS, self._key)
            except TooManyError as error:
                await self._send(type="error", code=error.code, message=str(error))
                await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=error.code.encode())
                return
            try:
                await self._take(_parse(frame.data) if frame.type is WSMsgType.TEXT else None)
            except PostboteError as error:
                await self._send(type="error", code=error.code, message=str(error))

    async def _take(self, frame: Watch | Types | Alive | None) -> None:
        match frame:
            case Watch(conversation=conversation):
                self._watched = conversation
            case Types(on=on) if self._watched in self._mine and self._watched:
                self._services.desk.typing(self._watched, on=on)
            case Alive() if await is_signed_in(self._request, use=True):
                await self._services.presence.alive(self._agent.id)
                self._stale.set()

    async def _tell(self, queue: asyncio.Queue[Anywhere]) -> None:
        while True:
            conversation, event = await queue.get()
            if not isinstance(event, Typing):
                self._stale.set()
            if conversation == self._watched or conversation in self._mine:
                await self._pass_on(conversation, event)

    async def _pass_on(self, conversation: str, event: Event) -> None:
        match event:
            case Said(messages):
                await self._send_lines(conversation, [message.seq for message in messages])
            case Seen(seq) | Fetched(seq):
                await self._send_lines(conversation, [seq])
            case Typing(on, Author.CUSTOMER):
                await self._send(type="typing", conversation=conversation, on=on)
            case Noted(key) if conversation == self._watched:
                notes = await self._services.transcripts.notes(conversation)
                for note in notes:
                    if note.id == key:
                        await self._send(type="note", conversation=conversation, note=show.note(note))

    async def _send_lines(self, conversation: str, seqs: list[int]) -> None:
        for line in await self._services.transcripts.lines(conversation, seqs):
            message = show.line(line, self._services.dialogue.title)
            await self._send(type="message", conversation=conversation, message=message)

    async def _send_lists(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            lists = await read_lists(self._request)
            self._mine = frozenset(case["conversation"] for case in lists["mine"])
            everyone = [agent for agent in await self._services.staff.agents.everyone() if agent.active]
            await self._send(type="lists", **lists, colleagues=await render_agents(self._request, everyone))
            await asyncio.sleep(LIST_PAUSE)

    async def _check_session(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SESSION)
            if not await is_signed_in(self._request, use=False):
                await self._send(type="signed_out")
                await self._socket.close()
                return

    async def _send(self, **frame: Any) -> None:
        if not self._socket.closed:
            with suppress(ConnectionError):
                await self._socket.send_json(frame)


def _parse(data: str) -> Watch | Types | Alive:
    try:
        return Frame.validate_python(body.decode(data))
    except ValidationError as error:
        raise BadRequestError(422, "bad_frame", explain(error)) from error

"""The website channel over a WebSocket: see docs/widget-protocol.md."""

import asyncio
import secrets
import time
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from bot.channels import web as channel
from bot.conversations.errors import TooManyError
from bot.conversations.holding import Standing
from bot.conversations.model import Author, Message
from bot.conversations.news import Event, Missed, Said, Typing
from bot.errors import PostboteError, UnavailableError
from bot.gateway import body
from bot.gateway.errors import BadRequestError, explain
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check as count
from bot.gateway.limits import check_connections, limited
from bot.gateway.opened import opened
from bot.gateway.origins import check_origin
from bot.gateway.rules import FRAMES, MESSAGES, OPEN, REQUESTS, SIGNALS, SOCKETS
from bot.gateway.signals import signal
from bot.gateway.web import check, find
from bot.meter import Stop
from bot.tracing import Kind

HELLO_TIMEOUT = 10.0

log = structlog.get_logger(stop="door")
routes = web.RouteTableDef()


@routes.get("/channels/web/socket")
@limited(REQUESTS, SOCKETS, OPEN, MESSAGES, SIGNALS, FRAMES)
async def talk(request: web.Request) -> web.WebSocketResponse:
    """One tab of a customer's browser."""
    check_origin(request)
    await check_connections(request)
    async with opened(request) as socket:
        await Tab(request, socket).run()
    return socket


class Tab:
    """The connection of one tab: frames in, news out."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self._socket = socket
        self._secret = ""
        self._conversation = ""
        self._seen = 0
        self._key = secrets.token_hex(8)

    async def run(self) -> None:
        """Until either side closes, or the database is away: who then connects again finds out what became of it."""
        try:
            await self._open()
        except UnavailableError as error:
            log.error("database is away", path=self._request.path, error=error.reason)
            await self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=error.code.encode())
        except PostboteError as error:
            await self._end(error)

    async def _open(self) -> None:
        hello = await self._hello()
        conversation = await find(self._request, hello.secret)
        self._secret, self._seen, self._conversation = hello.secret, hello.after, conversation
        services = self._request.app[SERVICES]
        with services.news.watch(conversation) as queue:
            known = await services.conversations.messages_after(conversation, hello.after)
            status = self._status(await services.standings.standing(conversation))
            await self._send(type="welcome", messages=channel.render_all(known), status=status)
            self._seen = max([self._seen, *(message.seq for message in known)])
            await _first_of(self._listen(conversation), self._tell(queue))

    async def _hello(self) -> channel.Hello:
        try:
            frame = await asyncio.wait_for(self._socket.receive(), HELLO_TIMEOUT)
        except TimeoutError as error:
            raise _bad_frame("The first frame must be a hello, within 10 seconds.") from error
        hello = _parse(frame.data) if frame.type is WSMsgType.TEXT else None
        if not isinstance(hello, channel.Hello):
            raise _bad_frame("The first frame must be a hello.")
        return hello

    async def _listen(self, conversation: str) -> None:
        async for frame in self._socket:
            try:
                await count(self._request, FRAMES, self._key)
            except TooManyError as error:
                await self._end(error)
                return
            try:
                await self._take(conversation, _parse(frame.data) if frame.type is WSMsgType.TEXT else None)
            except UnavailableError:
                # Not refused: a page forgets what is refused, and this is to be said again.
                raise
            except PostboteError as error:
                await self._refuse(error, frame.data)

    async def _take(self, conversation: str, frame: channel.AnyFrame | None) -> None:
        match frame:
            case channel.Ping():
                await self._send(type="pong")
            case channel.Say():
                began, services = time.perf_counter(), self._request.app[SERVICES]
                with services.tracer.begin("say", Kind.SERVER):
                    accepted = await services.intake.take(await check(self._request, self._secret, frame))
                    await self._send(type="accepted", id=frame.id, seq=accepted.seq)
                services.metrics.passed(Stop.DOOR, time.perf_counter() - began)
            case channel.Types() | channel.Sees() | channel.Rates():
                await signal(self._request, conversation, frame)
            case _:
                raise _bad_frame("Expected a say, a ping, or a signal.")

    async def _tell(self, queue: asyncio.Queue[Event]) -> None:
        while True:
            match await queue.get():
                case Said(messages):
                    await self._show(messages)
                case Missed():
                    await self._catch_up()
                case Typing(on, who) if who is not Author.CUSTOMER:
                    await self._send(type="typing", on=on)
                case Standing() as standing:
                    await self._send(type="status", status=self._status(standing))

    async def _catch_up(self) -> None:
        services = self._request.app[SERVICES]
        await self._show(await services.conversations.messages_after(self._conversation, self._seen))
        await self._send(type="status", status=self._status(await services.standings.standing(self._conversation)))

    async def _show(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if message.seq > self._seen:
                self._seen = message.seq
                await self._send(type="message", message=channel.render(message))

    def _status(self, standing: Standing) -> dict[str, Any]:
        return channel.render_standing(standing, self._request.app[SERVICES].sentence)

    async def _end(self, error: PostboteError) -> None:
        await self._refuse(error)
        await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=error.code.encode())

    async def _refuse(self, error: PostboteError, data: object = None) -> None:
        about: dict[str, Any] = {"id": key} if (key := _id_in(data)) else {}
        if isinstance(error, TooManyError):
            about["retry_after"] = error.wait
        await self._send(type="error", code=error.code, message=str(error), **about)

    async def _send(self, **frame: Any) -> None:
        if not self._socket.closed:
            await self._socket.send_json(frame)


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Run them side by side until one ends, and raise what that one raises."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _parse(data: str) -> channel.AnyFrame:
    try:
        return channel.Frame.validate_python(body.decode(data))
    except ValidationError as error:
        raise _bad_frame(explain(error)) from error


def _bad_frame(message: str) -> BadRequestError:
    return BadRequestError(422, "bad_frame", message)


def _id_in(data: object) -> str | None:
    """The id that the client gave the refused message, if it can be read."""
    try:
        frame = body.decode(data) if isinstance(data, str) else None
    except BadRequestError:
        return None
    key = frame.get("id") if isinstance(frame, dict) else None
    return key if isinstance(key, str) else None

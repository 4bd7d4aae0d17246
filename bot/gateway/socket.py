"""The website channel over a WebSocket: see docs/widget-protocol.md."""

import asyncio
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from bot.channels import web as channel
from bot.conversations.news import Event, Said
from bot.errors import PostboteError
from bot.gateway import body
from bot.gateway.errors import BadRequestError, explain
from bot.gateway.keys import SERVICES, SOCKETS
from bot.gateway.origins import check_origin
from bot.gateway.web import check, find

HEARTBEAT = 25.0
"""Seconds between pings: less than what proxies allow a silent connection."""
HELLO_TIMEOUT = 10.0

routes = web.RouteTableDef()


@routes.get("/channels/web/socket")
async def talk(request: web.Request) -> web.WebSocketResponse:
    """One tab of a customer's browser."""
    check_origin(request)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=body.LARGEST)
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        await Tab(request, socket).run()
    finally:
        request.app[SOCKETS].discard(socket)
    return socket


class Tab:
    """The connection of one tab: frames in, news out."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self._socket = socket
        self._secret = ""
        self._seen = 0

    async def run(self) -> None:
        """Until either side closes."""
        try:
            hello = await self._hello()
            conversation = await find(self._request, hello.secret)
        except PostboteError as error:
            await self._refuse(error)
            await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=error.code.encode())
            return
        self._secret, self._seen = hello.secret, hello.after
        services = self._request.app[SERVICES]
        with services.news.watch(conversation) as queue:
            known = await services.conversations.messages_after(conversation, hello.after)
            await self._send(type="welcome", messages=channel.render_all(known))
            self._seen = max([self._seen, *(message.seq for message in known)])
            speaking = asyncio.create_task(self._tell(queue))
            try:
                await self._listen()
            finally:
                speaking.cancel()

    async def _hello(self) -> channel.Hello:
        try:
            frame = await asyncio.wait_for(self._socket.receive(), HELLO_TIMEOUT)
        except TimeoutError as error:
            raise _bad_frame("The first frame must be a hello, within 10 seconds.") from error
        hello = _parse(frame.data) if frame.type is WSMsgType.TEXT else None
        if not isinstance(hello, channel.Hello):
            raise _bad_frame("The first frame must be a hello.")
        return hello

    async def _listen(self) -> None:
        async for frame in self._socket:
            try:
                await self._take(_parse(frame.data) if frame.type is WSMsgType.TEXT else None)
            except PostboteError as error:
                await self._refuse(error, frame.data)

    async def _take(self, frame: channel.Hello | channel.Say | channel.Ping | None) -> None:
        match frame:
            case channel.Ping():
                await self._send(type="pong")
            case channel.Say():
                incoming = check(self._request, self._secret, frame)
                accepted = await self._request.app[SERVICES].intake.take(incoming)
                await self._send(type="accepted", id=frame.id, seq=accepted.seq)
            case _:
                raise _bad_frame("Expected a say or a ping.")

    async def _tell(self, queue: asyncio.Queue[Event]) -> None:
        while True:
            event = await queue.get()
            if not isinstance(event, Said):
                await self._send(type="typing", on=event.on)
                continue
            for message in event.messages:
                if message.seq > self._seen:
                    self._seen = message.seq
                    await self._send(type="message", message=channel.render(message))

    async def _refuse(self, error: PostboteError, data: object = None) -> None:
        about = {"id": key} if (key := _id_in(data)) else {}
        await self._send(type="error", code=error.code, message=str(error), **about)

    async def _send(self, **frame: Any) -> None:
        if not self._socket.closed:
            await self._socket.send_json(frame)


def _parse(data: str) -> channel.Hello | channel.Say | channel.Ping:
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

"""The Socket.IO door, as Rasa's `socketio` channel speaks it: see docs/channels/socketio.md."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from bot import strict_json
from bot.channels import socketio as channel
from bot.channels.errors import ForeignError
from bot.channels.options import Options
from bot.channels.payload import Shape, fit
from bot.channels.port import Said
from bot.channels.web import new_secret
from bot.conversations.errors import TooManyError
from bot.conversations.model import Message
from bot.errors import PostboteError
from bot.gateway.body import LARGEST
from bot.gateway.engine import SocketServer, packets_with
from bot.gateway.errors import BadRequestError
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check, check_connections, limited, open_connection
from bot.gateway.lines import Line, find
from bot.gateway.opened import HEARTBEAT
from bot.gateway.origins import check_origin, is_allowed
from bot.gateway.rules import BYTES, CONVERSATIONS, EVENTS, MESSAGES, OPEN, REQUESTS, SOCKETS
from bot.identity.tokens import TokenError
from bot.wiring import Services

Handler = Callable[[str, Line, Any], Awaitable[None]]

log = structlog.get_logger(stop="door")
_library = logging.getLogger("postbote.socketio")
# It logs each malformed packet with a stack trace, which anybody could fill the disk with; our handlers log their own.
_library.setLevel(logging.CRITICAL)


class SocketIo:
    """All connections of an application."""

    def __init__(self, app: web.Application, options: channel.SocketIoOptions) -> None:
        self._app = app
        self._options = options
        self._lines: dict[str, Line] = {}
        self._secrets: dict[str, str] = {}
        self._requests: set[asyncio.Task[Any]] = set()
        self._server = SocketServer(
            async_mode="aiohttp",
            async_handlers=False,  # a customer's messages stay in order
            serializer=packets_with(self._secrets),
            namespaces=[options.namespace],
            cors_allowed_origins=lambda origin, environ: bool(origin) and is_allowed(_request(environ), origin),
            cors_credentials=False,
            max_http_buffer_size=LARGEST,
            ping_interval=HEARTBEAT,
            logger=_library,
            engineio_logger=_library,
        )
        self._on("connect", self._connect)
        self._on("disconnect", self._disconnect)
        self._on(channel.REQUEST, self._guarded(self._request_session))
        self._on(options.user_message_evt, self._guarded(self._hear))
        self._on("*", self._refuse_unknown)

    @limited(REQUESTS, BYTES, SOCKETS, OPEN, CONVERSATIONS, MESSAGES, EVENTS)
    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request of Engine.IO, which lasts as long as a WebSocket or a poll does."""
        if request.method != "OPTIONS":
            check_origin(request)
        if (request.content_length or 0) > LARGEST:
            raise BadRequestError(413, "too_large", f"The body may have {LARGEST} bytes.")
        if "sid" not in request.query:
            _check_version(request)
            await check_connections(request)
        task = asyncio.current_task()
        assert task is not None
        self._requests.add(task)
        try:
            with open_connection(request):
                response: web.StreamResponse = await self._server.handle_request(request)
        except KeyError as error:
            raise BadRequestError(400, "unknown_connection", "This connection has ended. Connect again.") from error
        finally:
            self._requests.discard(task)
        return response

    async def close(self, _: web.Application) -> None:
        """End all connections in the way that makes clients come again."""
        await self._server.eio.disconnect()
        while self._requests:
            for task in self._requests:
                task.cancel()
            # Again, because the library swallows a cancellation that meets one of our handlers.
            await asyncio.wait(self._requests, timeout=1)
        await self._server.shutdown()

    def _on(self, event: str, handler: Callable[..., Any]) -> None:
        self._server.on(event, handler, namespace=self._options.namespace)

    async def _connect(self, sid: str, environ: dict[str, Any], given: Any = None) -> None:
        request = _request(environ)
        auth = _auth(given)
        known = auth.pid is not None and await find(request, auth.pid)
        self._secrets[sid] = secret = auth.pid if auth.pid and known else new_secret()
        self._lines[sid] = Line(request, secret, auth, lambda message, offset: self._show(sid, message, offset))

    async def _disconnect(self, sid: str, reason: str) -> None:
        self._secrets.pop(sid, None)
        if line := self._lines.pop(sid, None):
            await line.leave(lost=reason == self._server.reason.PING_TIMEOUT)

    async def _request_session(self, sid: str, line: Line, data: Any) -> None:
        await line.choose(_fit(data or {}, channel.SessionRequest).session_id)
        # A last argument that is a string would be taken for an offset.
        await self._emit(sid, channel.CONFIRM, line.secret, None)
        await line.listen()

    async def _hear(self, sid: str, line: Line, data: Any) -> None:
        said = _fit(data, channel.Uttered)
        await line.choose(said.session_id)
        incoming = channel.parse(line.secret, said, self._options.openings)
        conversation = await line.begin()
        await self._prove(sid, line, conversation, said.token)
        await line.mark()
        await self._services.inbound.hear(Said(incoming))

    async def _prove(self, sid: str, line: Line, conversation: str, token: str | None) -> None:
        """A token that proves nothing is no reason to keep a customer waiting: the bot then asks for a code."""
        token = token or line.auth.token
        if token is None or token == line.token:
            return
        line.token = token
        try:
            await self._services.tokens.prove(conversation, token)
        except TokenError as error:
            await self._refuse(sid, error)

    def _guarded(self, handler: Handler) -> Callable[..., Awaitable[dict[str, str] | None]]:
        """Whatever a client sends, it gets an answer; also as the acknowledgement, if it asked for one."""

        async def handle(sid: str, *data: Any) -> dict[str, str] | None:
            line = self._lines[sid]
            try:
                await check(line.request, EVENTS, sid)
            except TooManyError as error:
                return await self._hang_up(sid, error)
            try:
                await handler(sid, line, data[0] if data else None)
            except TooManyError as error:
                await self._emit(
                    sid, self._options.bot_message_evt, {"text": self._services.sentence("utter_too_many")}
                )
                return await self._refuse(sid, error)
            except PostboteError as error:
                return await self._refuse(sid, error)
            except Exception:
                log.exception("event failed", sid=sid)
                return await self._refuse(sid, FailedError())
            return None

        return handle

    async def _refuse_unknown(self, _: Any, sid: str, *__: Any) -> dict[str, str] | None:
        known = f"{channel.REQUEST} and {self._options.user_message_evt}"
        return await self._guarded(_raise(ForeignError(f"There is no such event here. There are: {known}.")))(sid)

    async def _hang_up(self, sid: str, error: TooManyError) -> dict[str, str]:
        """The client does not come again of itself."""
        told = await self._refuse(sid, error)
        await self._server.disconnect(sid, namespace=self._options.namespace)
        return told

    async def _refuse(self, sid: str, error: PostboteError) -> dict[str, str]:
        told = {"error": error.code, "message": str(error)}
        await self._emit(sid, channel.ERROR, told)
        return told

    async def _show(self, sid: str, message: Message, offset: str) -> None:
        await self._emit(sid, self._options.bot_message_evt, channel.render(message), offset)

    async def _emit(self, sid: str, event: str, *arguments: Any) -> None:
        await self._server.emit(event, arguments, to=sid, namespace=self._options.namespace)

    @property
    def _services(self) -> Services:
        return self._app[SERVICES]


class FailedError(PostboteError):
    """What we have to do with; the log says more."""

    code = "failed"

    def __init__(self) -> None:
        super().__init__("Something went wrong here. Send it again.")


def add_door(app: web.Application, options: Options) -> None:
    """To be called where the settings name the channel."""
    assert isinstance(options, channel.SocketIoOptions)
    door = SocketIo(app, options)
    for path in (options.path, f"{options.path}/"):
        app.router.add_route("*", path, door.handle)
    app.on_shutdown.append(door.close)


def _request(environ: dict[str, Any]) -> web.Request:
    request: web.Request = environ["aiohttp.request"]
    return request


def _check_version(request: web.Request) -> None:
    if request.query.get("EIO") == "3":
        raise BadRequestError(
            400, "old_client", "socket.io-client 2 speaks another protocol. Use 3 or 4 (rasa-webchat from 1.0.0)."
        )


def _auth(given: Any) -> channel.Auth:
    """Of what else a client sends here, we need nothing."""
    try:
        return _fit(given or {}, channel.Auth)
    except ForeignError:
        return fit({}, channel.Auth)


def _fit(data: Any, shape: type[Shape]) -> Shape:
    """Raises ForeignError, also for text that no database can store."""
    try:
        return fit(strict_json.decode(json.dumps(data)), shape)
    except (ValueError, TypeError, RecursionError) as error:
        raise ForeignError(f"This cannot be read: {error}.") from error


def _raise(error: PostboteError) -> Handler:
    async def handler(sid: str, line: Line, data: Any) -> None:
        raise error

    return handler

"""A small server that speaks a vendor's API, remembers what it was sent, and fails on command."""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

FAILURES = ("429", "500", "timeout", "reset", "blocked")


class Vendor(ABC):
    """Subclasses add routes to `app` and append to `sent` what they accept."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        """The bodies of messages that were taken, as they came."""
        self.attempts = 0
        """Messages that were tried to be sent."""
        self.failures: deque[str] = deque()
        """What happens to the next messages, of FAILURES."""
        self._released = asyncio.Event()

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """The vendor's API."""

    @abstractmethod
    def is_message(self, request: web.Request) -> bool:
        """Whether the request sends a message; only such fail on command."""

    def too_many(self) -> web.Response:
        """How the vendor says 429: come again in 30 seconds."""
        return web.json_response({"error": "too many"}, status=429, headers={"Retry-After": "30"})

    def broken(self) -> web.Response:
        """How it says 500."""
        return web.Response(status=500, text="<html>Internal Server Error</html>")

    @abstractmethod
    def blocked(self) -> web.Response:
        """How it says that the customer blocks us, or is gone."""

    async def start(self) -> TestServer:
        """Its server; `url` is where it is then."""
        app = web.Application(middlewares=[self._fail])
        app.add_routes(self.routes())
        server = TestServer(app)
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        self._server = server
        return server

    async def stop(self) -> None:
        """Let requests go that hang on command."""
        self._released.set()
        await self._server.close()

    @web.middleware
    async def _fail(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if not self.is_message(request):
            return await handler(request)
        self.attempts += 1
        match self.failures.popleft() if self.failures else None:
            case "429":
                return self.too_many()
            case "500":
                return self.broken()
            case "timeout":
                await self._released.wait()
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "blocked":
                return self.blocked()
        return await handler(request)

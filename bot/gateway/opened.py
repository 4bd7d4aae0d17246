"""A WebSocket of a browser, open as long as a block lasts; shared by the widget's and the desk's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.gateway.body import LARGEST
from bot.gateway.keys import SOCKETS
from bot.gateway.limits import open_connection

HEARTBEAT = 25.0
"""Seconds between pings: less than what proxies allow a silent connection."""


@asynccontextmanager
async def opened(request: web.Request) -> AsyncIterator[web.WebSocketResponse]:
    """
    When the server stops, it says so to whoever is in such a block.

    Raises TooManyError, as a plain answer, where the address has too many open.
    """
    with open_connection(request):
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        try:
            yield socket
        finally:
            request.app[SOCKETS].discard(socket)

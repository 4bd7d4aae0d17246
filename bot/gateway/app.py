"""The aiohttp application: the one door for everything that comes from outside."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress

from aiohttp import WSCloseCode, web

from bot.channels.options import Options
from bot.gateway import (
    body,
    channels,
    headers,
    health,
    identity,
    limits,
    metrics,
    openapi,
    origins,
    pages,
    privacy,
    rest,
    signals,
    socket,
    socketio,
    traces,
)
from bot.gateway import web as web_channel
from bot.gateway.errors import as_json
from bot.gateway.keys import LIMITER, NEWCOMERS, POLLS, SERVICES, SOCKETS
from bot.wiring import Role, Services

PARTS = (rest, web_channel, socket, signals, identity, privacy, channels)
"""By which customers and vendors come in."""

DOORS: Mapping[str, Callable[[web.Application, Options], None]] = {"socketio": socketio.add_door}
"""How those channels are opened whose clients keep a connection, see bot.channels.choose."""


def create_app(services: Services) -> web.Application:
    """The application of the process's role; its database is migrated and turns are taken up when it starts."""
    middlewares = [*traces.middlewares(services), metrics.measure, as_json, limits.limit, origins.cors]
    app = web.Application(middlewares=middlewares, client_max_size=body.LARGEST)
    app[SERVICES] = services
    app[LIMITER] = services.limiter
    limits.add_keys(app)
    app[SOCKETS] = set()
    app[POLLS] = set()
    app[NEWCOMERS] = OrderedDict()
    for part in (health, metrics, openapi):
        app.add_routes(part.routes)
    if services.role in {Role.ALL, Role.GATEWAY}:
        for part in (*PARTS, pages):
            app.add_routes(part.routes)
        pages.add_files(app)
        for name, options in services.doors.items():
            DOORS[name](app, options)
    app.on_response_prepare.append(origins.tell_browser)
    app.on_response_prepare.append(headers.add_headers)
    app.cleanup_ctx.append(_work)
    app.on_shutdown.append(_let_go)
    return app


async def _work(app: web.Application) -> AsyncIterator[None]:
    services = app[SERVICES]
    await services.prepare()
    if services.role.works:
        await services.turns.recover()
    working = [asyncio.create_task(loop.run()) for loop in services.loops]
    yield
    await services.turns.close()
    for task in working:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*working)
    await services.close()


async def _let_go(app: web.Application) -> None:
    """Answer those who wait for news, so that nobody holds up the end."""
    for waiting in app[POLLS]:
        waiting.reschedule(0)
    sockets = app[SOCKETS]
    for open_socket in list(sockets):
        await open_socket.close(code=WSCloseCode.GOING_AWAY, message=b"restart")

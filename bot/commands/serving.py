"""Serve as one of the roles, until Ctrl-C or SIGTERM."""

import asyncio
import socket
import sys

import uvloop
from aiohttp import web

from actions._wiring import provide
from bot.clock import Clock, now
from bot.desk.app import add_desk
from bot.dialogue.live import LiveDialogue
from bot.errors import PostboteError
from bot.gateway.app import create_app
from bot.gateway.keys import SERVICES
from bot.log import configure, tell
from bot.settings import Settings, load_settings
from bot.store.serving import served_by_us
from bot.versions import choose_version
from bot.wiring import Role, Services, build

IDLE = 75.0
"""Seconds that a connection may be silent, or take for the head of its first request."""


def serve(role: Role) -> int:
    """Train if needed, migrate, serve; returns after Ctrl-C or SIGTERM."""
    settings = load_settings()
    # Before anything else: a second server that gets no port must not touch what is the first one's.
    door = _door(settings)
    with served_by_us(settings.database_url):
        app = assemble(settings, role=role)
        app.on_startup.append(lambda _: _announce(settings, app[SERVICES], door.getsockname()[1]))
        uvloop.install()
        # `print` would say "Running on"; `_announce` says more.
        web.run_app(app, sock=door, print=None, access_log=None, handle_signals=True, keepalive_timeout=IDLE)
    print("Stopped.")
    return 0


def _door(settings: Settings) -> socket.socket:
    """The port, taken but not open yet: while the model is trained, nobody shall wait for an answer."""
    door = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
    except OSError as error:
        raise PostboteError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another port: PORT=8081 make run"
        ) from error
    return door


def assemble(settings: Settings, clock: Clock = now, role: Role = Role.ALL) -> web.Application:
    """The application of the role, its model loaded, ready to be served."""
    configure(settings)
    version = asyncio.run(choose_version(settings, clock, tell, follows=role in {Role.GATEWAY, Role.WORKER}))
    services = build(settings, LiveDialogue.load(settings.models, version), clock, role=role)
    provide(services.accounts)
    app = create_app(services)
    if role in {Role.ALL, Role.DESK}:
        add_desk(app)
    return app


async def _announce(settings: Settings, services: Services, port: int) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    doors = services.role in {Role.ALL, Role.GATEWAY}
    if doors:
        print(f"Demo page  {address}/")
    if doors and settings.mailer == "demo":
        print(f"Mails      {address}/demo/mails")
    if services.role in {Role.ALL, Role.DESK}:
        await _announce_desk(services, address)
    if doors:
        print(f"REST API   {address}/webhooks/rest/webhook")
    print(f"Health     {address}/health/ready")
    print("Stop with Ctrl-C.", flush=True)


async def _announce_desk(services: Services, address: str) -> None:
    print(f"Desk       {address}/desk")
    if not await services.staff.agents.everyone():
        print("           Nobody can sign in yet. In another terminal:")
        # As it was called, so that one can copy it.
        print(f"           {sys.orig_argv[0]} -m bot desk add-agent you@example.de --name 'Your Name' --admin")

"""Serve: gateway, worker and delivery in one process, until Ctrl-C."""

import argparse
import asyncio
import sys

import uvloop
from aiohttp import web

from actions._wiring import provide
from bot.clock import now
from bot.desk.app import add_desk
from bot.dialogue.live import LiveDialogue
from bot.errors import PostboteError
from bot.gateway.app import create_app
from bot.log import configure, tell
from bot.settings import Settings, load_settings
from bot.versions import choose_version
from bot.wiring import Services, build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: see .env.example for the settings."""


def run(args: argparse.Namespace) -> int:
    """Train if needed, migrate, serve; returns after Ctrl-C or SIGTERM."""
    settings = load_settings()
    configure(settings)
    version = asyncio.run(choose_version(settings, now, tell))
    services = build(settings, LiveDialogue.load(settings.models, version))
    provide(services.accounts)
    app = create_app(services)
    add_desk(app)
    app.on_startup.append(lambda _: _announce(settings, services))
    uvloop.install()
    try:
        # `print` would say "Running on"; `_announce` says more.
        web.run_app(app, host=settings.host, port=settings.port, print=None, access_log=None, handle_signals=True)
    except OSError as error:
        raise PostboteError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another port: PORT=8081 make run"
        ) from error
    print("Stopped.")
    return 0


async def _announce(settings: Settings, services: Services) -> None:
    address = f"http://{settings.host}:{settings.port}"
    print(f"Demo page  {address}/")
    if settings.mailer == "demo":
        print(f"Mails      {address}/demo/mails")
    print(f"Desk       {address}/desk")
    if not await services.staff.agents.everyone():
        print("           Nobody can sign in yet. In another terminal:")
        # As it was called, so that one can copy it.
        print(f"           {sys.orig_argv[0]} -m bot desk add-agent you@example.de --name 'Your Name' --admin")
    print(f"REST API   {address}/webhooks/rest/webhook")
    print(f"Health     {address}/health/ready")
    print("Stop with Ctrl-C.", flush=True)

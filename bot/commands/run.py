"""Serve: gateway, worker and delivery in one process, until Ctrl-C."""

import argparse
import socket

import uvloop
from aiohttp import web

from actions._wiring import provide
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import ensure_model
from bot.errors import PostboteError
from bot.gateway.app import create_app
from bot.log import configure, tell
from bot.settings import Settings, load_settings
from bot.wiring import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: see .env.example for the settings."""


def run(args: argparse.Namespace) -> int:
    """Train if needed, migrate, serve; returns after Ctrl-C or SIGTERM."""
    settings = load_settings()
    configure(settings)
    model = ensure_model(settings.project, settings.models, settings.faq, report=tell)
    services = build(settings, RasaDialogue.load(model))
    provide(services.accounts)
    app = create_app(services)
    # Before anything is started: a second server that gets no port must not take the first one's turns.
    door = _listen(settings)
    app.on_startup.append(lambda _: _announce(settings, door.getsockname()[1]))
    uvloop.install()
    # `print` would say "Running on"; `_announce` says more.
    web.run_app(app, sock=door, print=None, access_log=None, handle_signals=True)
    print("Stopped.")
    return 0


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=128)
    except OSError as error:
        raise PostboteError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another port: PORT=8081 make run"
        ) from error


async def _announce(settings: Settings, port: int) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    print(f"Demo page  {address}/")
    if settings.mailer == "demo":
        print(f"Mails      {address}/demo/mails")
    print(f"REST API   {address}/webhooks/rest/webhook")
    print(f"Health     {address}/health/ready")
    print("Stop with Ctrl-C.", flush=True)

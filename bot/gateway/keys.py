"""What handlers find in the application, by typed keys."""

import asyncio

from aiohttp import web

from bot.limiter import Limiter
from bot.wiring import Services

SERVICES = web.AppKey("services", Services)
LIMITER = web.AppKey("limiter", Limiter)
POLLS = web.AppKey("polls", set[asyncio.Timeout])
"""Of the fetches that wait for a message."""
SOCKETS = web.AppKey("sockets", set[web.WebSocketResponse])

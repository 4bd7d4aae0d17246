"""What handlers find in the application, by typed keys."""

import asyncio
from collections import OrderedDict

from aiohttp import web

from bot.limiter import Limiter
from bot.wiring import Services

SERVICES = web.AppKey("services", Services)
LIMITER = web.AppKey("limiter", Limiter)
POLLS = web.AppKey("polls", set[asyncio.Timeout])
"""Of the fetches that wait for a message."""
SOCKETS = web.AppKey("sockets", set[web.WebSocketResponse])
NEWCOMERS = web.AppKey("newcomers", OrderedDict[str, None])
"""Senders over REST whose conversation there is; the last ones."""

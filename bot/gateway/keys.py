"""What handlers find in the application, by typed keys."""

from aiohttp import web
from limits import strategies

from bot.wiring import Services

SERVICES = web.AppKey("services", Services)
LIMITER = web.AppKey("limiter", strategies.RateLimiter)
SOCKETS = web.AppKey("sockets", set[web.WebSocketResponse])

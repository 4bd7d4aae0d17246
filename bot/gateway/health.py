"""Health for the operator's tools: is the process alive, can it work."""

import structlog
from aiohttp import web

from bot.gateway.keys import SERVICES
from bot.gateway.limits import unlimited

log = structlog.get_logger(stop="health")
routes = web.RouteTableDef()
WHY = "Orchestrators ask it every few seconds; if others' floods made it fail, they would kill a process that works."


@routes.get("/health/live")
@unlimited(WHY)
async def live(request: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


@routes.get("/health/ready")
@unlimited(WHY)
async def ready(request: web.Request) -> web.Response:
    """The process can take messages: each part that it needs, by name. The model is loaded before the door opens."""
    try:
        await request.app[SERVICES].database.ping()
    except Exception as error:  # noqa: BLE001 -- whatever the driver raises, the answer is "not ready"
        log.warning("not ready", database=str(getattr(error, "reason", error)))
        return web.json_response({"status": "unavailable", "database": "failed"}, status=503)
    return web.json_response({"status": "ok", "database": "ok", "model": "ok"})

"""What Prometheus reads, on the port of every role; and how long the doors take."""

import hmac
import time
from ipaddress import ip_address

from aiohttp import hdrs, web

from bot.gateway.errors import BadRequestError, Handler
from bot.gateway.keys import POLLS, SERVICES, SOCKETS
from bot.gateway.limits import limited
from bot.gateway.remote import address_of
from bot.gateway.rules import REQUESTS
from bot.meter import Stop
from bot.metrics import TYPE, Present

PATH = "/metrics"

routes = web.RouteTableDef()


@routes.get(PATH)
@limited(REQUESTS)
async def metrics(request: web.Request) -> web.Response:
    """Everything that is counted: for our own networks, or with a token."""
    if not (_has_token(request) or _is_near(request)):
        raise BadRequestError(
            403,
            "forbidden",
            "/metrics is for the networks of POSTBOTE_METRICS_FROM, or with the token of POSTBOTE_METRICS_TOKEN: "
            "Authorization: Bearer …",
        )
    services = request.app[SERVICES]
    present = Present(
        sockets=len(request.app[SOCKETS]),
        polls=len(request.app[POLLS]),
        model=services.dialogue.version,
        role=services.role,
    )
    return web.Response(body=await services.metrics.text(present), headers={hdrs.CONTENT_TYPE: TYPE})


@web.middleware
async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count answers; time those requests that bring something. Waiting for news is no work."""
    began = time.perf_counter()
    response = await handler(request)
    meter = request.app[SERVICES].metrics
    meter.requested(request.method if request.method in hdrs.METH_ALL else "other", response.status)
    if request.method == hdrs.METH_POST:
        meter.passed(Stop.DOOR, time.perf_counter() - began)
    return response


def _has_token(request: web.Request) -> bool:
    token = request.app[SERVICES].settings.metrics_token.get_secret_value()
    given = request.headers.get(hdrs.AUTHORIZATION, "")
    return bool(token) and hmac.compare_digest(given.encode(errors="surrogateescape"), f"Bearer {token}".encode())


def _is_near(request: web.Request) -> bool:
    """Who came by a proxy that we do not trust may come from anywhere, though the proxy is near."""
    address = address_of(request)
    if address == request.remote and any(name in request.headers for name in (hdrs.X_FORWARDED_FOR, hdrs.FORWARDED)):
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in request.app[SERVICES].settings.metrics_from)

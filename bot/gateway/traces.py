"""The doors as OpenTelemetry shows them: what brings something is a span, as long as its answer takes."""

from collections.abc import Sequence

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from bot.gateway.errors import Handler
from bot.gateway.keys import SERVICES
from bot.tracing import UNTRACED, Kind
from bot.wiring import Services


def middlewares(services: Services) -> Sequence[Middleware]:
    """None where nobody draws."""
    return () if services.tracer is UNTRACED else (trace,)


@web.middleware
async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
    """
    By its route, never by its path, which may hold ids that open a conversation.

    A trace begins here: what a caller says of one is not believed, or anybody could have all that they do recorded.
    """
    resource = request.match_info.route.resource
    if request.method != hdrs.METH_POST or resource is None:
        return await handler(request)
    about = {"http.request.method": request.method, "http.route": resource.canonical}
    with request.app[SERVICES].tracer.begin(f"{request.method} {resource.canonical}", Kind.SERVER, about) as span:
        response = await handler(request)
        span.tell({"http.response.status_code": response.status})
        if response.status >= 500:
            span.fail(str(response.status))
        return response

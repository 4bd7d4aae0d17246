"""Which sites may embed the widget: our own, and those that the settings name."""

from aiohttp import hdrs, web

from bot.gateway.errors import BadRequestError, Handler
from bot.gateway.keys import SERVICES

PUBLIC = "/channels/web/"
METHODS = "GET, POST"
HEADERS = "Authorization, Content-Type"


def is_allowed(request: web.Request, origin: str) -> bool:
    """Whether a page of this origin may speak to us."""
    return origin in {f"http://{request.host}", f"https://{request.host}"} or (
        origin in request.app[SERVICES].settings.allowed_origins
    )


def check_origin(request: web.Request) -> None:
    """For WebSockets, which browsers let any page open. Raises BadRequestError (403)."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and not is_allowed(request, origin):
        raise BadRequestError(403, "origin", f"{origin} may not embed this chat. Name it in POSTBOTE_ALLOWED_ORIGINS.")


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the browser what `is_allowed` says; https://fetch.spec.whatwg.org/#http-cors-protocol."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None or not request.path.startswith(PUBLIC) or not is_allowed(request, origin):
        return await handler(request)
    preflight = request.method == hdrs.METH_OPTIONS
    response = web.Response(status=204) if preflight else await handler(request)
    if not response.prepared:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.VARY] = hdrs.ORIGIN
        if preflight:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = METHODS
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = HEADERS
            response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = "600"
    return response

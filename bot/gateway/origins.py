"""
Which sites may embed the widget: our own, and those that the settings name.

No cookie goes with the widget's requests (its secret is in a header), so credentials are never allowed.
"""

from aiohttp import hdrs, web

from bot.gateway.errors import BadRequestError, Handler
from bot.gateway.keys import SERVICES

PUBLIC = "/channels/web/"
HEADERS = "Authorization, Content-Type"
EXPOSED = hdrs.RETRY_AFTER
PREFLIGHT_SECONDS = "600"


def is_allowed(request: web.Request, origin: str) -> bool:
    """Whether a page of this origin may speak to us."""
    return origin in {f"http://{request.host}", f"https://{request.host}"} or (
        origin in request.app[SERVICES].settings.allowed_origins
    )


def check_origin(request: web.Request) -> None:
    """Raises BadRequestError (403). Who sends no origin is no page, and lies to nobody's browser."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and not is_allowed(request, origin):
        raise BadRequestError(
            403, "origin", f"{origin[:200]} may not embed this chat. Name it in POSTBOTE_ALLOWED_ORIGINS."
        )


async def tell_browser(request: web.Request, response: web.StreamResponse) -> None:
    """To be called before the head of an answer leaves, be it an error."""
    if not request.path.startswith(PUBLIC):
        return
    # Also where none is sent: what a cache keeps of it would else be given to those who send one.
    response.headers.add(hdrs.VARY, hdrs.ORIGIN)
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and is_allowed(request, origin):
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = EXPOSED


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """
    Refuse pages of other sites, and answer what browsers ask before they send: https://fetch.spec.whatwg.org.

    A page could else make its visitors' browsers begin conversations, though it would not see the answers.
    """
    if not request.path.startswith(PUBLIC):
        return await handler(request)
    check_origin(request)
    fault = request.match_info.http_exception
    if not isinstance(fault, web.HTTPMethodNotAllowed) or not _is_preflight(request):
        return await handler(request)
    return web.Response(
        status=204,
        headers={
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: ", ".join(sorted(fault.allowed_methods)),
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: HEADERS,
            hdrs.ACCESS_CONTROL_MAX_AGE: PREFLIGHT_SECONDS,
        },
    )


def _is_preflight(request: web.Request) -> bool:
    wanted = (hdrs.ORIGIN, hdrs.ACCESS_CONTROL_REQUEST_METHOD)
    return request.method == hdrs.METH_OPTIONS and all(name in request.headers for name in wanted)

"""What a browser fetches: the widget, the demo page."""

from pathlib import Path

from aiohttp import hdrs, web

from bot.gateway.errors import Handler
from bot.gateway.limits import add_folder, limited
from bot.gateway.rules import REQUESTS

WEB = Path(__file__).parent.parent.parent / "web"
# No inline scripts or styles anywhere; the widget styles itself by constructable style sheets.
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}

routes = web.RouteTableDef()


@routes.get("/")
@limited(REQUESTS)
async def demo(request: web.Request) -> web.FileResponse:
    """A page of a fictitious hoster with the widget on it."""
    return web.FileResponse(WEB / "demo" / "index.html")


@routes.get("/widget.js")
@limited(REQUESTS)
async def widget(request: web.Request) -> web.FileResponse:
    """The one file that a host page names."""
    # Other sites load it as a module, which browsers fetch with CORS.
    return web.FileResponse(WEB / "widget" / "widget.js", headers={hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*"})


def add_files(app: web.Application) -> None:
    """The files beside them."""
    add_folder(app, "/widget", WEB / "widget")
    add_folder(app, "/demo", WEB / "demo")


@web.middleware
async def secure(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on everything; pages are asked for again each time, which an ETag makes cheap."""
    response = await handler(request)
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if isinstance(response, web.FileResponse):
            response.headers.setdefault(hdrs.CACHE_CONTROL, "no-cache")
            if request.path.startswith("/widget/"):
                response.headers.setdefault(hdrs.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        else:
            response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    return response

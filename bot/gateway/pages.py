"""What a browser fetches: the widget, the demo page."""

from pathlib import Path

from aiohttp import web

from bot.gateway.headers import CSP, page_policy
from bot.gateway.keys import SERVICES
from bot.gateway.limits import add_folder, limited
from bot.gateway.rules import REQUESTS

WEB = Path(__file__).parent.parent.parent / "web"

routes = web.RouteTableDef()


@routes.get("/")
@limited(REQUESTS)
async def demo(request: web.Request) -> web.FileResponse:
    """A page of a fictitious hoster with the widget on it."""
    return show(request, "index.html")


@routes.get("/demo/mails")
@limited(REQUESTS)
async def mails(request: web.Request) -> web.FileResponse:
    """The demo's mails, for looking at."""
    return show(request, "mails.html")


@routes.get("/widget.js")
@limited(REQUESTS)
async def widget(request: web.Request) -> web.FileResponse:
    """The one file that a host page names."""
    return web.FileResponse(WEB / "widget" / "widget.js")


def show(request: web.Request, name: str) -> web.FileResponse:
    """A page of the demo; the hoster says who may frame it."""
    ancestors = request.app[SERVICES].settings.frame_ancestors
    return web.FileResponse(WEB / "demo" / name, headers={CSP: page_policy("'self'", *ancestors)})


def add_files(app: web.Application) -> None:
    """The files beside them."""
    add_folder(app, "/widget", WEB / "widget")
    add_folder(app, "/demo", WEB / "demo")

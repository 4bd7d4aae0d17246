"""The desk's pages: one file for all, a shell that holds no data. What it shows it asks for, with a session."""

from aiohttp import web

from bot.desk.routes import DeskRoutes
from bot.gateway.headers import CSP, page_policy
from bot.gateway.limits import add_folder, limited
from bot.gateway.pages import WEB
from bot.gateway.rules import REQUESTS

FOLDER = WEB / "desk"
STATIC = "/desk/static"
HEADERS = {
    # Nobody frames the desk: a click on it is an act.
    CSP: page_policy(),
    # Addresses name conversations.
    "Referrer-Policy": "same-origin",
}

routes = DeskRoutes()


@routes.get("/desk", role=None)
@routes.get("/desk/figures", role=None)
@routes.get("/desk/search", role=None)
@routes.get("/desk/learning", role=None)
@routes.get("/desk/admin", role=None)
@routes.get("/desk/sign-in", role=None)
@limited(REQUESTS)
async def page(request: web.Request) -> web.FileResponse:
    """The page shows the view of its path."""
    return web.FileResponse(FOLDER / "index.html", headers=HEADERS)


@routes.get("/desk/", role=None)
@limited(REQUESTS)
async def slash(request: web.Request) -> web.Response:
    """As people type it."""
    raise web.HTTPMovedPermanently("/desk")


def add_files(app: web.Application) -> None:
    """Scripts and styles."""
    add_folder(app, STATIC, FOLDER)

"""Put the desk's door into the application. The gateway knows nothing of it."""

from aiohttp import web

from bot.desk import accounts, audit, canned, me, oidc, pages, sign_in
from bot.desk.routes import DECLARED


def add_desk(app: web.Application) -> None:
    """Register every route of the desk; call it once, after `bot.gateway.app.create_app`."""
    app[DECLARED] = {}
    for part in (
        pages,
        sign_in,
        oidc,
        me,
        accounts,
        audit,
        canned,
    ):
        part.routes.add_to(app)
    pages.add_files(app)

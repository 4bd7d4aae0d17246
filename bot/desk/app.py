"""Put the desk's door into the application. The gateway knows nothing of it."""

from aiohttp import web

from bot.desk import (
    accounts,
    attachments,
    audit,
    canned,
    cases,
    customer,
    dead_letters,
    figures,
    learning,
    live,
    me,
    oidc,
    openapi,
    pages,
    search,
    sign_in,
    transcripts,
)
from bot.desk.routes import DECLARED


def add_desk(app: web.Application) -> None:
    """Register every route of the desk; call it once, after `bot.gateway.app.create_app`."""
    app[DECLARED] = {}
    for part in (
        pages,
        sign_in,
        oidc,
        openapi,
        me,
        cases,
        customer,
        live,
        accounts,
        audit,
        canned,
        search,
        figures,
        transcripts,
        attachments,
        dead_letters,
        learning,
    ):
        part.routes.add_to(app)
    pages.add_files(app)

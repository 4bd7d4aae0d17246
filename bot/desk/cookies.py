"""The session's cookie: set when somebody signs in, removed when they sign out."""

from datetime import timedelta

from aiohttp import hdrs, web

from bot.desk.guard import COOKIE, SESSION
from bot.gateway.errors import BadRequestError
from bot.gateway.keys import SERVICES
from bot.gateway.remote import is_secure
from bot.staff.model import Agent

PATH = "/desk"


async def begin_session(request: web.Request, agent: Agent) -> str:
    """A new one, in the place of the one that the browser had; the request goes on in it. Returns the cookie."""
    staff = request.app[SERVICES].staff
    if before := request.cookies.get(COOKIE):
        await staff.sessions.end(before)
    cookie = await staff.sessions.begin(agent.id)
    session = await staff.sessions.find(cookie)
    if session is None:
        raise BadRequestError(401, "not_signed_in", "The account was deactivated in this moment. Ask an admin.")
    request[SESSION] = session
    return cookie


def set_cookie(request: web.Request, response: web.StreamResponse, cookie: str) -> None:
    """Not readable by scripts, not sent along by other sites' requests, only to the desk."""
    lifetime = timedelta(hours=request.app[SERVICES].settings.desk_session_hours)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(lifetime.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=needs_tls(request),
    )


def needs_tls(request: web.Request) -> bool:
    """Whether a cookie is to go back by TLS only. Whoever lies here in a header keeps away their own cookie alone."""
    return is_secure(request) or request.headers.get(hdrs.X_FORWARDED_PROTO) == "https"

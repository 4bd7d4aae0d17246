"""Who calls: session, CSRF token, origin and role are checked here, for every route of the desk."""

import hmac

from aiohttp import hdrs, web

from bot.gateway.errors import BadRequestError
from bot.gateway.keys import SERVICES
from bot.staff.model import Agent, Role, Session

COOKIE = "postbote_desk"
CSRF_HEADER = "X-CSRF-Token"
SESSION = web.RequestKey("session", Session)


def session_of(request: web.Request) -> Session:
    """The session that the guard let in."""
    return request[SESSION]


def agent_of(request: web.Request) -> Agent:
    """The agent that is signed in."""
    return request[SESSION].agent


async def is_signed_in(request: web.Request, *, use: bool) -> bool:
    """
    Whether the session still holds, which a WebSocket must ask now and then.

    `use`: the agent did something, so that the session's time without a sign of life begins anew.
    """
    return await _find_session(request, use=use) is not None


async def get_session(request: web.Request) -> Session:
    """Keeps it in the request. Raises BadRequestError (401)."""
    session = await _find_session(request)
    if session is None:
        raise BadRequestError(401, "not_signed_in", "You are not signed in, or no longer. Sign in: /desk/sign-in")
    request[SESSION] = session
    return session


async def _find_session(request: web.Request, *, use: bool = True) -> Session | None:
    cookie = request.cookies.get(COOKIE)
    return await request.app[SERVICES].staff.sessions.find(cookie, use=use) if cookie else None


def check_csrf(request: web.Request, session: Session) -> None:
    """Raises BadRequestError (403) when a page that is not ours may have sent the request."""
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), session.csrf.encode()):
        raise BadRequestError(403, "csrf", f"Send the token of GET /desk/api/me as {CSRF_HEADER}.")


def check_own_origin(request: web.Request, *, required: bool) -> None:
    """Raises BadRequestError (403). Sites that may embed the widget are not let in here."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None and not required:
        return
    if origin not in {f"http://{request.host}", f"https://{request.host}"}:
        raise BadRequestError(403, "origin", f"A page of {origin} may not do this. Use the desk's own: /desk")


def check_role(session: Session, needed: Role) -> None:
    """Raises BadRequestError (403)."""
    if not session.agent.role.covers(needed):
        raise BadRequestError(
            403, "role", f"This is for the role {needed}; you are {session.agent.role}. Ask an admin."
        )

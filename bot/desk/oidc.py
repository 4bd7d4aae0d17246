"""Sign in at the hoster's OpenID Connect provider: there, and back."""

import structlog
from aiohttp import web

from bot.desk.acts import record
from bot.desk.cookies import begin_session, needs_tls, set_cookie
from bot.desk.routes import DeskRoutes
from bot.desk.rules import FOREIGN_SIGN_INS
from bot.gateway.errors import BadRequestError
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check_address, limited
from bot.gateway.remote import is_secure
from bot.gateway.rules import REQUESTS
from bot.staff.errors import IdentityError, NotInvitedError
from bot.staff.foreign import PATIENCE, ForeignSignIn

PATH = "/desk/oidc"
CALLBACK = f"{PATH}/callback"
COOKIE = "postbote_desk_oidc"

routes = DeskRoutes()
log = structlog.get_logger(stop="desk")


@routes.get(f"{PATH}/start", role=None)
@limited(REQUESTS, FOREIGN_SIGN_INS)
async def start(request: web.Request) -> web.Response:
    """Off to the provider."""
    foreign = await _get_foreign(request)
    try:
        url, sealed = await foreign.begin(_own_address(request) + CALLBACK)
    except IdentityError as error:
        return await _back(request, error)
    response = _redirect(url)
    response.set_cookie(
        COOKIE, sealed, max_age=PATIENCE, path=PATH, httponly=True, samesite="Lax", secure=needs_tls(request)
    )
    return response


@routes.get(CALLBACK, role=None)
@limited(REQUESTS, FOREIGN_SIGN_INS)
async def finish(request: web.Request) -> web.Response:
    """Back from the provider; a new session, or the sign-in page with the reason."""
    foreign, staff = await _get_foreign(request), request.app[SERVICES].staff
    try:
        agent = await foreign.finish(request.cookies.get(COOKIE, ""), request.query)
    except (IdentityError, NotInvitedError) as error:
        return await _back(request, error)
    await staff.agents.change(agent.id, seen_at=staff.clock())
    cookie = await begin_session(request, agent)
    await record(request, "sign_in", subject="OpenID Connect")
    response = _redirect("/desk")
    response.del_cookie(COOKIE, path=PATH)
    set_cookie(request, response, cookie)
    return response


async def _get_foreign(request: web.Request) -> ForeignSignIn:
    foreign = request.app[SERVICES].staff.foreign
    if foreign is None:
        raise BadRequestError(404, "not_found", "No OpenID Connect provider is set: POSTBOTE_DESK_OIDC_ISSUER.")
    await check_address(request, FOREIGN_SIGN_INS)
    return foreign


async def _back(request: web.Request, error: IdentityError | NotInvitedError) -> web.Response:
    """To the sign-in page. Who it was is for the audit log, what is wrong with the provider for the log."""
    if isinstance(error, NotInvitedError):
        await record(request, "sign_in_refused", subject=str(error))
    else:
        log.warning("sign-in failed", code=error.code, error=str(error))
        await record(request, "sign_in_refused", subject=f"OpenID Connect: {error.code}")
    response = _redirect(f"/desk/sign-in?error={error.code}")
    response.del_cookie(COOKIE, path=PATH)
    return response


def _redirect(location: str) -> web.Response:
    return web.Response(status=302, headers={"Location": location})


def _own_address(request: web.Request) -> str:
    return f"{'https' if is_secure(request) else 'http'}://{request.host}"

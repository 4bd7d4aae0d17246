"""Sign in by login and password, and out."""

from aiohttp import web
from limits import RateLimitItemPerMinute
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.acts import record
from bot.desk.cookies import PATH, begin_session, set_cookie
from bot.desk.guard import COOKIE, agent_of
from bot.desk.me import me
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import LIMITER, SERVICES
from bot.gateway.remote import address_of
from bot.staff.errors import LockedError, WrongPasswordError
from bot.staff.logins import spell
from bot.staff.model import LOCK, Agent, Role

LOCK_MINUTES = int(LOCK.total_seconds() / 60)

routes = DeskRoutes()


class Credentials(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True, extra="forbid")

    login: str = Field(max_length=255)
    password: str = Field(max_length=1024)


@routes.get("/desk/api/sign-in", role=None)
async def ways(request: web.Request) -> web.Response:
    """How one can sign in, for the page that asks."""
    services = request.app[SERVICES]
    settings = services.settings
    name = settings.desk_oidc_name if services.staff.foreign else None
    return answer({"password": settings.desk_passwords, "oidc": name, "language": settings.desk_language})


@routes.post("/desk/api/session", role=None)
async def begin(request: web.Request) -> web.Response:
    """The same answer, after the same time, whether or not there is such an account."""
    if not request.app[SERVICES].settings.desk_passwords:
        raise BadRequestError(403, "no_passwords", "One signs in by OpenID Connect here: /desk/oidc/start")
    given = await body.read(request, Credentials)
    try:
        agent = await _check(request, given)
    except WrongPasswordError:
        await record(request, "sign_in_refused", subject=await _known(request, given.login))
        raise
    response = await enter(request, agent)
    await record(request, "sign_in", subject="password")
    return response


@routes.delete("/desk/api/session", role=Role.AGENT)
async def end(request: web.Request) -> web.Response:
    """Out of this browser."""
    staff = request.app[SERVICES].staff
    await record(request, "sign_out")
    await staff.sessions.end(request.cookies[COOKIE])
    await staff.agents.change(agent_of(request).id, seen_at=None)
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path=PATH)
    return response


async def enter(request: web.Request, agent: Agent) -> web.Response:
    """Who one is, with the cookie of a new session."""
    staff = request.app[SERVICES].staff
    agent = await staff.agents.change(agent.id, seen_at=staff.clock())
    cookie = await begin_session(request, agent)
    response = answer(await me(request))
    set_cookie(request, response, cookie)
    return response


async def _check(request: web.Request, given: Credentials) -> Agent:
    services, limiter = request.app[SERVICES], request.app[LIMITER]
    limit = RateLimitItemPerMinute(services.settings.desk_wrong_passwords, LOCK_MINUTES)
    key = ("desk-sign-in", address_of(request))
    # Counted first, so that many at the same moment are not all looked at; who gets in had none wrong.
    if not limiter.hit(limit, *key):
        raise LockedError(services.staff.clock() + LOCK)
    agent = await services.staff.sign_in.check(given.login, given.password)
    limiter.clear(limit, *key)
    return agent


async def _known(request: web.Request, login: str) -> str | None:
    """The login, if an account has it: people type passwords into the wrong field."""
    agent = await request.app[SERVICES].staff.agents.find(spell(login))
    return agent.login if agent else None

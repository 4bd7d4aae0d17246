"""Sign in by login and password, and out."""

from datetime import timedelta

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.acts import record
from bot.desk.cookies import PATH, begin_session, set_cookie
from bot.desk.guard import COOKIE, agent_of
from bot.desk.me import me
from bot.desk.routes import DeskRoutes
from bot.desk.rules import SIGN_INS
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import LIMITER, SERVICES
from bot.gateway.limits import limit_of, limited
from bot.gateway.remote import network_of
from bot.gateway.rules import BYTES, REQUESTS
from bot.limiter import Hit
from bot.staff.errors import LockedError, WrongPasswordError
from bot.staff.logins import spell
from bot.staff.model import Agent, Role

routes = DeskRoutes()


class Credentials(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True, extra="forbid")

    login: str = Field(max_length=255)
    password: str = Field(max_length=1024)


@routes.get("/desk/api/sign-in", role=None)
@limited(REQUESTS)
async def ways(request: web.Request) -> web.Response:
    """How one can sign in, for the page that asks."""
    services = request.app[SERVICES]
    settings = services.settings
    name = settings.desk_oidc_name if services.staff.foreign else None
    return answer({"password": settings.desk_passwords, "oidc": name, "language": settings.desk_language})


@routes.post("/desk/api/session", role=None)
@limited(REQUESTS, BYTES, SIGN_INS)
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
    limit, address = limit_of(request.app, SIGN_INS), network_of(request)
    # Counted first, so that many at the same moment are not all looked at; who gets in had none wrong.
    if refusal := await limiter.hit(Hit(limit, address)):
        raise LockedError(services.staff.clock() + timedelta(seconds=refusal.wait))
    agent = await services.staff.sign_in.check(given.login, given.password)
    await limiter.clear(limit, address)
    return agent


async def _known(request: web.Request, login: str) -> str | None:
    """The login, if an account has it: people type passwords into the wrong field."""
    agent = await request.app[SERVICES].staff.agents.find(spell(login))
    return agent.login if agent else None

"""Accounts of the desk, for admins."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.acts import record
from bot.desk.render import render_agents
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.staff.model import DEFAULT_SEATS, Agent, NewAgent, Role
from bot.staff.ports import Changes

routes = DeskRoutes()


class Account(BaseModel):
    """A new one."""

    # Not strict: JSON has no roles and no tuples.
    model_config = ConfigDict(extra="forbid")

    login: str
    name: str
    role: Role = Role.AGENT
    groups: tuple[str, ...] = ()
    seats: int = Field(DEFAULT_SEATS, strict=True)
    active: bool = Field(True, strict=True)
    password: str | None = None
    """None: signs in by OpenID Connect only."""


class AccountChanges(BaseModel):
    """What is missing stays as it is."""

    model_config = ConfigDict(extra="forbid")

    login: str | None = None
    name: str | None = None
    role: Role | None = None
    groups: tuple[str, ...] | None = None
    seats: int | None = Field(None, strict=True)
    active: bool | None = Field(None, strict=True)
    password: str | None = None


@routes.get("/desk/api/agents", role=Role.ADMIN)
async def everyone(request: web.Request) -> web.Response:
    """Those that are not active as well."""
    agents = await request.app[SERVICES].staff.agents.everyone()
    return answer({"agents": await render_agents(request, list(agents))})


@routes.post("/desk/api/agents", role=Role.ADMIN)
async def add(request: web.Request) -> web.Response:
    """A new colleague."""
    wanted = await body.read(request, Account)
    services = request.app[SERVICES]
    new = NewAgent(language=services.settings.desk_language, **wanted.model_dump(exclude={"password"}))
    agent = await services.staff.accounts.add(new, wanted.password)
    await record(request, "add_agent", subject=agent.login)
    return await _one(request, agent, 201)


@routes.put("/desk/api/agents/{id}", role=Role.ADMIN)
async def change(request: web.Request) -> web.Response:
    """Who is deactivated, or gets a new password, is signed out at once."""
    wanted = await body.read(request, AccountChanges)
    given = wanted.model_dump(exclude_none=True)
    changes = Changes(**{name: value for name, value in given.items() if name != "password"})  # type: ignore[typeddict-item]  # the same fields
    agent = await request.app[SERVICES].staff.accounts.change(number_of(request), wanted.password, **changes)
    await record(request, "change_agent", subject=f"{agent.login}: {', '.join(sorted(given))}")
    return await _one(request, agent)


def number_of(request: web.Request) -> int:
    """The {id} of the path. Raises BadRequestError (404) where it is no number."""
    text = request.match_info["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadRequestError(404, "not_found", f"There is nothing with the number {text[:50]!r}.")
    return int(text)


async def _one(request: web.Request, agent: Agent, status: int = 200) -> web.Response:
    (rendered,) = await render_agents(request, [agent])
    return answer(rendered, status)

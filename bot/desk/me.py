"""Who one is, and what one may change of it."""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.acts import record
from bot.desk.cookies import begin_session, set_cookie
from bot.desk.guard import agent_of, session_of
from bot.desk.render import render_agents
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.staff.errors import WrongPasswordError
from bot.staff.model import Language, Role
from bot.staff.ports import Changes

routes = DeskRoutes()


class NewPassword(BaseModel):
    """With the old one: a browser that was left open is not enough."""

    model_config = ConfigDict(strict=True, extra="forbid")

    old: str = Field(max_length=1024)
    new: str = Field(max_length=1024)


class MyChanges(BaseModel):
    """What an agent may change of their own account."""

    model_config = ConfigDict(strict=True, extra="forbid")

    paused: bool | None = None
    language: Language | None = None
    password: NewPassword | None = None


@routes.get("/desk/api/me", role=Role.AGENT)
async def show(request: web.Request) -> web.Response:
    """The agent, the token for what changes something, and whom to transfer to."""
    return answer(await me(request))


@routes.put("/desk/api/me", role=Role.AGENT)
async def change(request: web.Request) -> web.Response:
    """A new password signs out everywhere; here a new session begins, with another CSRF token."""
    wanted = await body.read(request, MyChanges)
    staff, agent = request.app[SERVICES].staff, agent_of(request)
    if wanted.password:
        await _change_password(request, wanted.password)
    await staff.agents.change(agent.id, **_changes(wanted))
    if wanted.paused is not None:
        await record(request, "pause" if wanted.paused else "resume")
    cookie = await begin_session(request, agent) if wanted.password else None
    response = answer(await me(request))
    if cookie:
        set_cookie(request, response, cookie)
    return response


async def me(request: web.Request) -> dict[str, Any]:
    """`me` of the protocol."""
    services = request.app[SERVICES]
    everyone = [agent for agent in await services.staff.agents.everyone() if agent.active]
    myself = await services.staff.agents.get(agent_of(request).id)
    rendered = await render_agents(request, [myself, *(agent for agent in everyone if agent.id != myself.id)])
    return {
        "agent": rendered[0],
        "csrf": session_of(request).csrf,
        "groups": sorted({group for agent in everyone for group in agent.groups}),
        "colleagues": rendered[1:],
        "closing_reasons": list(services.settings.desk_closing_reasons),
    }


async def _change_password(request: web.Request, wanted: NewPassword) -> None:
    agent = agent_of(request)
    try:
        await request.app[SERVICES].staff.sign_in.change_password(agent, wanted.old, wanted.new)
    except WrongPasswordError as error:
        # Not 401: the session holds.
        raise BadRequestError(422, error.code, "The old password is not right. Nothing was changed.") from error
    await record(request, "change_password", subject=agent.login)


def _changes(wanted: MyChanges) -> Changes:
    changes = Changes()
    if wanted.paused is not None:
        changes["paused"] = wanted.paused
    if wanted.language is not None:
        changes["language"] = wanted.language
    return changes

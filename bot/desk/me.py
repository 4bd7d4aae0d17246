"""Who one is."""

from typing import Any

from aiohttp import web

from bot.desk.guard import agent_of, session_of
from bot.desk.render import render_agents
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import answer
from bot.gateway.keys import SERVICES
from bot.staff.model import Role

routes = DeskRoutes()


@routes.get("/desk/api/me", role=Role.AGENT)
async def show(request: web.Request) -> web.Response:
    """The agent, the token for what changes something, and whom to transfer to."""
    return answer(await _me(request))


async def _me(request: web.Request) -> dict[str, Any]:
    services = request.app[SERVICES]
    everyone = [agent for agent in await services.staff.agents.everyone() if agent.active]
    me = agent_of(request)
    rendered = await render_agents(request, [me, *(agent for agent in everyone if agent.id != me.id)])
    return {
        "agent": rendered[0],
        "csrf": session_of(request).csrf,
        "groups": sorted({group for agent in everyone for group in agent.groups}),
        "colleagues": rendered[1:],
        "closing_reasons": list(services.settings.desk_closing_reasons),
    }

"""Agents as the desk's pages get them; see docs/desk-protocol.md."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.gateway.keys import SERVICES
from bot.staff.model import Agent


async def render_agents(request: web.Request, agents: list[Agent]) -> list[dict[str, Any]]:
    """With what each holds at this moment."""
    holding = await request.app[SERVICES].staff.agents.holding()
    return [render_agent(agent, holding, request.app[SERVICES].staff.clock()) for agent in agents]


def render_agent(agent: Agent, holding: Mapping[int, int], at: datetime) -> dict[str, Any]:
    """`agent` of the protocol."""
    return {
        "id": agent.id,
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "groups": list(agent.groups),
        "seats": agent.seats,
        "language": agent.language,
        "active": agent.active,
        "presence": agent.presence(at),
        "holding": holding.get(agent.id, 0),
    }

"""Canned replies: all agents use them, and all agents write them."""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.accounts import number_of
from bot.desk.acts import record
from bot.desk.guard import agent_of
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import answer
from bot.gateway.keys import SERVICES
from bot.staff.canned import PLACEHOLDERS, CannedReply, check_placeholders
from bot.staff.model import Role

routes = DeskRoutes()


class Reply(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True, extra="forbid", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1, max_length=4000)


@routes.get("/desk/api/canned", role=Role.AGENT)
async def everything(request: web.Request) -> web.Response:
    """By title, and what may stand in braces."""
    replies = await request.app[SERVICES].staff.canned.everything()
    return answer({"canned": [_render(reply) for reply in replies], "placeholders": list(PLACEHOLDERS)})


@routes.post("/desk/api/canned", role=Role.AGENT)
async def add(request: web.Request) -> web.Response:
    """A new one."""
    wanted = await _read(request)
    reply = await request.app[SERVICES].staff.canned.add(wanted.title, wanted.text, agent_of(request).id)
    await record(request, "add_canned", subject=reply.title)
    return answer(_render(reply), 201)


@routes.put("/desk/api/canned/{id}", role=Role.AGENT)
async def change(request: web.Request) -> web.Response:
    """Title and text."""
    wanted, number = await _read(request), number_of(request)
    reply = await request.app[SERVICES].staff.canned.change(number, wanted.title, wanted.text, agent_of(request).id)
    await record(request, "change_canned", subject=reply.title)
    return answer(_render(reply))


@routes.delete("/desk/api/canned/{id}", role=Role.AGENT)
async def remove(request: web.Request) -> web.Response:
    """For everybody."""
    reply = await request.app[SERVICES].staff.canned.remove(number_of(request))
    await record(request, "remove_canned", subject=reply.title)
    return web.Response(status=204)


async def _read(request: web.Request) -> Reply:
    wanted = await body.read(request, Reply)
    check_placeholders(wanted.text)
    return wanted


def _render(reply: CannedReply) -> dict[str, Any]:
    return {
        "id": reply.id,
        "title": reply.title,
        "text": reply.text,
        "agent": {"id": reply.agent[0], "name": reply.agent[1]} if reply.agent else None,
        "updated_at": reply.updated_at.isoformat(),
    }

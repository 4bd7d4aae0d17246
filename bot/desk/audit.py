"""The audit log, for admins to read."""

from typing import Any

from aiohttp import web

from bot.desk import query
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import answer
from bot.gateway.keys import SERVICES
from bot.staff.audit import Entry
from bot.staff.model import Role

routes = DeskRoutes()


@routes.get("/desk/api/audit", role=Role.ADMIN)
async def page(request: web.Request) -> web.Response:
    """Newest first."""
    entries, more = await request.app[SERVICES].staff.audit.page(query.page(request))
    return answer({"entries": [_render(entry) for entry in entries], "more": more})


def _render(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "agent": {"id": entry.agent[0], "name": entry.agent[1]} if entry.agent else None,
        "action": entry.action,
        "conversation": entry.conversation,
        "subject": entry.subject,
        "source": entry.source,
    }

"""A whole conversation as a file."""

from datetime import date

from aiohttp import hdrs, web

from bot.desk import show
from bot.desk.acts import record
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import answer
from bot.gateway.keys import SERVICES
from bot.staff.model import Role

EVERYTHING = 10**6
"""Messages; no conversation has so many."""

routes = DeskRoutes()


@routes.get("/desk/api/conversations/{id}/transcript.json", role=Role.AGENT)
async def as_json(request: web.Request) -> web.Response:
    """All that the desk knows of it, notes as well."""
    services, key = request.app[SERVICES], request.match_info["id"]
    case = await services.cases.case(key)
    await record(request, "export", conversation=key, subject="json")
    response = answer(
        {
            "case": show.case(case),
            "messages": [
                show.line(line, services.dialogue.title) for line in await services.transcripts.last(key, EVERYTHING)
            ],
            "notes": [show.note(note) for note in await services.transcripts.notes(key)],
        }
    )
    response.headers.update(_download(key, services.accounts.now().date(), "json"))
    return response


def _download(conversation: str, day: date, kind: str) -> dict[str, str]:
    return {hdrs.CONTENT_DISPOSITION: f'attachment; filename="conversation-{conversation[:8]}-{day}.{kind}"'}

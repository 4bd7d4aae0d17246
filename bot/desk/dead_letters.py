"""What could not be brought to where it belongs, and another try."""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.desk import show
from bot.desk.acts import record
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import answer
from bot.gateway.keys import SERVICES
from bot.insight.dead_letters import DeadLetter, Kind
from bot.staff.model import Role

MOST = 200

routes = DeskRoutes()


class Retry(BaseModel):
    """Which one; `kind` is the name of its list."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    id: str = Field(min_length=1, max_length=64)


@routes.get("/desk/api/dead-letters", role=Role.AGENT)
async def newest(request: web.Request) -> web.Response:
    """Of each kind, the newest first."""
    await record(request, "dead_letters")
    letters = await request.app[SERVICES].dead_letters.newest(MOST)
    return answer({kind: [_render(letter) for letter in found] for kind, found in letters.items()})


@routes.post("/desk/api/dead-letters/retry", role=Role.AGENT)
async def retry(request: web.Request) -> web.Response:
    """Send it on its way again."""
    wanted = await body.read(request, Retry)
    await request.app[SERVICES].dead_letters.retry(wanted.kind, wanted.id)
    await record(request, "retry_letter", subject=f"{wanted.kind} {wanted.id}")
    return answer({})


def _render(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "what": letter.what,
        "error": letter.error,
        "at": show.moment(letter.at),
        "attempts": letter.attempts,
        "conversation": letter.conversation,
        "can_retry": letter.can_retry,
    }

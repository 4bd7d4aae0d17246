"""Find conversations."""

import re
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.desk import query, show
from bot.desk.acts import record
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.insight.days import begin_of
from bot.insight.model import Criteria, Hit
from bot.staff.model import Role
from bot.wiring import Services

PAGE = 20
LONGEST = 200
LONGEST_CHANNEL = 32
MOST_WORDS = 10
WORDS = re.compile(r'"([^"]+)"|(\S+)')
"""What stands in quotes is one word."""

routes = DeskRoutes()


@routes.get("/desk/api/search", role=Role.AGENT)
async def search(request: web.Request) -> web.Response:
    """A page of those that fit, with a few words around the hit."""
    services = request.app[SERVICES]
    criteria = _criteria(request)
    number = query.page(request)
    # Words are what customers said, or secrets that somebody looks for; they are not for the log.
    await record(request, "search", subject=criteria.mailbox or criteria.ticket)
    found = await services.search.find(criteria, (number - 1) * PAGE, PAGE)
    return answer({"found": found.total, "cases": [await _show(services, hit) for hit in found.hits]})


def _criteria(request: web.Request) -> Criteria:
    zone = request.app[SERVICES].accounts.zone
    first, last = query.day(request, "from"), query.day(request, "to")
    return Criteria(
        words=_words(request),
        mailbox=query.text(request, "mailbox", LONGEST),
        ticket=query.text(request, "ticket", LONGEST),
        channel=query.text(request, "channel", LONGEST_CHANNEL),
        begin=begin_of(first, zone) if first else None,
        end=begin_of(last + timedelta(days=1), zone) if last else None,
    )


def _words(request: web.Request) -> tuple[str, ...]:
    given = query.text(request, "q", LONGEST) or ""
    words = tuple(quoted or plain for quoted, plain in WORDS.findall(given))
    if len(words) > MOST_WORDS:
        raise BadRequestError(422, "invalid", f"q: at most {MOST_WORDS} words.")
    return words


async def _show(services: Services, hit: Hit) -> dict[str, Any]:
    return show.case(await services.cases.case(hit.conversation)) | {"excerpt": hit.excerpt}

"""Lists, conversations, and what an agent does with one."""

from datetime import timedelta
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.desk import show
from bot.desk.acts import record
from bot.desk.guard import agent_of
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.handoff.errors import UnknownReceiverError
from bot.handoff.model import Person
from bot.staff.model import Agent, Role

ACTIVE = timedelta(days=1)
MOST_ACTIVE = 200
MOST_LINES = 200

routes = DeskRoutes()


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class NewMessage(_Body):
    """What the agent writes."""

    id: str = Field(min_length=1, max_length=64)
    text: str


class NewNote(_Body):
    """What is for colleagues only."""

    text: str


class Transfer(_Body):
    """To whom: a colleague, or a group."""

    agent: body.Number | None = None
    group: str | None = Field(None, min_length=1, max_length=64)

    @model_validator(mode="after")
    def _one(self) -> "Transfer":
        if (self.agent is None) == (self.group is None):
            raise ValueError("name an agent or a group")
        return self


class Close(_Body):
    """Why."""

    reason: str


class Retry(_Body):
    """Which message."""

    seq: body.Number


def person_of(request: web.Request) -> Person:
    """The agent who calls."""
    agent: Agent = agent_of(request)
    return Person(agent.id, agent.name)


async def read_lists(request: web.Request) -> dict[str, Any]:
    """`lists` of the protocol, for the agent who calls."""
    services = request.app[SERVICES]
    now = services.staff.clock()
    return {
        "queue": [show.case(one) for one in await services.cases.waiting()],
        "mine": [show.case(one) for one in await services.cases.held_by(agent_of(request).id)],
        "open": [show.case(one) for one in await services.cases.active(now - ACTIVE, MOST_ACTIVE)],
    }


@routes.get("/desk/api/lists", role=Role.AGENT)
async def lists(request: web.Request) -> web.Response:
    """The queue, one's own, and all that are open."""
    return answer(await read_lists(request))


@routes.get("/desk/api/conversations/{id}", role=Role.AGENT)
async def conversation(request: web.Request) -> web.Response:
    """The last lines of one, and its notes; written into the audit log."""
    services, key = request.app[SERVICES], request.match_info["id"]
    case = await services.cases.case(key)
    lines = await services.transcripts.last(key, MOST_LINES + 1, _before(request))
    await record(request, "read", conversation=key)
    return answer(
        {
            "case": show.case(case),
            "messages": [show.line(line, services.dialogue.title) for line in lines[-MOST_LINES:]],
            "notes": [show.note(one) for one in await services.transcripts.notes(key)],
            "more": len(lines) > MOST_LINES,
        }
    )


def _before(request: web.Request) -> int | None:
    value = request.query.get("before")
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:
        raise BadRequestError(422, "invalid", f"before: the number of a message, not {value[:50]!r}.")
    return int(value)


@routes.post("/desk/api/conversations/{id}/claim", role=Role.AGENT)
async def claim(request: web.Request) -> web.Response:
    """Take this one."""
    services, key = request.app[SERVICES], request.match_info["id"]
    await services.desk.claim(key, person_of(request))
    await record(request, "claim", conversation=key)
    return answer(show.case(await services.cases.case(key)))


@routes.post("/desk/api/claim-next", role=Role.AGENT)
async def claim_next(request: web.Request) -> web.Response:
    """Take the one that waits longest."""
    services = request.app[SERVICES]
    key = await services.desk.claim_next(person_of(request))
    if key is None:
        return web.Response(status=204)
    await record(request, "claim", conversation=key)
    return answer(show.case(await services.cases.case(key)))


@routes.post("/desk/api/conversations/{id}/messages", role=Role.AGENT)
async def say(request: web.Request) -> web.Response:
    """Write to the customer."""
    services, key = request.app[SERVICES], request.match_info["id"]
    message = await body.read(request, NewMessage)
    text = body.check_text(message.text, services.settings.longest_message)
    said = await services.desk.say(key, person_of(request), message.id, text)
    await record(request, "say", conversation=key, subject=str(said.seq))
    (line,) = await services.transcripts.lines(key, [said.seq])
    return answer(show.line(line, services.dialogue.title))


@routes.post("/desk/api/conversations/{id}/notes", role=Role.AGENT)
async def note(request: web.Request) -> web.Response:
    """Write for colleagues."""
    services, key = request.app[SERVICES], request.match_info["id"]
    text = body.check_text((await body.read(request, NewNote)).text, services.settings.longest_message)
    written = await services.desk.note(key, person_of(request), text)
    await record(request, "note", conversation=key, subject=str(written.id))
    return answer(show.note(written))


@routes.post("/desk/api/conversations/{id}/transfer", role=Role.AGENT)
async def transfer(request: web.Request) -> web.Response:
    """To a colleague or a group."""
    services, key = request.app[SERVICES], request.match_info["id"]
    to = await body.read(request, Transfer)
    if to.agent is None:
        await services.desk.queue(key, person_of(request), to.group)
    else:
        receiver = await services.handoffs.find_person(to.agent)
        if receiver is None:
            raise UnknownReceiverError(f"Agent {to.agent}")
        await services.desk.hand(key, person_of(request), receiver)
    await record(request, "transfer", conversation=key, subject=to.group or str(to.agent))
    return answer(show.case(await services.cases.case(key)))


@routes.post("/desk/api/conversations/{id}/return", role=Role.AGENT)
async def give_back(request: web.Request) -> web.Response:
    """Back to the bot."""
    services, key = request.app[SERVICES], request.match_info["id"]
    await services.desk.give_back(key, person_of(request))
    await record(request, "return", conversation=key)
    return answer(show.case(await services.cases.case(key)))


@routes.post("/desk/api/conversations/{id}/close", role=Role.AGENT)
async def close(request: web.Request) -> web.Response:
    """The end; the reason is one of the settings'."""
    services, key = request.app[SERVICES], request.match_info["id"]
    reason = (await body.read(request, Close)).reason
    if reason not in services.settings.desk_closing_reasons:
        known = ", ".join(services.settings.desk_closing_reasons)
        raise BadRequestError(422, "invalid", f"reason: one of {known}.")
    await services.desk.close(key, person_of(request), reason)
    await record(request, "close", conversation=key, subject=reason)
    return answer(show.case(await services.cases.case(key)))


@routes.post("/desk/api/conversations/{id}/retry", role=Role.AGENT)
async def retry(request: web.Request) -> web.Response:
    """Try a message again that was not delivered."""
    services, key = request.app[SERVICES], request.match_info["id"]
    seq = (await body.read(request, Retry)).seq
    await services.handoffs.check_holds(key, person_of(request))
    if not await services.transcripts.retry(key, seq):
        raise BadRequestError(404, "no_dead_letter", f"Message {seq} of this conversation is no dead letter.")
    services.wake_delivery()
    await record(request, "retry", conversation=key, subject=str(seq))
    return answer({})

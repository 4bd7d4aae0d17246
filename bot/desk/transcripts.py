"""A whole conversation as a file, or as a mail to its customer."""

import uuid
from datetime import date

from aiohttp import hdrs, web
from pydantic import BaseModel, ConfigDict

from bot.conversations.transcript import render_transcript
from bot.desk import show
from bot.desk.acts import record
from bot.desk.guard import agent_of
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import answer, refuse
from bot.gateway.keys import SERVICES
from bot.handoff.errors import NotYoursError
from bot.handoff.model import Sending
from bot.mailboxes.errors import PlatformError
from bot.staff.model import Role

EVERYTHING = 10**6
"""Messages; no conversation has so many."""

REFUSALS = {
    Sending.UNPROVEN: (409, "This conversation has not proven to own the mailbox, or too long ago. Ask for a proof."),
    Sending.NO_CONTACT: (409, "No contact address is on file for the mailbox. Download the transcript instead."),
    Sending.TOO_MANY: (429, "It was mailed several times within the last hour. Try again later."),
}

routes = DeskRoutes()


class Mailing(BaseModel):
    """To the contact address on file of which mailbox."""

    model_config = ConfigDict(extra="forbid")

    mailbox: str


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


@routes.get("/desk/api/conversations/{id}/transcript.txt", role=Role.AGENT)
async def as_text(request: web.Request) -> web.Response:
    """What the customer has seen of it."""
    services, key = request.app[SERVICES], request.match_info["id"]
    await services.cases.case(key)
    await record(request, "export", conversation=key, subject="txt")
    accounts = services.accounts
    messages = await services.conversations.messages_after(key, 0)
    text = render_transcript(messages, accounts.zone, services.sentence) + "\n"
    return web.Response(text=text, headers=_download(key, accounts.now().date(), "txt"))


@routes.post("/desk/api/conversations/{id}/transcript", role=Role.AGENT)
async def by_mail(request: web.Request) -> web.Response:
    """To the contact address on file of a proven mailbox; each request is a wish of its own."""
    services, key = request.app[SERVICES], request.match_info["id"]
    mailbox = (await body.read(request, Mailing)).mailbox
    case = await services.cases.case(key)
    if case.agent is None or case.agent.id != agent_of(request).id:
        raise NotYoursError
    try:
        sending = await services.accounts.transcripts.send(f"{key}:{uuid.uuid4()}", key, mailbox)
    except PlatformError:
        return refuse(503, "platform", "The platform that knows the contact address does not answer. Try again later.")
    if sending in REFUSALS:
        status, message = REFUSALS[sending]
        return refuse(status, sending, message)
    await record(request, "mail_transcript", conversation=key, subject=mailbox)
    return answer({}, 202)


def _download(conversation: str, day: date, kind: str) -> dict[str, str]:
    return {hdrs.CONTENT_DISPOSITION: f'attachment; filename="conversation-{conversation[:8]}-{day}.{kind}"'}

"""What an agent needs to know of the customer, and does on the customer's behalf."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.conversations.model import Author
from bot.desk import show
from bot.desk.acts import record
from bot.desk.cases import MOST_LINES, person_of
from bot.desk.routes import DeskRoutes
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.mailboxes.address import normalise_address
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.model import Quota
from bot.mailboxes.wording import percent, size
from bot.staff.model import Role
from bot.tickets.model import RestoreRequest, Target, Ticket
from bot.wiring import Services

MOST_SUGGESTED = 3

routes = DeskRoutes()


class Restore(BaseModel):
    """A restore ticket, as the agent fills it in."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    mailbox: str
    folder: str | None = Field(None, max_length=200)
    point: datetime = Field(
        json_schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$", "format": "local"}
    )
    """On the hoster's clocks."""
    target: Literal["subfolder", "overwrite"]
    contact: str = Field(min_length=3, max_length=200)

    @field_validator("point")
    @classmethod
    def _local(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise ValueError("write it as the hoster's clocks show it, without a zone: 2026-11-23T16:00")
        return value


@routes.get("/desk/api/conversations/{id}/suggestions", role=Role.AGENT)
async def suggestions(request: web.Request) -> web.Response:
    """FAQ entries for what the customer asked last."""
    services, key = request.app[SERVICES], request.match_info["id"]
    await services.cases.case(key)
    lines = await services.transcripts.last(key, MOST_LINES)
    asked = [line.message.text for line in lines if line.message.author is Author.CUSTOMER]
    if not asked:
        return answer({"for": None, "suggestions": []})
    found = services.dialogue.suggest(asked[-1], MOST_SUGGESTED)
    return answer(
        {
            "for": asked[-1],
            "suggestions": [
                {"label": one.label, "title": one.title, "text": one.text, "confidence": one.confidence}
                for one in found
            ],
        }
    )


@routes.get("/desk/api/conversations/{id}/customer", role=Role.AGENT)
async def customer(request: web.Request) -> web.Response:
    """Proven mailboxes, and one that the agent asks for, with quota and tickets; written into the audit log."""
    services, key = request.app[SERVICES], request.match_info["id"]
    await services.cases.case(key)
    proven = sorted(await services.accounts.proofs.of(key))
    asked = _mailbox(request.query["mailbox"]) if "mailbox" in request.query else None
    shown = proven if asked is None or asked in proven else [*proven, asked]
    for mailbox in shown:
        await record(request, "look_up", conversation=key, subject=mailbox)
    mailboxes = [await _mailbox_details(services, one, proven=one in proven) for one in shown]
    return answer({"proven": proven, "mailboxes": mailboxes})


@routes.post("/desk/api/conversations/{id}/restore", role=Role.AGENT)
async def restore(request: web.Request) -> web.Response:
    """Open a restore ticket on the customer's behalf; the same id again is the same ticket."""
    services, key = request.app[SERVICES], request.match_info["id"]
    wanted = await body.read(request, Restore)
    await services.handoffs.check_holds(key, person_of(request))
    restored = RestoreRequest(
        mailbox=_mailbox(wanted.mailbox),
        folder=wanted.folder or None,
        point=_point(services, wanted.point),
        target=Target(wanted.target),
        contact=wanted.contact,
    )
    opened = await services.accounts.tickets.open(f"{key}:{wanted.id}", key, restored)
    services.accounts.wake_tickets()
    await record(request, "restore", conversation=key, subject=opened.ticket.number)
    return answer({"ticket": ticket(opened.ticket, services.sentence), "new": opened.is_new})


def _point(services: Services, local: datetime) -> datetime:
    accounts = services.accounts
    point, now = local.replace(tzinfo=accounts.zone), accounts.now()
    if not now - accounts.retention <= point <= now:
        days = accounts.retention // timedelta(days=1)
        raise BadRequestError(422, "invalid", f"point: the backups hold the last {days} days; choose a time in them.")
    return point


def _mailbox(written: str) -> str:
    mailbox = normalise_address(written)
    if mailbox is None:
        raise BadRequestError(422, "invalid", f"mailbox: {written[:80]!r} is no e-mail address.")
    return mailbox


async def _mailbox_details(services: Services, mailbox: str, *, proven: bool) -> dict[str, Any]:
    quota, error = await _quota(services, mailbox)
    tickets = await services.accounts.tickets.of_mailboxes([mailbox])
    return {
        "address": mailbox,
        "proven": proven,
        "quota": quota,
        "error": error,
        "tickets": [ticket(one, services.sentence) for one in tickets],
    }


async def _quota(services: Services, mailbox: str) -> tuple[dict[str, Any] | None, str | None]:
    try:
        quota = await services.accounts.mailboxes.quota(mailbox)
    except UnknownMailboxError:
        return None, services.sentence("utter_desk_no_quota")
    except PlatformError:
        return None, services.sentence("utter_desk_platform_down")
    return _show_quota(quota, services.sentence), None


def _show_quota(quota: Quota, sentence: Callable[[str], str]) -> dict[str, Any]:
    if quota.total is None or quota.share is None:
        text = sentence("utter_desk_quota_unlimited").format(used=size(quota.used))
    else:
        text = sentence("utter_desk_quota").format(
            used=size(quota.used), total=size(quota.total), percent=percent(quota.share)
        )
    return {"used": quota.used, "total": quota.total, "share": quota.share, "text": text}


def ticket(one: Ticket, sentence: Callable[[str], str]) -> dict[str, Any]:
    """`ticket` of the protocol."""
    restore = one.request if isinstance(one.request, RestoreRequest) else None
    return {
        "number": one.number,
        "kind": one.request.kind,
        "mailbox": restore.mailbox if restore else None,
        "folder": restore.folder if restore else None,
        "point": show.moment(restore.point) if restore else None,
        "target": restore.target if restore else None,
        "state": one.state,
        "state_text": sentence(f"utter_ticket_{one.state.value}"),
        "opened_at": show.moment(one.opened_at),
        "reference": one.reference,
    }

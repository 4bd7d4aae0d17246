"""The description of the desk's API, at `/desk/openapi.json`; see bot.gateway.openapi."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter

from bot.desk import accounts, canned, cases, changes, customer, dead_letters, me, sign_in, transcripts
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import answer
from bot.gateway.openapi import read_document
from bot.staff.model import Role

SHAPES: Mapping[str, TypeAdapter[Any]] = {
    "Credentials": TypeAdapter(sign_in.Credentials),
    "MyChanges": TypeAdapter(me.MyChanges),
    "NewMessage": TypeAdapter(cases.NewMessage),
    "NewNote": TypeAdapter(cases.NewNote),
    "Transfer": TypeAdapter(cases.Transfer),
    "Close": TypeAdapter(cases.Close),
    "RetryMessage": TypeAdapter(cases.Retry),
    "Restore": TypeAdapter(customer.Restore),
    "Mailing": TypeAdapter(transcripts.Mailing),
    "RetryLetter": TypeAdapter(dead_letters.Retry),
    "Reply": TypeAdapter(canned.Reply),
    "Changes": TypeAdapter(changes.Changes),
    "Account": TypeAdapter(accounts.Account),
    "AccountChanges": TypeAdapter(accounts.AccountChanges),
}

routes = DeskRoutes()


@routes.get("/desk/openapi.json", role=Role.AGENT)
async def description(request: web.Request) -> web.Response:
    """For tools of the hoster's that sign in."""
    return answer(DOCUMENT)


DOCUMENT = read_document(Path(__file__).with_name("openapi.yaml"), SHAPES)

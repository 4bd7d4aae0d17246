"""Proof of identity by a token of the hoster's logged-in page; and, in the demo, the mails with codes."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check, limited
from bot.gateway.rules import BYTES, PROOFS, REQUESTS
from bot.gateway.web import find, secret_of
from bot.mail.demo import DemoMailer

routes = web.RouteTableDef()


class Proof(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True, extra="forbid")

    token: str = Field(min_length=1, max_length=8192)


@routes.post("/channels/web/identity")
@limited(REQUESTS, BYTES, PROOFS)
async def prove(request: web.Request) -> web.Response:
    """The conversation's customer is signed in on the hoster's page; 401 with the reason when the token is not good."""
    conversation = await find(request, secret_of(request))
    await check(request, PROOFS, f"web:{conversation}")
    proof = await body.read(request, Proof)
    claim = await request.app[SERVICES].tokens.prove(conversation, proof.token)
    return answer({"mailboxes": sorted(claim.mailboxes), "until": claim.until.isoformat()})


@routes.get("/demo/mails.json")
@limited(REQUESTS)
async def mails(request: web.Request) -> web.Response:
    """The demo's mails, newest first; 404 where real ones are sent."""
    mailer = request.app[SERVICES].mailer
    if not isinstance(mailer, DemoMailer):
        raise BadRequestError(404, "not_found", "Mails are sent here, not shown: POSTBOTE_MAILER is not demo.")
    return answer(
        [
            {"to": shown.mail.to, "subject": shown.mail.subject, "text": shown.mail.text, "at": shown.at.isoformat()}
            for shown in mailer.shown
        ]
    )

"""What the widget says about privacy, and that the customer saw or accepted it."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.channels import web as channel
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check_messages, limited
from bot.gateway.rules import BYTES, MESSAGES, REQUESTS
from bot.gateway.web import find, secret_of
from bot.privacy.notice import Notice

routes = web.RouteTableDef()


class Consent(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True, extra="forbid")

    words: str = Field(min_length=1, max_length=64)


@routes.get("/channels/web/config")
@limited(REQUESTS)
async def config(request: web.Request) -> web.Response:
    """What a client must know before the first message."""
    return answer({"privacy": Notice.from_settings(request.app[SERVICES].settings).as_json()})


@routes.post("/channels/web/consent")
@limited(REQUESTS, BYTES, MESSAGES)
async def consent(request: web.Request) -> web.Response:
    """The customer of a conversation that is there already saw, or accepted, other words than at its beginning."""
    secret = secret_of(request)
    conversation = await find(request, secret)
    await check_messages(request, channel.CHANNEL, channel.address_of(secret))
    services, given = request.app[SERVICES], await body.read(request, Consent)
    if not Notice.from_settings(services.settings).accepts(given.words):
        raise BadRequestError(409, "other_words", "The words have changed. Ask for them: GET /channels/web/config.")
    await services.consents.record(conversation, given.words)
    return web.Response(status=204)

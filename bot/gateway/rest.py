"""The REST door: POST /webhooks/rest/webhook, as Rasa's REST channel speaks it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web

from bot.channels import rest
from bot.conversations.model import Accepted, Message
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check_messages
from bot.wiring import Services

routes = web.RouteTableDef()


@routes.get("/webhooks/rest")
@routes.get("/webhooks/rest/")
async def alive(request: web.Request) -> web.Response:
    """Rasa's own health check of the channel."""
    return answer({"status": "ok"})


@routes.post("/webhooks/rest/webhook")
async def receive(request: web.Request) -> web.Response:
    """Store the message, wait for its turn, answer with the replies; before them what else was said meanwhile."""
    services = request.app[SERVICES]
    message = await body.read(request, rest.RestMessage)
    incoming = rest.parse(message)
    incoming = replace(incoming, text=body.check_text(incoming.text, services.settings.longest_message))
    check_messages(request, incoming.address)
    if message.token:
        conversation = await services.conversations.begin(incoming.channel, incoming.address)
        await services.tokens.prove(conversation, message.token)
    accepted = await services.intake.take(incoming)
    news = await services.conversations.news_before(accepted.conversation, accepted.seq)
    return answer(rest.render(message.sender, [*news, *await _replies(services, accepted)]))


async def _replies(services: Services, accepted: Accepted) -> Sequence[Message]:
    """Of the message's turn; none where a person holds the conversation, who answers in their own time."""
    if accepted.done:
        return await services.conversations.replies_to(accepted.message)
    try:
        async with asyncio.timeout(services.settings.reply_timeout):
            return await services.turns.replies(accepted.message)
    except TimeoutError as error:
        raise BadRequestError(
            504,
            "timeout",
            "The message is stored, but its answer takes long. Send it again with the same metadata.message_id for it.",
        ) from error

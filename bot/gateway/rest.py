"""The REST door: POST /webhooks/rest/webhook, as Rasa's REST channel speaks it."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from aiohttp import hdrs, web

from bot.channels import rest
from bot.conversations.model import Accepted, Message
from bot.errors import PostboteError
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check_messages, limited
from bot.gateway.newcomers import check_newcomer
from bot.gateway.rules import BYTES, CONVERSATIONS, MESSAGES, REQUESTS
from bot.wiring import Services

STREAM = {hdrs.CONTENT_TYPE: "text/event-stream", hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"}
"""The type is Rasa's, though what follows are lines of JSON; the last one keeps nginx from collecting them."""

routes = web.RouteTableDef()


@routes.get("/webhooks/rest")
@routes.get("/webhooks/rest/")
@limited(REQUESTS)
async def alive(request: web.Request) -> web.Response:
    """Rasa's own health check of the channel."""
    return answer({"status": "ok"})


@routes.post("/webhooks/rest/webhook")
@limited(REQUESTS, BYTES, CONVERSATIONS, MESSAGES)
async def receive(request: web.Request) -> web.StreamResponse:
    """Store the message, wait for its turn, answer with the replies; before them what else was said meanwhile."""
    services = request.app[SERVICES]
    message = await body.read(request, rest.RestMessage)
    incoming = rest.parse(message)
    incoming = replace(incoming, text=body.check_text(incoming.text, services.settings.longest_message))
    await check_messages(request, incoming.channel, incoming.address)
    await check_newcomer(request, incoming.channel, incoming.address)
    if message.token:
        conversation = await services.conversations.begin(incoming.channel, incoming.address)
        await services.tokens.prove(conversation, message.token)
    accepted = await services.intake.take(incoming)
    news = await services.conversations.news_before(accepted.conversation, accepted.seq) if accepted.has_news else ()
    if request.query.get("stream", "").lower() == "true":
        return await _stream(request, message.sender, accepted, news)
    return answer(rest.render(message.sender, [*news, *await _replies(services, accepted)]))


async def _stream(request: web.Request, sender: str, accepted: Accepted, news: Sequence[Message]) -> web.StreamResponse:
    """Each message as a line of JSON, as soon as it is there; a failure before the first is an HTTP error."""
    response = web.StreamResponse(headers=STREAM)
    # Who leaves gets it by sending the message again.
    with suppress(ConnectionResetError):
        if news:
            await _write(request, response, rest.render(sender, news))
        try:
            last = rest.render(sender, await _replies(request.app[SERVICES], accepted))
        except PostboteError as error:
            if not response.prepared:
                raise
            last = [{"error": error.code, "message": str(error)}]
        await _write(request, response, last)
        await response.write_eof()
    return response


async def _write(request: web.Request, response: web.StreamResponse, lines: Sequence[object]) -> None:
    if not response.prepared:
        await response.prepare(request)
    for line in lines:
        await response.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


async def _replies(services: Services, accepted: Accepted) -> Sequence[Message]:
    """Of the message's turn; none where a person holds the conversation, who answers in their own time."""
    if accepted.done:
        return await services.conversations.replies_to(accepted.message)
    try:
        async with asyncio.timeout(services.settings.reply_timeout):
            return await services.turns.replies(accepted.message, again=accepted.again)
    except TimeoutError as error:
        raise BadRequestError(
            504,
            "timeout",
            "The message is stored, but its answer takes long. Send it again with the same metadata.message_id for it.",
        ) from error

"""The website channel over HTTP: begin a conversation; send and fetch where no WebSocket gets through."""

import asyncio
from dataclasses import replace

from aiohttp import hdrs, web

from bot.channels import web as channel
from bot.conversations.holding import Standing
from bot.conversations.model import Incoming, Message
from bot.conversations.news import Said
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import POLLS, SERVICES
from bot.gateway.limits import check as count
from bot.gateway.limits import check_messages, check_new_conversations, limited
from bot.gateway.rules import BYTES, CONVERSATIONS, FETCHES, MESSAGES, REQUESTS
from bot.privacy.notice import Notice

LONGEST_WAIT = 30

routes = web.RouteTableDef()


@routes.post("/channels/web/conversations")
@limited(REQUESTS, BYTES, CONVERSATIONS)
async def begin(request: web.Request) -> web.Response:
    """A new conversation and the secret that opens it; 403 if the words about privacy must be accepted first."""
    await check_new_conversations(request)
    services = request.app[SERVICES]
    words = (await body.read(request, channel.Begin)).consent if request.body_exists else None
    if not Notice.from_settings(services.settings).accepts(words):
        raise BadRequestError(
            403, "consent_needed", "The customer must accept first what GET /channels/web/config says. Then send it."
        )
    secret = channel.new_secret()
    conversation = await services.conversations.begin(channel.CHANNEL, channel.address_of(secret))
    if words:
        await services.consents.record(conversation, words)
    return answer({"secret": secret}, 201)


@routes.post("/channels/web/messages")
@limited(REQUESTS, BYTES, MESSAGES)
async def receive(request: web.Request) -> web.Response:
    """Store a message; its replies are fetched."""
    secret = secret_of(request)
    await find(request, secret)
    message = await body.read(request, channel.WebMessage)
    accepted = await request.app[SERVICES].intake.take(await check(request, secret, message))
    return answer({"id": message.id, "seq": accepted.seq}, 202)


@routes.get("/channels/web/messages")
@limited(REQUESTS, FETCHES)
async def fetch(request: web.Request) -> web.Response:
    """What came after `after`; waits up to `wait` seconds for something to come."""
    conversation = await find(request, secret_of(request))
    await count(request, FETCHES, conversation)
    after = _number(request, "after", 0, channel.LATEST)
    wait = _number(request, "wait", 0, LONGEST_WAIT)
    messages = await _messages_after(request, conversation, after, wait)
    services = request.app[SERVICES]
    standing = await services.standings.standing(conversation)
    status = channel.render_standing(standing, services.sentence)
    return answer({"messages": channel.render_all(messages), "status": status})


async def _messages_after(request: web.Request, conversation: str, after: int, wait: int) -> list[Message]:
    services = request.app[SERVICES]
    with services.news.watch(conversation) as queue:
        messages = list(await services.conversations.messages_after(conversation, after))
        if await _has_changed(request, conversation):
            return messages
        try:
            async with asyncio.timeout(wait) as waiting:
                request.app[POLLS].add(waiting)
                while not messages:
                    event = await queue.get()
                    if isinstance(event, Said):
                        messages = [message for message in event.messages if message.seq > after]
                    elif isinstance(event, Standing):
                        break  # a change of status is an answer, too
        except TimeoutError:
            pass  # nothing came, or the server stops: an empty list says so
        finally:
            request.app[POLLS].discard(waiting)
    return messages


async def _has_changed(request: web.Request, conversation: str) -> bool:
    """Whether somebody else holds it, or its place is another, than the client says to know."""
    known = request.query.get("known")
    if known is None:
        return False
    return known != channel.known_as(await request.app[SERVICES].standings.standing(conversation))


async def check(request: web.Request, secret: str, message: channel.WebMessage) -> Incoming:
    """The message, within the limits of length and number. Raises BadRequestError or TooManyError."""
    incoming = channel.parse(secret, message)
    await check_messages(request, channel.CHANNEL, incoming.address)
    return replace(incoming, text=body.check_text(incoming.text, request.app[SERVICES].settings.longest_message))


async def find(request: web.Request, secret: str) -> str:
    """The conversation that the secret opens. Raises BadRequestError (401) when there is none."""
    address = channel.address_of(secret)
    conversation = await request.app[SERVICES].conversations.find(channel.CHANNEL, address)
    if conversation is None:
        raise BadRequestError(
            401, "unknown_conversation", "No conversation has this secret. Begin one: POST /channels/web/conversations."
        )
    return conversation


def secret_of(request: web.Request) -> str:
    scheme, _, secret = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise BadRequestError(401, "unknown_conversation", "Send the conversation's secret: Authorization: Bearer …")
    return secret


def _number(request: web.Request, name: str, default: int, most: int) -> int:
    value = request.query.get(name, str(default))
    if not (value.isascii() and value.isdecimal()) or int(value[:20]) > most:
        raise BadRequestError(422, "invalid", f"{name}: a whole number from 0 to {most}, not {value[:50]!r}.")
    return int(value)

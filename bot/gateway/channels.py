"""The door of channels that call us: `/webhooks/<name>`, and `/webhooks/<name>/webhook` as Rasa has it."""

from aiohttp import web

from bot.channels.port import Call, Channel
from bot.gateway.body import read_raw
from bot.gateway.errors import BadRequestError
from bot.gateway.keys import SERVICES
from bot.gateway.limits import limited
from bot.gateway.rules import BYTES, MESSAGES, REQUESTS

ADDRESS = "/webhooks/{channel:(?!rest(?:/|$))[^/]+}"
"""REST has a door of its own, because it waits for the answer."""

LARGEST = 1024 * 1024
"""Bytes of a vendor's call, which may bring several events, each with more about it than what was said."""

routes = web.RouteTableDef()


@routes.get(ADDRESS)
@routes.get(f"{ADDRESS}/webhook")
@routes.post(ADDRESS)
@routes.post(f"{ADDRESS}/webhook")
@limited(REQUESTS, BYTES, MESSAGES)
async def receive(request: web.Request) -> web.Response:
    """Check who calls, store what happened, answer at once; turns are taken after it."""
    services = request.app[SERVICES]
    channel = services.channels.get(request.match_info["channel"])
    if channel is None:
        raise BadRequestError(404, "unknown_channel", "No such channel is switched on here. See POSTBOTE_CHANNELS.")
    call = await _call(request, channel)
    await channel.check(call)
    await services.inbound.take(channel, channel.parse(call))
    answer = channel.reply(call)
    return web.Response(text=answer.text, status=answer.status, content_type=answer.content_type)


async def _call(request: web.Request, channel: Channel) -> Call:
    if request.method not in channel.opened_by:
        raise web.HTTPMethodNotAllowed(request.method, channel.opened_by)
    return Call(request.method, request.headers, request.query, await read_raw(request, LARGEST))

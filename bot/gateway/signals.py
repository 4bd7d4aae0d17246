"""What the widget tells beside messages: the customer writes, has seen something, found an answer helpful."""

from aiohttp import web

from bot.channels import web as channel
from bot.conversations.model import Author
from bot.conversations.news import Seen, Typing
from bot.gateway import body
from bot.gateway.keys import SERVICES
from bot.gateway.limits import check_signals, limited
from bot.gateway.rules import BYTES, REQUESTS, SIGNALS
from bot.gateway.web import find, secret_of

routes = web.RouteTableDef()


@routes.post("/channels/web/signals")
@limited(REQUESTS, BYTES, SIGNALS)
async def receive(request: web.Request) -> web.Response:
    """One signal, where no WebSocket gets through."""
    conversation = await find(request, secret_of(request))
    frame = await body.read_as(request, channel.Signal)
    await signal(request, conversation, frame)
    return web.Response(status=204)


async def signal(request: web.Request, conversation: str, frame: channel.AnySignal) -> None:
    """Tell it to whom it concerns. Raises TooManyError, and UnknownAnswerError for a rating of something else."""
    await check_signals(request, conversation)
    services = request.app[SERVICES]
    match frame:
        case channel.Types(on=on):
            services.news.publish(conversation, Typing(on, Author.CUSTOMER))
        case channel.Sees(seq=seq, read=read):
            if await services.standings.seen(conversation, seq, read=read):
                services.news.publish(conversation, Seen(seq, read))
        case channel.Rates(seq=seq, up=up):
            await services.ratings.rate_answer(conversation, seq, up=up)

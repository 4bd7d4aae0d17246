"""Who writes over REST for the first time: a client makes up its `sender`, so each new one counts as a conversation."""

from aiohttp import web

from bot.gateway.keys import NEWCOMERS, SERVICES
from bot.gateway.limits import check_new_conversations

MOST_KNOWN = 20_000
"""Of whom the last ones are remembered, so that most messages need no look into the database."""


async def check_newcomer(request: web.Request, channel: str, sender: str) -> None:
    """Raises TooManyError when the address begins more conversations than people behind it would."""
    known = request.app[NEWCOMERS]
    if sender in known:
        return
    if await request.app[SERVICES].conversations.find(channel, sender) is None:
        await check_new_conversations(request)
    known[sender] = None
    if len(known) > MOST_KNOWN:
        known.popitem(last=False)

"""Tell the store what customers say and what the bot makes of it."""

import uuid

from bot.conversations.model import Decision, Incoming, Reply, Turn
from bot.store.conversations import SqlConversations


async def tell(
    conversations: SqlConversations,
    who: str,
    text: str,
    *replies: Reply,
    channel: str = "web",
    decision: Decision = Decision.ANSWER,
    label: str = "faq/pop3",
) -> str:
    """The conversation's id. Without replies the message waits for its turn."""
    accepted = await conversations.accept(Incoming(channel, who, str(uuid.uuid4()), text), None, 1000)
    if replies:
        while (waiting := await conversations.next_waiting(accepted.conversation)) is not None:
            await conversations.finish(waiting, Turn(replies, "{}", decision, (label,), 0.9))
    return accepted.conversation

"""
Store what comes in, then wake the turn.

Road: channels → here (stored: from now on it is ours) → conversations.turn.
"""

from datetime import UTC, datetime

import structlog

from bot.conversations.errors import UnknownChoiceError
from bot.conversations.model import Accepted, Author, Incoming, Message
from bot.conversations.news import News, Said
from bot.conversations.ports import Conversations
from bot.conversations.turn import Turns

log = structlog.get_logger(stop="intake")


class Intake:
    """The one entry for messages of every channel."""

    def __init__(self, conversations: Conversations, turns: Turns, news: News, most_waiting: int) -> None:
        self._conversations = conversations
        self._turns = turns
        self._news = news
        self._most_waiting = most_waiting

    async def take(self, incoming: Incoming) -> Accepted:
        """
        When this returns, the message is stored and its turn will be taken, whatever happens to the process.

        Raises UnknownChoiceError for a button that the conversation was not offered, and
        TooManyError when too many of its messages wait already.
        """
        payload = await self._payload(incoming)
        accepted = await self._conversations.accept(incoming, payload, self._most_waiting)
        log.info("accepted", conversation=accepted.conversation, message=accepted.message, again=accepted.done)
        if not accepted.done:
            own = Message(accepted.seq, incoming.message_id, Author.CUSTOMER, incoming.text, (), datetime.now(UTC))
            self._news.publish(accepted.conversation, Said([own]))
            self._turns.wake(accepted.conversation)
        return accepted

    async def _payload(self, incoming: Incoming) -> str | None:
        if incoming.choice is None:
            return None
        conversation = await self._conversations.find(incoming.channel, incoming.address)
        found = await self._conversations.find_choice(conversation, incoming.choice) if conversation else None
        if found is None:
            raise UnknownChoiceError
        return found[1]

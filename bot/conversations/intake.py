"""
Store what comes in, then wake the turn.

Road: channels → here (stored: from now on it is ours) → conversations.turn.
"""

from datetime import UTC, datetime

import structlog

from bot.conversations.errors import UnknownChoiceError
from bot.conversations.holding import find_action
from bot.conversations.model import Accepted, Author, Incoming, Message
from bot.conversations.ports import Conversations
from bot.conversations.teller import Teller
from bot.conversations.turn import Turns

log = structlog.get_logger(stop="intake")


class Intake:
    """The one entry for messages of every channel."""

    def __init__(self, conversations: Conversations, turns: Turns, teller: Teller, most_waiting: int) -> None:
        self._conversations = conversations
        self._turns = turns
        self._teller = teller
        self._most_waiting = most_waiting

    async def take(self, incoming: Incoming) -> Accepted:
        """
        When this returns, the message is stored and its turn will be taken, whatever happens to the process.

        What a person holds gets no turn: it is stored for that person, and the dialogue never sees it.

        Raises UnknownChoiceError for a button that the conversation was not offered, and
        TooManyError when too many of its messages wait already.
        """
        payload = await self._payload(incoming)
        accepted = await self._conversations.accept(incoming, payload, self._most_waiting)
        log.info("accepted", conversation=accepted.conversation, message=accepted.message, again=accepted.again)
        if not accepted.again:
            await self._tell(incoming, accepted)
        if not accepted.done:
            self._turns.wake(accepted.conversation)
        return accepted

    async def _tell(self, incoming: Incoming, accepted: Accepted) -> None:
        own = Message(accepted.seq, incoming.message_id, Author.CUSTOMER, accepted.text, (), datetime.now(UTC))
        self._teller.said(accepted.conversation, [own])
        if accepted.returned:
            await self._teller.changed(accepted.conversation)

    async def _payload(self, incoming: Incoming) -> str | None:
        if incoming.choice is None:
            return None
        if action := find_action(incoming.choice):
            return action
        conversation = await self._conversations.find(incoming.channel, incoming.address)
        found = await self._conversations.find_choice(conversation, incoming.choice) if conversation else None
        if found is None:
            raise UnknownChoiceError
        return found[1]

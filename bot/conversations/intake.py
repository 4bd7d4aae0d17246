"""
Store what comes in, then wake the turn.

Road: channels → here (stored: from now on it is ours) → conversations.turn.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from bot.conversations.errors import UnknownChoiceError
from bot.conversations.holding import find_action
from bot.conversations.model import Accepted, Author, Button, Incoming, Message, Reply
from bot.conversations.ports import Conversations
from bot.conversations.teller import Teller
from bot.conversations.turn import Turns
from bot.conversations.typed import find_typed
from bot.meter import UNMETERED, Meter, Stop
from bot.tracing import CHANNEL, CONVERSATION, MESSAGE, UNTRACED, Kind, Tracer, traceparent

OPENING = "/greet"
"""What the dialogue gets when a customer opens the chat."""

log = structlog.get_logger(stop="intake")


class Intake:
    """The one entry for messages of every channel."""

    def __init__(  # noqa: PLR0913 -- who counts, and who draws, is no part of the road
        self,
        conversations: Conversations,
        turns: Turns,
        teller: Teller,
        most_waiting: int,
        *,
        meter: Meter = UNMETERED,
        tracer: Tracer = UNTRACED,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._teller = teller
        self._most_waiting = most_waiting
        self._meter = meter
        self._tracer = tracer

    async def take(self, incoming: Incoming) -> Accepted:
        """
        When this returns, the message is stored and its turn will be taken, whatever happens to the process.

        What a person holds gets no turn: it is stored for that person, and the dialogue never sees it.

        Raises UnknownChoiceError for a button that the conversation was not offered, and
        TooManyError when too many of its messages wait already.
        """
        began = time.perf_counter()
        pressed = await self._pressed(incoming)
        if pressed and (incoming.choice or not incoming.text):
            # What the customer saw, whatever the channel says of it.
            incoming = replace(incoming, text=pressed.title)
        accepted = await self._store(incoming, pressed.payload if pressed else None)
        log.info("accepted", conversation=accepted.conversation, message=accepted.message, again=accepted.again)
        if not accepted.again:
            self._meter.accepted(incoming.channel)
            await self._tell(incoming, accepted)
        self._meter.passed(Stop.INTAKE, time.perf_counter() - began)
        if not accepted.done:
            self._turns.wake(accepted.conversation, accepted.turn)
        return accepted

    async def _store(self, incoming: Incoming, payload: str | None) -> Accepted:
        about = {CHANNEL: incoming.channel}
        with self._tracer.begin("accept", Kind.PRODUCER, about, parent=traceparent()) as span:
            accepted = await self._conversations.accept(incoming, payload, self._most_waiting)
            span.tell({CONVERSATION: accepted.conversation, MESSAGE: accepted.message})
        return accepted

    async def answer(self, incoming: Incoming, reply: Reply) -> int:
        """
        Store a message that needs no turn, with its answer; whoever holds the conversation. Taken once, too.

        Returns the store's id of the message.
        """
        accepted, message = await self._conversations.answer(incoming, reply)
        if message is not None:
            self._meter.accepted(incoming.channel)
            log.info("answered", conversation=accepted.conversation, message=accepted.message)
            await self._tell(incoming, accepted)
            self._teller.said_one(accepted.conversation, message)
        return accepted.message

    async def _tell(self, incoming: Incoming, accepted: Accepted) -> None:
        own = Message(accepted.seq, incoming.message_id, Author.CUSTOMER, accepted.text, (), datetime.now(UTC))
        self._teller.said(accepted.conversation, [own])
        if accepted.returned:
            await self._teller.changed(accepted.conversation)

    async def _pressed(self, incoming: Incoming) -> Button | None:
        if incoming.opens:
            return Button(incoming.text, OPENING)
        if incoming.choice is None:
            return await self._typed(incoming)
        if action := find_action(incoming.choice):
            return Button(incoming.text, action)
        conversation = await self._conversations.find(incoming.channel, incoming.address)
        found = await self._conversations.find_choice(conversation, incoming.choice) if conversation else None
        if found is None:
            raise UnknownChoiceError
        return Button(found[0].title, found[1])

    async def _typed(self, incoming: Incoming) -> Button | None:
        if incoming.most_buttons is None:
            return None
        offer = await self._conversations.find_offer(incoming.channel, incoming.address)
        if offer is None:
            return None
        first_line = incoming.text.split("\n", 1)[0]
        texts = (incoming.text, first_line) if incoming.is_letter else (incoming.text,)
        found = (find_typed(text, offer, incoming.most_buttons, incoming.longest_title) for text in texts)
        return next(filter(None, found), None)

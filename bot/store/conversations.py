"""Conversations, their messages and their buttons: model ↔ rows."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Update, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.model import (
    SUSPECT_AFTER,
    Accepted,
    Author,
    Choice,
    Decision,
    Holder,
    Incoming,
    Message,
    Offer,
    Reply,
    Turn,
    Waiting,
)
from bot.identity.digests import Digests
from bot.store.accepting import FIND_CONVERSATION, Accepting
from bot.store.database import Database
from bot.store.events import SqlEvents
from bot.store.holding import WAITING, Holding
from bot.store.messages import NEWS_BEFORE, REPLIES_TO, TRANSCRIPT, Line, Writer, next_seq, read_messages
from bot.store.offers import find_choice, find_offer
from bot.store.tables import conversations, messages, outbox

Stored = TypeVar("Stored")
# The fork: what a person holds is not for the dialogue.
BOTS = conversations.c.holder == Holder.BOT
_save_state = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"), conversations.c.edition == bindparam("known_edition"))
    .values(
        state=bindparam("state"),
        awaits_code=bindparam("awaits_code"),
        last_seq=conversations.c.last_seq + bindparam("count"),
        updated_at=bindparam("now"),
    )
    .returning(conversations.c.last_seq)
)
_mark_done = (
    update(messages)
    .where(messages.c.id == bindparam("message"), messages.c.done_at.is_(None))
    .values(
        done_at=bindparam("done_at"),
        decision=bindparam("decision"),
        labels=bindparam("labels"),
        confidence=bindparam("confidence"),
        code_digest=None,
    )
)
NEXT_WAITING = (
    select(
        messages.c.conversation_id,
        messages.c.id,
        conversations.c.channel,
        messages.c.text,
        messages.c.choice,
        conversations.c.state,
        messages.c.deaths,
        messages.c.code_digest,
        messages.c.created_at,
        messages.c.traceparent,
        conversations.c.edition,
    )
    .join(conversations)
    .where(messages.c.conversation_id == bindparam("conversation"), WAITING, BOTS)
    .order_by(messages.c.seq)
    .limit(1)
)


def died_beside_others(messages_under_way: Select[tuple[int]]) -> Update:
    """A process died; those who are suspects already are not blamed for what may be another's fault."""
    blamed = messages.c.id.in_(messages_under_way) & (messages.c.deaths < SUSPECT_AFTER)
    return update(messages).where(blamed).values(deaths=messages.c.deaths + 1)


class _ErasedMeanwhile(Exception):  # noqa: N818 -- no error: the turn is taken anew
    """Rolls a turn back that knew what is not to be known any more."""


class SqlConversations:
    """The port `bot.conversations.ports.Conversations` on SQLAlchemy."""

    def __init__(  # noqa: PLR0913 -- two are but names of channels
        self,
        database: Database,
        clock: Clock,
        holding: Holding | None = None,
        *,
        pushed: Collection[str] = (),
        elsewhere: Collection[str] = (),
        digests: Digests | None = None,
        openings: Mapping[str, str] | None = None,
    ) -> None:
        """
        `pushed` names the channels whose messages go through the outbox; others fetch theirs. `elsewhere` names
        those where people answer in a system of their own: no conversation of theirs comes into our queue.

        `digests` find one-time codes, which are taken out of a text before it is stored; see `Turn.awaits_code`.
        Without `holding` no other system is told of hand-offs. `openings`: by channel, what every customer is told
        once, after their first message.
        """
        self._database = database
        self._clock = clock
        self._holding = holding or Holding(clock, SqlEvents(database, clock, wanted=False))
        self._writer = Writer(pushed)
        self._elsewhere = frozenset(elsewhere)
        self._accepting = Accepting(clock, self._holding, digests)
        self._openings = openings or {}

    async def begin(self, channel: str, address: str) -> str:
        """The id of the address's conversation, which begins now if there is none."""
        return await self._database.write(lambda connection: self._accepting.begin(connection, channel, address))

    async def find(self, channel: str, address: str) -> str | None:
        """The id of the address's conversation."""
        key = {"channel": channel, "address": address}
        return await self._database.look_up(lambda connection: connection.scalar(FIND_CONVERSATION, key))

    async def find_choice(self, conversation: str, choice: str) -> tuple[Choice, str] | None:
        """The button and its payload, if this conversation was offered it."""
        return await self._database.look_up(lambda connection: find_choice(connection, conversation, choice))

    async def find_offer(self, channel: str, address: str) -> Offer | None:
        """The buttons that the address's conversation was offered last."""
        return await self._database.look_up(lambda connection: find_offer(connection, channel, address))

    async def accept(self, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        """
        Store a message, with the payload of its button; one that came before is not stored again.

        Raises TooManyError when `most_waiting` of the conversation's messages wait already.
        """

        def unit(connection: Connection) -> Accepted:
            return self._accept(connection, incoming, payload, most_waiting)

        return await self._put_down(unit)

    def _accept(self, connection: Connection, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        accepted = self._accepting.accept(connection, incoming, payload, most_waiting)
        opening = self._openings.get(incoming.channel)
        if opening and accepted.seq == 1 and not accepted.again:
            self.write(connection, accepted.conversation, Reply(opening), Author.NOTICE)
        return accepted

    async def answer(self, incoming: Incoming, reply: Reply) -> tuple[Accepted, Message | None]:
        """See the port."""

        def unit(connection: Connection) -> tuple[Accepted, Message | None]:
            accepted = self._accept(connection, incoming, None, sys.maxsize)
            if accepted.again:
                return accepted, None
            now = self._clock()
            connection.execute(update(messages).where(messages.c.id == accepted.message).values(done_at=now))
            return accepted, self.write(connection, accepted.conversation, reply, Author.BOT, answers=accepted.message)

        return await self._put_down(unit)

    async def _put_down(self, unit: Callable[[Connection], Stored]) -> Stored:
        try:
            return await self._database.put_down(unit)
        except IntegrityError:
            # Another process stored the same message, or began the same conversation, in this very moment.
            return await self._database.put_down(unit)

    async def unfinished(self) -> Sequence[str]:
        """Conversations with messages that wait for their turn."""
        query = select(messages.c.conversation_id).join(conversations).where(WAITING, BOTS).distinct()
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def count_deaths(self) -> None:
        """To be called when a process starts: the turns that were under way died with the last one, but suspects'."""
        first = select(func.min(messages.c.id)).where(WAITING).group_by(messages.c.conversation_id)
        await self._database.write(lambda connection: connection.execute(died_beside_others(first)))

    async def try_alone(self, waiting: Waiting) -> None:
        """A suspect's turn begins: if the process dies now, that is counted already."""
        counted = update(messages).where(messages.c.id == waiting.message).values(deaths=messages.c.deaths + 1)
        await self._database.write(lambda connection: connection.execute(counted))

    async def next_waiting(self, conversation: str) -> Waiting | None:
        """The oldest message whose turn is to be taken."""
        key = {"conversation": conversation}
        row = await self._database.look_up(lambda connection: connection.execute(NEXT_WAITING, key).first())
        return Waiting(*row) if row else None

    async def finish(self, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        """
        Write a turn: message done, state saved, replies queued, in one transaction.

        Returns the replies as stored, or None when the message's turn was written before, by whomever, or
        something was erased from the conversation since it began; then this one leaves no trace.
        """
        try:
            return await self._database.put_down(lambda connection: self._finish(connection, waiting, turn))
        except _ErasedMeanwhile:
            return None

    def _finish(self, connection: Connection, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        now = self._clock()
        done = {"decision": turn.decision, "labels": turn.labels, "confidence": turn.confidence, "done_at": now}
        if not connection.execute(_mark_done, {"message": waiting.message, **done}).rowcount:
            return None
        key = {
            "conversation": waiting.conversation,
            "known_edition": waiting.edition,
            "state": turn.state,
            "awaits_code": turn.awaits_code,
            "count": len(turn.replies),
            "now": now,
        }
        last = connection.scalar(_save_state, key)
        if last is None:
            raise _ErasedMeanwhile
        replies = self._write_replies(connection, waiting, turn, int(last) - len(turn.replies) + 1)
        if turn.handoff and waiting.channel in self._elsewhere:
            mark = update(outbox).where(outbox.c.message_id == int(replies[-1].id)).values(hands_over=True)
            connection.execute(mark)
        elif turn.handoff:
            self._holding.call(connection, waiting.conversation, turn.handoff)
        return replies

    def _write_replies(self, connection: Connection, waiting: Waiting, turn: Turn, first: int) -> Sequence[Message]:
        # Of an answer only the first message is the entry's; a procedure may go on after it.
        answered = turn.labels[0] if turn.decision is Decision.ANSWER else None
        line = Line(Author.BOT, first, self._clock(), waiting.message, answered, channel=waiting.channel)
        lines = [line, *(replace(line, seq=first + number, label=None) for number in range(1, len(turn.replies)))]
        return [
            self._writer.write(connection, waiting.conversation, reply, line)
            for reply, line in zip(turn.replies, lines, strict=False)
        ]

    def say(self, connection: Connection, conversation: str, text: str) -> Message:
        """Write something that the bot says of its own accord; within a transaction of another room."""
        return self.write(connection, conversation, Reply(text), Author.BOT)

    def write(self, connection: Connection, conversation: str, reply: Reply, author: Author, **more: Any) -> Message:
        """Write something that answers no message; `more` is of `Line`. Within a transaction of another room."""
        now = self._clock()
        line = Line(author, next_seq(connection, conversation, now), now, **more)
        return self._writer.write(connection, conversation, reply, line)

    async def find_replies(self, message: int) -> Sequence[Message] | None:
        """What was answered to a message; None while its turn is not over."""
        over = select(messages.c.done_at).where(messages.c.id == message)

        def unit(connection: Connection) -> Sequence[Message] | None:
            if connection.scalar(over) is None:
                return None
            return read_messages(connection, REPLIES_TO, message=message)

        return await self._database.read(unit)

    async def replies_to(self, message: int) -> Sequence[Message]:
        """What the bot answered to a message."""
        return await self._database.look_up(lambda connection: read_messages(connection, REPLIES_TO, message=message))

    async def news_before(self, conversation: str, seq: int) -> Sequence[Message]:
        """What the customer was told unasked between their message `seq` and the one before it."""
        key = {"conversation": conversation, "seq": seq}
        return await self._database.look_up(lambda connection: read_messages(connection, NEWS_BEFORE, **key))

    async def messages_after(self, conversation: str, seq: int) -> Sequence[Message]:
        """The transcript behind `seq`."""
        query = TRANSCRIPT.where(messages.c.conversation_id == conversation, messages.c.seq > seq)
        return await self._database.read(lambda connection: read_messages(connection, query))

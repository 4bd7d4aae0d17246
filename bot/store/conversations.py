"""Conversations, their messages and their buttons: model ↔ rows."""

import sys
import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.errors import TooManyError
from bot.conversations.holding import RETURNING
from bot.conversations.model import (
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
from bot.handoff.model import Outcome
from bot.identity.digests import Digests, mask
from bot.store.database import Database
from bot.store.events import SqlEvents
from bot.store.holding import WAITING, Holding
from bot.store.messages import NEWS_BEFORE, REPLIES_TO, TRANSCRIPT, Line, Writer, insert_row, next_seq, read_messages
from bot.store.offers import find_choice, find_offer
from bot.store.tables import codes, conversations, messages, outbox

Stored = TypeVar("Stored")
# The fork: what a person holds is not for the dialogue.
BOTS = conversations.c.holder == Holder.BOT
PEOPLES = frozenset({Holder.QUEUED, Holder.AGENT})
_find_conversation = select(conversations.c.id, conversations.c.holder).where(
    conversations.c.channel == bindparam("channel"), conversations.c.address == bindparam("address")
)
_find_message = select(messages.c.id, messages.c.seq, messages.c.done_at).where(
    messages.c.conversation_id == bindparam("conversation"), messages.c.channel_message_id == bindparam("message_id")
)
_save_state = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
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
    )
    .join(conversations)
    .where(messages.c.conversation_id == bindparam("conversation"), WAITING, BOTS)
    .order_by(messages.c.seq)
    .limit(1)
)
_awaits_code = select(conversations.c.awaits_code).where(conversations.c.id == bindparam("conversation"))
_sent_codes = select(codes.c.digest).where(
    codes.c.conversation_id == bindparam("conversation"), codes.c.digest.is_not(None)
)
_count_waiting = select(func.count()).where(messages.c.conversation_id == bindparam("conversation"), WAITING)


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
    ) -> None:
        """
        `pushed` names the channels whose messages go through the outbox; others fetch theirs. `elsewhere` names
        those where people answer in a system of their own: no conversation of theirs comes into our queue.

        `digests` find one-time codes, which are taken out of a text before it is stored; see `Turn.awaits_code`.
        Without `holding` no other system is told of hand-offs.
        """
        self._database = database
        self._clock = clock
        self._holding = holding or Holding(clock, SqlEvents(database, clock, wanted=False))
        self._writer = Writer(pushed)
        self._elsewhere = frozenset(elsewhere)
        self._digests = digests

    async def begin(self, channel: str, address: str) -> str:
        """The id of the address's conversation, which begins now if there is none."""
        return await self._database.write(lambda connection: self._get_or_begin(connection, channel, address)[0])

    async def find(self, channel: str, address: str) -> str | None:
        """The id of the address's conversation."""
        key = {"channel": channel, "address": address}
        return await self._database.look_up(lambda connection: connection.scalar(_find_conversation, key))

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

        return await self._write(unit)

    async def answer(self, incoming: Incoming, reply: Reply) -> tuple[Accepted, Message | None]:
        """See the port."""

        def unit(connection: Connection) -> tuple[Accepted, Message | None]:
            accepted = self._accept(connection, incoming, None, sys.maxsize)
            if accepted.again:
                return accepted, None
            now = self._clock()
            connection.execute(update(messages).where(messages.c.id == accepted.message).values(done_at=now))
            return accepted, self.write(connection, accepted.conversation, reply, Author.BOT, answers=accepted.message)

        return await self._write(unit)

    async def _write(self, unit: Callable[[Connection], Stored]) -> Stored:
        try:
            return await self._database.write(unit)
        except IntegrityError:
            # Another process stored the same message, or began the same conversation, in this very moment.
            return await self._database.write(unit)

    def _accept(self, connection: Connection, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        conversation, holder = self._get_or_begin(connection, incoming.channel, incoming.address)
        key = {"conversation": conversation, "message_id": incoming.message_id}
        if known := connection.execute(_find_message, key).first():
            return Accepted(conversation, known.id, known.seq, known.done_at is not None, again=True)
        if int(connection.scalar(_count_waiting, {"conversation": conversation}) or 0) >= most_waiting:
            raise TooManyError(f"{most_waiting} messages of this conversation wait for an answer. Try again later.")
        now = self._clock()
        returned = self._to_bot(connection, conversation, holder, payload)
        held = holder in PEOPLES and not returned
        text, digest = self._concealed(connection, conversation, incoming.text)
        seq = next_seq(connection, conversation, now)
        row = {
            "conversation_id": conversation,
            "seq": seq,
            "author": Author.CUSTOMER,
            "text": text,
            "code_digest": None if held else digest,
            "channel_message_id": incoming.message_id,
            "choice": payload,
            "created_at": now,
            # What a person holds is for that person: no turn will be taken.
            "done_at": now if held else None,
        }
        stored = insert_row(connection, messages, row)
        return Accepted(conversation, stored, seq, done=held, returned=returned, text=text)

    def _to_bot(self, connection: Connection, conversation: str, holder: Holder, payload: str | None) -> bool:
        """Whether the bot holds the conversation again, because the customer pressed the button, or after its end."""
        if holder is Holder.CLOSED:
            return self._holding.reopen(connection, conversation)
        if holder not in PEOPLES or payload not in RETURNING:
            return False
        return self._holding.end(connection, conversation, Outcome.LEFT)

    def _concealed(self, connection: Connection, conversation: str, text: str) -> tuple[str, str | None]:
        """The text as it is stored, and the digest of the code that it holds."""
        typed = self._digests.typed(conversation, text) if self._digests else ()
        if not typed:
            return text, None
        sent = set(connection.scalars(_sent_codes, {"conversation": conversation}))
        right = [each for each in typed if each.digest in sent]
        if connection.scalar(_awaits_code, {"conversation": conversation}):
            return mask(text, typed), (right or typed)[0].digest
        # Nobody asked, but it is one: typed twice, or after the customer cancelled. Other numbers are left.
        return mask(text, right), None

    def _get_or_begin(self, connection: Connection, channel: str, address: str) -> tuple[str, Holder]:
        key = {"channel": channel, "address": address}
        if found := connection.execute(_find_conversation, key).first():
            return found.id, Holder(found.holder)
        now = self._clock()
        row = {"id": str(uuid.uuid4()), "holder": Holder.BOT, "last_seq": 0, "created_at": now, "updated_at": now}
        connection.execute(insert(conversations), row | key)
        return str(row["id"]), Holder.BOT

    async def unfinished(self) -> Sequence[str]:
        """Conversations with messages that wait for their turn."""
        query = select(messages.c.conversation_id).join(conversations).where(WAITING, BOTS).distinct()
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def count_deaths(self) -> None:
        """To be called when a process starts: the turns that were under way in the last one died with it."""
        first = select(func.min(messages.c.id)).where(WAITING).group_by(messages.c.conversation_id)
        counted = update(messages).where(messages.c.id.in_(first)).values(deaths=messages.c.deaths + 1)
        await self._database.write(lambda connection: connection.execute(counted))

    async def next_waiting(self, conversation: str) -> Waiting | None:
        """The oldest message whose turn is to be taken."""
        key = {"conversation": conversation}
        row = await self._database.look_up(lambda connection: connection.execute(NEXT_WAITING, key).first())
        return Waiting(*row) if row else None

    async def finish(self, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        """
        Write a turn: message done, state saved, replies queued, in one transaction.

        Returns the replies as stored, or None when the message's turn was written
        before, by whomever; then this one leaves no trace.
        """
        return await self._database.write(lambda connection: self._finish(connection, waiting, turn))

    def _finish(self, connection: Connection, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        now = self._clock()
        done = {"decision": turn.decision, "labels": turn.labels, "confidence": turn.confidence, "done_at": now}
        if not connection.execute(_mark_done, {"message": waiting.message, **done}).rowcount:
            return None
        key = {
            "conversation": waiting.conversation,
            "state": turn.state,
            "awaits_code": turn.awaits_code,
            "count": len(turn.replies),
            "now": now,
        }
        first = int(connection.scalar(_save_state, key) or 0) - len(turn.replies) + 1
        replies = self._write_replies(connection, waiting, turn, first)
        if turn.handoff and waiting.channel in self._elsewhere:
            mark = update(outbox).where(outbox.c.message_id == int(replies[-1].id)).values(hands_over=True)
            connection.execute(mark)
        elif turn.handoff:
            self._holding.call(connection, waiting.conversation, turn.handoff)
        return replies

    def _write_replies(self, connection: Connection, waiting: Waiting, turn: Turn, first: int) -> Sequence[Message]:
        # Of an answer only the first message is the entry's; a procedure may go on after it.
        answered = turn.labels[0] if turn.decision is Decision.ANSWER else None
        now = self._clock()
        return [
            self._writer.write(
                connection,
                waiting.conversation,
                reply,
                Line(Author.BOT, first + number, now, waiting.message, None if number else answered),
            )
            for number, reply in enumerate(turn.replies)
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

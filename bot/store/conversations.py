"""Conversations, their messages and their buttons: model ↔ rows."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.errors import TooManyError
from bot.conversations.model import Accepted, Author, Choice, Holder, Incoming, Message, Reply, Status, Turn, Waiting
from bot.identity.digests import Digests, mask
from bot.store.database import Database
from bot.store.tables import choices, codes, conversations, messages, outbox

WAITING = and_(messages.c.done_at.is_(None), messages.c.author == Author.CUSTOMER)
# The fork: what a person holds is not for the dialogue.
BOTS = conversations.c.holder == Holder.BOT
_find_conversation = select(conversations.c.id).where(
    conversations.c.channel == bindparam("channel"), conversations.c.address == bindparam("address")
)
_find_message = select(messages.c.id, messages.c.seq, messages.c.done_at).where(
    messages.c.conversation_id == bindparam("conversation"), messages.c.channel_message_id == bindparam("message_id")
)
_next_seq = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(last_seq=conversations.c.last_seq + bindparam("count"), updated_at=bindparam("now"))
    .returning(conversations.c.last_seq)
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
_next_waiting = (
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
_transcript = select(
    messages.c.seq,
    messages.c.channel_message_id,
    messages.c.id,
    messages.c.author,
    messages.c.text,
    messages.c.buttons,
    messages.c.created_at,
).order_by(messages.c.seq)


class SqlConversations:
    """The port `bot.conversations.ports.Conversations` on SQLAlchemy."""

    def __init__(
        self, database: Database, clock: Clock, *, pushed: Collection[str] = (), digests: Digests | None = None
    ) -> None:
        """
        `pushed` names the channels whose messages go through the outbox; others fetch theirs.

        `digests` find one-time codes, which are taken out of a text before it is stored; see `Turn.awaits_code`.
        """
        self._database = database
        self._clock = clock
        self._pushed = frozenset(pushed)
        self._digests = digests

    async def begin(self, channel: str, address: str) -> str:
        """The id of the address's conversation, which begins now if there is none."""
        return await self._database.write(lambda connection: self._get_or_begin(connection, channel, address))

    async def find(self, channel: str, address: str) -> str | None:
        """The id of the address's conversation."""
        key = {"channel": channel, "address": address}
        return await self._database.read(lambda connection: connection.scalar(_find_conversation, key))

    async def find_choice(self, conversation: str, choice: str) -> tuple[Choice, str] | None:
        """The button and its payload, if this conversation was offered it."""
        query = select(choices.c.title, choices.c.payload).where(
            choices.c.id == choice, choices.c.conversation_id == conversation
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return (Choice(choice, row.title), row.payload) if row else None

    async def accept(self, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        """
        Store a message, with the payload of its button; one that came before is not stored again.

        Raises TooManyError when `most_waiting` of the conversation's messages wait already.
        """

        def unit(connection: Connection) -> Accepted:
            return self._accept(connection, incoming, payload, most_waiting)

        try:
            return await self._database.write(unit)
        except IntegrityError:
            # Another process stored the same message, or began the same conversation, in this very moment.
            return await self._database.write(unit)

    def _accept(self, connection: Connection, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        conversation = self._get_or_begin(connection, incoming.channel, incoming.address)
        key = {"conversation": conversation, "message_id": incoming.message_id}
        if known := connection.execute(_find_message, key).first():
            return Accepted(conversation, known.id, known.seq, known.done_at is not None)
        if int(connection.scalar(_count_waiting, {"conversation": conversation}) or 0) >= most_waiting:
            raise TooManyError(f"{most_waiting} messages of this conversation wait for an answer. Try again later.")
        text, digest = self._concealed(connection, conversation, incoming.text)
        seq = self._next_seq(connection, conversation)
        row = {
            "conversation_id": conversation,
            "seq": seq,
            "author": Author.CUSTOMER,
            "text": text,
            "code_digest": digest,
            "channel_message_id": incoming.message_id,
            "choice": payload,
            "created_at": self._clock(),
        }
        return Accepted(conversation, _insert(connection, messages, row), seq, done=False)

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

    def _get_or_begin(self, connection: Connection, channel: str, address: str) -> str:
        key = {"channel": channel, "address": address}
        if found := connection.scalar(_find_conversation, key):
            return str(found)
        now = self._clock()
        row = {"id": str(uuid.uuid4()), "holder": Holder.BOT, "last_seq": 0, "created_at": now, "updated_at": now}
        connection.execute(insert(conversations), row | key)
        return str(row["id"])

    def _next_seq(self, connection: Connection, conversation: str, count: int = 1) -> int:
        key = {"conversation": conversation, "count": count, "now": self._clock()}
        return int(connection.scalar(_next_seq, key) or 0)

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
        row = await self._database.read(lambda connection: connection.execute(_next_waiting, key).first())
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
        return [
            self._store_reply(connection, waiting, reply, first + number) for number, reply in enumerate(turn.replies)
        ]

    def _store_reply(self, connection: Connection, waiting: Waiting, reply: Reply, seq: int) -> Message:
        now = self._clock()
        offered = tuple(Choice(secrets.token_urlsafe(12), button.title) for button in reply.buttons)
        row = {
            "conversation_id": waiting.conversation,
            "seq": seq,
            "author": Author.BOT,
            "text": reply.text,
            "buttons": [{"id": choice.id, "title": choice.title} for choice in offered],
            "answers": waiting.message,
            "created_at": now,
        }
        stored = _insert(connection, messages, row)
        for choice, button in zip(offered, reply.buttons, strict=True):
            row = {"id": choice.id, "title": choice.title, "payload": button.payload}
            connection.execute(insert(choices), row | {"conversation_id": waiting.conversation})
        self._queue(connection, waiting.conversation, waiting.channel, stored)
        return Message(seq, str(stored), Author.BOT, reply.text, offered, now)

    def say(self, connection: Connection, conversation: str, text: str) -> Message:
        """Write something that the bot says of its own accord; within a transaction of another room."""
        now = self._clock()
        seq = self._next_seq(connection, conversation)
        row = {"conversation_id": conversation, "seq": seq, "author": Author.BOT, "text": text, "created_at": now}
        stored = _insert(connection, messages, row)
        channel = connection.scalar(select(conversations.c.channel).where(conversations.c.id == conversation))
        self._queue(connection, conversation, channel, stored)
        return Message(seq, str(stored), Author.BOT, text, (), now)

    def _queue(self, connection: Connection, conversation: str, channel: str | None, message: int) -> None:
        if channel in self._pushed:
            row = {"message_id": message, "conversation_id": conversation, "next_try_at": self._clock()}
            connection.execute(insert(outbox), row | {"status": Status.QUEUED})

    async def replies_to(self, message: int) -> Sequence[Message]:
        """What the bot answered to a message."""
        return await self._messages(_transcript.where(messages.c.answers == message))

    async def messages_after(self, conversation: str, seq: int) -> Sequence[Message]:
        """The transcript behind `seq`."""
        return await self._messages(_transcript.where(messages.c.conversation_id == conversation, messages.c.seq > seq))

    async def _messages(self, query: Select[Any]) -> Sequence[Message]:
        return await self._database.read(lambda connection: [_message(row) for row in connection.execute(query)])


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    key = connection.execute(insert(table), row).inserted_primary_key
    return int(key[0]) if key else 0


def _message(row: Row[Any]) -> Message:
    return Message(
        seq=row.seq,
        id=row.channel_message_id or str(row.id),
        author=Author(row.author),
        text=row.text,
        buttons=tuple(Choice(**button) for button in row.buttons or ()),
        at=row.created_at,
    )

"""Write and read the lines of transcripts."""

import functools
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, Row, Select, Table, and_, bindparam, func, insert, select, update

from bot.conversations.model import Author, Choice, Message, Reply, Status
from bot.store.tables import agents, choices, conversations, messages, outbox
from bot.tracing import traceparent

TRANSCRIPT = (
    select(
        messages.c.id,
        messages.c.seq,
        messages.c.channel_message_id,
        messages.c.author,
        messages.c.text,
        messages.c.buttons,
        messages.c.labels,
        messages.c.created_at,
        agents.c.name.label("agent"),
    )
    .outerjoin(agents, agents.c.id == messages.c.agent_id)
    .order_by(messages.c.seq)
)
_next_seq = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(last_seq=conversations.c.last_seq + bindparam("count"), updated_at=bindparam("now"))
    .returning(conversations.c.last_seq)
)
_channel = select(conversations.c.channel).where(conversations.c.id == bindparam("conversation"))

_of_conversation = messages.c.conversation_id == bindparam("conversation")
_earlier = and_(_of_conversation, messages.c.seq < bindparam("seq"))
_last_word = select(func.max(messages.c.seq)).where(_earlier, messages.c.author == Author.CUSTOMER)
NEWS_BEFORE = TRANSCRIPT.where(
    _earlier,
    messages.c.seq > func.coalesce(_last_word.scalar_subquery(), 0),
    messages.c.author != Author.CUSTOMER,
    messages.c.answers.is_(None),
)
"""What the customer was told unasked between their message `seq` and the one before it, in `conversation`."""
REPLIES_TO = TRANSCRIPT.where(messages.c.answers == bindparam("message"))
"""What the bot answered to `message`."""


@dataclass(frozen=True)
class Line:
    """What is to be written, beside the words."""

    author: Author
    seq: int
    now: datetime
    answers: int | None = None
    """The customer's message that it answers."""
    label: str | None = None
    """The entry, if it is an answer of the FAQ."""
    agent: int | None = None
    agent_name: str | None = None
    key: str | None = None
    """The writer's own id of it."""
    channel: str | None = None
    """The conversation's, where it is known."""


class Writer:
    """Writes messages to customers, and queues them for the channels that are pushed to."""

    def __init__(self, pushed: Collection[str] = ()) -> None:
        """`pushed` names the channels whose messages go through the outbox; others fetch theirs."""
        self._pushed = frozenset(pushed)

    def write(self, connection: Connection, conversation: str, reply: Reply, line: Line) -> Message:
        """Within a transaction of another module."""
        offered = tuple(Choice(secrets.token_urlsafe(12), button.title) for button in reply.buttons)
        row = {
            "conversation_id": conversation,
            "seq": line.seq,
            "author": line.author,
            "text": reply.text,
            "buttons": [{"id": choice.id, "title": choice.title} for choice in offered],
            "answers": line.answers,
            "labels": [line.label] if line.label else None,
            "agent_id": line.agent,
            "channel_message_id": line.key,
            "created_at": line.now,
        }
        stored = insert_row(connection, messages, row)
        for choice, button in zip(offered, reply.buttons, strict=True):
            row = {"id": choice.id, "title": choice.title, "payload": button.payload, "conversation_id": conversation}
            connection.execute(_insert(choices), row)
        self._queue(connection, conversation, stored, line)
        rateable = line.label is not None
        key = line.key or str(stored)
        return Message(line.seq, key, line.author, reply.text, offered, line.now, line.agent_name, rateable)

    def _queue(self, connection: Connection, conversation: str, message: int, line: Line) -> None:
        if not self._pushed:
            return
        channel = line.channel or connection.scalar(_channel, {"conversation": conversation})
        if channel in self._pushed:
            row = {"message_id": message, "conversation_id": conversation, "next_try_at": line.now}
            connection.execute(_insert(outbox), row | {"status": Status.QUEUED, "traceparent": traceparent()})


def next_seq(connection: Connection, conversation: str, now: datetime) -> int:
    """The number of the conversation's next message."""
    return int(connection.scalar(_next_seq, {"conversation": conversation, "count": 1, "now": now}) or 0)


def insert_row(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    """Its new id."""
    key = connection.execute(_insert(table), row).inserted_primary_key
    return int(key[0]) if key else 0


@functools.cache
def _insert(table: Table) -> Insert:
    return insert(table)


def read_messages(connection: Connection, query: Select[Any], **values: object) -> Sequence[Message]:
    """`query` is TRANSCRIPT with conditions, `values` are of its parameters."""
    return [message_of(row) for row in connection.execute(query, values)]


def message_of(row: Row[Any]) -> Message:
    """A row of TRANSCRIPT."""
    return Message(
        seq=row.seq,
        id=row.channel_message_id or str(row.id),
        author=Author(row.author),
        text=row.text,
        buttons=tuple(Choice(**button) for button in row.buttons or ()),
        at=row.created_at,
        agent=row.agent,
        rateable=row.author == Author.BOT and bool(row.labels),
    )

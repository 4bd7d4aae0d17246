"""
Conversations whose turns several processes take: each is one worker's at a time.

A claim is the worker's name in the conversation's row, and holds as long as the worker gives signs of life. Signs and
their age are the database's times, because the clocks of hosts differ, and jump.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, insert, or_, select, update

from bot.conversations.model import Accepted, Incoming, Message, Turn, Waiting
from bot.store.conversations import BOTS, SqlConversations, died_beside_others
from bot.store.database import Database
from bot.store.holding import WAITING
from bot.store.tables import conversations, messages, workers

DEAD_AFTER = timedelta(seconds=10)
"""Without a sign of life."""


class Workers:
    """The signs of life of this process, and what it knows of others'."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.me = secrets.token_hex(8)
        """Another one at each start: what a process claimed that died is not claimed by its successor."""

    async def beat(self) -> Collection[str]:
        """A sign of life; the names of all that have given one lately."""
        return await self._database.write(self._beat)

    async def leave(self) -> None:
        """This process takes no turns any more; what it claimed is free at once."""
        await self._database.write(
            lambda connection: connection.execute(delete(workers).where(workers.c.name == self.me))
        )

    async def forget(self) -> None:
        """Remove those who are long dead."""
        old = workers.c.seen_at < func.now() - 100 * DEAD_AFTER
        await self._database.write(lambda connection: connection.execute(delete(workers).where(old)))

    def _beat(self, connection: Connection) -> Collection[str]:
        seen = update(workers).where(workers.c.name == self.me).values(seen_at=func.now())
        if not connection.execute(seen).rowcount:
            connection.execute(insert(workers).values(name=self.me, seen_at=func.now()))
        return connection.scalars(select(workers.c.name).where(workers.c.seen_at > func.now() - DEAD_AFTER)).all()


def is_alive(name: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the worker of that name has given a sign of life lately."""
    return exists().where(workers.c.name == name, workers.c.seen_at > func.now() - DEAD_AFTER)


def _is_taken(me: str, *, dead: bool) -> ColumnElement[bool]:
    """Whether a conversation is claimed by another worker that lives, or is dead."""
    holder = conversations.c.leased_by
    alive = is_alive(holder)
    return and_(holder.is_not(None), holder != me, ~alive if dead else alive)


_waits = exists().where(messages.c.conversation_id == conversations.c.id, WAITING)
_claimed = (
    update(conversations)
    .where(
        conversations.c.id == bindparam("conversation"),
        BOTS,
        or_(conversations.c.leased_by.is_(None), conversations.c.leased_by == bindparam("worker")),
        _waits,
    )
    .values(leased_by=bindparam("worker"))
    .returning(conversations.c.id, conversations.c.channel, conversations.c.state, conversations.c.edition)
    .cte("claimed")
)
_claim = (
    select(
        messages.c.conversation_id,
        messages.c.id,
        _claimed.c.channel,
        messages.c.text,
        messages.c.choice,
        _claimed.c.state,
        messages.c.deaths,
        messages.c.code_digest,
        messages.c.created_at,
        messages.c.traceparent,
        _claimed.c.edition,
        func.count().over() == 1,
    )
    .join(_claimed, _claimed.c.id == messages.c.conversation_id)
    .where(WAITING)
    .order_by(messages.c.seq)
    .limit(1)
)
_release = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"), conversations.c.leased_by == bindparam("worker"), ~_waits)
    .values(leased_by=None)
)


class ClaimedConversations(SqlConversations):
    """The same port, for one of several workers; on a database with row locks."""

    def __init__(self, *arguments: Any, worker: str, **more: Any) -> None:
        """`worker`: the name that claims; other arguments as of SqlConversations."""
        super().__init__(*arguments, **more)
        self._worker = worker

    async def accept(self, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        """See SqlConversations; whose turn it is, only a claim tells."""
        return replace(await super().accept(incoming, payload, most_waiting), turn=None)

    async def unfinished(self) -> Sequence[str]:
        """Those that no other living worker has claimed."""
        taken = _is_taken(self._worker, dead=False)
        query = select(messages.c.conversation_id).join(conversations).where(WAITING, BOTS, ~taken).distinct()
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def count_deaths(self) -> None:
        """Nothing: a death is counted when the claim of the dead one is taken over."""

    async def next_waiting(self, conversation: str) -> Waiting | None:
        """
        The oldest message whose turn is to be taken, by us: none while another living worker claims the conversation.

        The claim is given up in the transaction that finds nothing waiting, here or in `finish`, so that a message
        that comes then is found by whoever is told of it.
        """
        return await self._database.write(lambda connection: self._next_waiting(connection, conversation))

    def _next_waiting(self, connection: Connection, conversation: str) -> Waiting | None:
        key = {"conversation": conversation, "worker": self._worker}
        row = connection.execute(_claim, key).first()
        if row is None and self._holder_died(connection, conversation):
            row = connection.execute(_claim, key).first()
        if row is None:
            connection.execute(_release, key)
        return Waiting(*row) if row else None

    def _finish(self, connection: Connection, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        replies = super()._finish(connection, waiting, turn)
        connection.execute(_release, {"conversation": waiting.conversation, "worker": self._worker})
        return replies

    def _holder_died(self, connection: Connection, conversation: str) -> bool:
        """Then its claim is ended; and its death may be the message's fault."""
        freed = update(conversations).where(
            conversations.c.id == conversation, BOTS, _is_taken(self._worker, dead=True)
        )
        if not connection.execute(freed.values(leased_by=None)).rowcount:
            return False
        oldest = select(func.min(messages.c.id)).where(messages.c.conversation_id == conversation, WAITING)
        connection.execute(died_beside_others(oldest))
        return True

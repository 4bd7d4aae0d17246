"""
Conversations whose turns several processes take: each is one worker's at a time.

A claim is the worker's name in the conversation's row, and holds as long as the worker gives signs of life. Signs and
their age are the database's times, because the clocks of hosts differ, and jump.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, select, update

from bot.conversations.model import Accepted, Incoming, Waiting
from bot.store.conversations import BOTS, NEXT_WAITING, SqlConversations
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

    async def beat(self) -> None:
        """A sign of life."""
        await self._database.write(self._beat)

    async def leave(self) -> None:
        """This process takes no turns any more; what it claimed is free at once."""
        await self._database.write(
            lambda connection: connection.execute(delete(workers).where(workers.c.name == self.me))
        )

    async def forget(self) -> None:
        """Remove those who are long dead."""
        old = workers.c.seen_at < func.now() - 100 * DEAD_AFTER
        await self._database.write(lambda connection: connection.execute(delete(workers).where(old)))

    def _beat(self, connection: Connection) -> None:
        seen = update(workers).where(workers.c.name == self.me).values(seen_at=func.now())
        if not connection.execute(seen).rowcount:
            connection.execute(insert(workers).values(name=self.me, seen_at=func.now()))


def is_alive(name: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the worker of that name has given a sign of life lately."""
    return exists().where(workers.c.name == name, workers.c.seen_at > func.now() - DEAD_AFTER)


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
        taken = and_(
            conversations.c.leased_by.is_not(None),
            conversations.c.leased_by != self._worker,
            is_alive(conversations.c.leased_by),
        )
        query = select(messages.c.conversation_id).join(conversations).where(WAITING, BOTS, ~taken).distinct()
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def count_deaths(self) -> None:
        """Nothing: a death is counted when the claim of the dead one is taken over."""

    async def next_waiting(self, conversation: str) -> Waiting | None:
        """
        The oldest message whose turn is to be taken, by us: none while another living worker claims the conversation.

        Where none waits, the claim is given up in the same transaction, so that a message that comes then is found
        by whoever is told of it.
        """
        return await self._database.write(lambda connection: self._next_waiting(connection, conversation))

    def _next_waiting(self, connection: Connection, conversation: str) -> Waiting | None:
        here = conversations.c.id == conversation
        holder = connection.scalar(select(conversations.c.leased_by).where(here).with_for_update())
        if holder not in {None, self._worker} and not self._take_over(connection, conversation, str(holder)):
            return None
        row = connection.execute(NEXT_WAITING, {"conversation": conversation}).first()
        claimant = self._worker if row else None
        if claimant != holder:
            connection.execute(update(conversations).where(here).values(leased_by=claimant))
        return Waiting(*row) if row else None

    def _take_over(self, connection: Connection, conversation: str, holder: str) -> bool:
        """False if the holder lives; else its death may be the message's fault."""
        alive = select(workers.c.name).where(workers.c.name == holder, workers.c.seen_at > func.now() - DEAD_AFTER)
        if connection.scalar(alive):
            return False
        oldest = select(func.min(messages.c.id)).where(messages.c.conversation_id == conversation, WAITING)
        died = update(messages).where(messages.c.id == oldest.scalar_subquery())
        connection.execute(died.values(deaths=messages.c.deaths + 1))
        return True

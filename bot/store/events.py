"""Events for other systems, and their outbox: model ↔ rows."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from bot.clock import Clock
from bot.conversations.model import Author, Reason, Status
from bot.handoff.events import Event, EventType, Progress
from bot.store.database import Database
from bot.store.tables import agents, conversations, events, messages, proofs
from bot.tracing import traceparent

BATCH = 50
MOST_MESSAGES = 20
"""The last ones go with the call for a person."""
QUEUED = events.c.status == Status.QUEUED
# Only the head of each conversation's queue: what happened first is told first.
_heads = select(func.min(events.c.id)).where(QUEUED).group_by(events.c.conversation_id)


class SqlEvents:
    """The port `bot.handoff.ports.Events` on SQLAlchemy, and what puts events in."""

    def __init__(self, database: Database, clock: Clock, *, wanted: bool) -> None:
        """`wanted`: whether anybody is told; else nothing is kept."""
        self._database = database
        self._clock = clock
        self._wanted = wanted

    def initiate(self, connection: Connection, conversation: str, reason: Reason, group: str | None = None) -> None:
        """A person is called: say so with what they need to know; within a transaction of another room."""
        if self._wanted:
            about = {"reason": reason, "group": group, **self._context(connection, conversation)}
            record_event(connection, EventType.INITIATE, {"conversation": conversation} | about, self._clock)

    def status(
        self,
        connection: Connection,
        conversation: str,
        progress: Progress,
        agent: int | None = None,
        reason: str | None = None,
    ) -> None:
        """
        How it went on; within a transaction of another room.

        `agent` is the id of the one who took or ended it, `reason` why it failed or was closed.
        """
        if not self._wanted:
            return
        data = {
            "conversation": conversation,
            "channel": _channel(connection, conversation),
            "status": progress,
            "agent": _agent(connection, agent),
            "reason": reason,
        }
        record_event(connection, EventType.STATUS, data, self._clock)

    def _context(self, connection: Connection, conversation: str) -> dict[str, Any]:
        proven = select(proofs.c.mailbox).where(
            proofs.c.conversation_id == conversation, proofs.c.until > self._clock()
        )
        return {
            "channel": _channel(connection, conversation),
            "mailboxes": sorted(connection.scalars(proven)),
            "messages": _last_messages(connection, conversation),
        }

    async def due(self) -> Sequence[Event]:
        """See the port."""
        # What was never tried is due, whatever the clock said when it was written.
        due = or_(events.c.next_try_at <= self._clock(), events.c.attempts == 0)
        query = select(events).where(events.c.id.in_(_heads), due)
        return await self._events(query.order_by(events.c.id).limit(BATCH))

    async def seconds_to_next(self) -> float | None:
        """See the port."""
        query = select(func.min(events.c.next_try_at)).where(events.c.id.in_(_heads))
        earliest = await self._database.read(lambda connection: connection.scalar(query))
        return max(0.0, (earliest - self._clock()).total_seconds()) if earliest else None

    async def sent(self, event: Event) -> None:
        """See the port."""
        await self._update(event, status=Status.SENT, data={}, last_error=None)

    async def failed(self, event: Event, error: str, retry_in: float | None) -> None:
        """See the port."""
        fate = (
            {"status": Status.DEAD}
            if retry_in is None
            else {"next_try_at": self._clock() + timedelta(seconds=retry_in)}
        )
        await self._update(event, attempts=event.attempts + 1, last_error=error, **fate)

    async def dead(self) -> Sequence[Event]:
        """See the port."""
        return await self._events(select(events).where(events.c.status == Status.DEAD).order_by(events.c.id))

    async def replay(self, id: int) -> bool:
        """See the port."""
        change = (
            update(events)
            .where(events.c.id == id, events.c.status == Status.DEAD)
            .values(status=Status.QUEUED, attempts=0, next_try_at=self._clock())
        )
        return await self._database.write(lambda connection: connection.execute(change).rowcount == 1)

    async def _update(self, event: Event, **values: Any) -> None:
        change = update(events).where(events.c.id == event.id).values(**values)
        await self._database.write(lambda connection: connection.execute(change))

    async def _events(self, query: Select[Any]) -> Sequence[Event]:
        return await self._database.read(lambda connection: [_event(row) for row in connection.execute(query)])


def record_event(connection: Connection, type: EventType, data: Mapping[str, Any], clock: Clock) -> None:
    """Queue an event; `data` is ready for JSON and names its `conversation`. See SqlEvents for what is usual."""
    now = clock()
    row = {
        "key": f"evt_{uuid.uuid4().hex}",
        "conversation_id": data["conversation"],
        "type": type,
        "data": data,
        "created_at": now,
        "status": Status.QUEUED,
        "next_try_at": now,
        "traceparent": traceparent(),
    }
    connection.execute(insert(events), row)


def _channel(connection: Connection, conversation: str) -> str | None:
    return connection.scalar(select(conversations.c.channel).where(conversations.c.id == conversation))


def _agent(connection: Connection, agent: int | None) -> dict[str, Any] | None:
    row = connection.execute(select(agents.c.id, agents.c.name).where(agents.c.id == agent)).one_or_none()
    return {"id": row.id, "name": row.name} if row else None


def _last_messages(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    query = (
        select(messages.c.seq, messages.c.author, messages.c.text, messages.c.created_at, agents.c.name)
        .join(agents, agents.c.id == messages.c.agent_id, isouter=True)
        .where(messages.c.conversation_id == conversation)
        .order_by(messages.c.seq.desc())
        .limit(MOST_MESSAGES)
    )
    return [
        {
            "seq": row.seq,
            "from": Author(row.author),
            "agent": row.name,
            "text": row.text,
            "at": row.created_at.isoformat(),
        }
        for row in reversed(connection.execute(query).all())
    ]


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        key=row.key,
        type=EventType(row.type),
        conversation=row.conversation_id,
        at=row.created_at,
        data=row.data,
        attempts=row.attempts,
        last_error=row.last_error,
        traceparent=row.traceparent,
    )

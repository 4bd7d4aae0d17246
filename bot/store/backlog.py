"""What waits now: rows → the backlog."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.clock import Clock
from bot.conversations.model import Status
from bot.insight.backlog import Backlog, Queue
from bot.insight.dead_letters import Kind
from bot.store.claims import DEAD_AFTER
from bot.store.database import Database
from bot.store.dead_letters import QUEUES
from bot.store.holding import OPEN, WAITING
from bot.store.tables import handoffs, messages, workers

_waiting = select(func.count(), func.min(messages.c.created_at)).where(WAITING)
_handoffs = select(func.count(), func.min(handoffs.c.queued_at)).where(OPEN, handoffs.c.agent_id.is_(None))
_workers = select(func.count()).select_from(workers).where(workers.c.seen_at > func.now() - DEAD_AFTER)


class SqlBacklogs:
    """The port `bot.insight.backlog.Backlogs` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def now(self) -> Backlog:
        """See the port."""
        return await self._database.report(self._now)

    def _now(self, connection: Connection) -> Backlog:
        waiting, oldest_waiting = connection.execute(_waiting).one()
        called, oldest_handoff = connection.execute(_handoffs).one()
        return Backlog(
            waiting=waiting,
            oldest_waiting=self._age(oldest_waiting),
            handoffs=called,
            oldest_handoff=self._age(oldest_handoff),
            # Where nobody can share the database, whoever asks is the one that works.
            workers=int(connection.scalar(_workers) or 0) if self._database.bus else 1,
            queues={kind: self._queue(connection, kind) for kind in Kind},
        )

    def _queue(self, connection: Connection, kind: Kind) -> Queue:
        # Never those that were sent: they are many, and only grow.
        table, at = QUEUES[kind].table, QUEUES[kind].at
        is_queued = table.c.status == Status.QUEUED
        queued, oldest = connection.execute(
            select(func.count(), func.min(at)).select_from(table).where(is_queued)
        ).one()
        dead = connection.scalar(select(func.count()).select_from(table).where(table.c.status == Status.DEAD))
        return Queue(queued, int(dead or 0), self._age(oldest))

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self._clock() - since).total_seconds()) if since else 0.0

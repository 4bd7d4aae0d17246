"""Signs of life of agents: model ↔ rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.clock import Clock
from bot.handoff.model import Person
from bot.store.database import Database
from bot.store.holding import OPEN
from bot.store.tables import agents, handoffs


class SqlPresence:
    """The port `bot.handoff.ports.Presence` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def alive(self, person: int) -> None:
        """See the port."""
        query = update(agents).where(agents.c.id == person).values(seen_at=self._clock())
        await self._database.write(lambda connection: connection.execute(query))

    async def is_staffed(self) -> bool:
        """Whether there is an account of an agent that may sign in."""
        query = select(agents.c.id).where(agents.c.active).limit(1)
        return await self._database.read(lambda connection: connection.scalar(query)) is not None

    async def holders(self) -> Sequence[tuple[Person, datetime | None]]:
        """See the port."""
        query = (
            select(agents.c.id, agents.c.name, agents.c.seen_at)
            .where(agents.c.id.in_(select(handoffs.c.agent_id).where(OPEN, handoffs.c.agent_id.is_not(None))))
            .order_by(agents.c.id)
        )
        return await self._database.read(
            lambda connection: [(Person(row.id, row.name), row.seen_at) for row in connection.execute(query)]
        )

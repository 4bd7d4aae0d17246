"""The audit log: model ↔ rows."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from bot.clock import Clock
from bot.staff.audit import PAGE, Entry
from bot.staff.model import Agent
from bot.store.database import Database
from bot.store.tables import agents, audit


class SqlAudit:
    """The port `bot.staff.audit.Audit` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(
        self,
        agent: Agent | None,
        action: str,
        *,
        conversation: str | None = None,
        subject: str | None = None,
        source: str | None = None,
    ) -> None:
        """See the port."""
        row = {
            "at": self._clock(),
            "agent_id": agent.id if agent else None,
            "action": action,
            "conversation_id": conversation,
            "subject": subject,
            "source": source,
        }
        await self._database.write(lambda connection: connection.execute(insert(audit), row))

    async def page(self, number: int) -> tuple[Sequence[Entry], bool]:
        """See the port."""
        query = (
            select(audit, agents.c.name)
            .outerjoin(agents, audit.c.agent_id == agents.c.id)
            .order_by(audit.c.id.desc())
            .offset((number - 1) * PAGE)
            .limit(PAGE + 1)
        )

        def unit(connection: Connection) -> list[Entry]:
            return [
                Entry(
                    row.at,
                    (row.agent_id, row.name) if row.agent_id else None,
                    row.action,
                    row.conversation_id,
                    row.subject,
                    row.source,
                )
                for row in connection.execute(query)
            ]

        entries = await self._database.read(unit)
        return entries[:PAGE], len(entries) > PAGE

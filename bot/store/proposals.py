"""What agents propose to learn: model ↔ rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot.clock import Clock
from bot.faq.learning.model import Proposal
from bot.store.database import Database
from bot.store.tables import agents, proposals, verdicts


class SqlProposals:
    """The port `bot.faq.learning.ports.Proposals` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, change: Mapping[str, Any], agent: int) -> None:
        """See the port."""
        row = {"change": dict(change), "agent_id": agent, "at": self._clock()}
        await self._database.write(lambda connection: connection.execute(insert(proposals), row))

    async def all(self) -> Sequence[Proposal]:
        """See the port."""
        return await self._database.read(_open)

    async def remove(self, proposal: int) -> bool:
        """See the port."""
        query = delete(proposals).where(proposals.c.id == proposal)
        return bool(await self._database.write(lambda connection: connection.execute(query).rowcount))


def _open(connection: Connection) -> list[Proposal]:
    query = select(proposals, agents.c.name).join(agents, agents.c.id == proposals.c.agent_id).order_by(proposals.c.id)
    found = [Proposal(row.id, row.change, row.name, row.at) for row in connection.execute(query)]
    named = {message for proposal in found for message in proposal.change["messages"]}
    dealt_with = set(connection.scalars(select(verdicts.c.message_id).where(verdicts.c.message_id.in_(named))))
    return [proposal for proposal in found if not dealt_with.issuperset(proposal.change["messages"])]

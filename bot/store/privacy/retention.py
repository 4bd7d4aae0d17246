"""Delete rows whose time is over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, tuple_, update

from bot.clock import Clock
from bot.privacy.kinds import Kind, Periods
from bot.store.database import Database
from bot.store.privacy.belongings import delete_conversations
from bot.store.privacy.periods import RULES, Before, Rule
from bot.store.tables import conversations


class SqlRetention:
    """The port `bot.privacy.retention.Retention` on SQLAlchemy."""

    def __init__(self, database: Database, periods: Periods, clock: Clock) -> None:
        self._database = database
        self._periods = periods
        self._clock = clock

    async def count_due(self, kind: Kind) -> int:
        """See the port."""
        before = self._before()

        def unit(connection: Connection) -> int:
            queries = (select(func.count()).select_from(rule.table).where(rule.due(before)) for rule in RULES[kind])
            return sum(int(connection.scalar(query) or 0) for query in queries)

        return await self._database.report(unit)

    async def sweep(self, kind: Kind) -> int:
        """See the port."""
        before = self._before()
        return sum([await self._sweep(rule, rule.due(before)) for rule in RULES[kind]])

    def _before(self) -> Before:
        return Before(self._clock(), self._periods)

    async def _sweep(self, rule: Rule, due: ColumnElement[bool]) -> int:
        keys = list(rule.table.primary_key)
        # They are looked for beside the traffic, so that writing waits for few rows only, by their keys.
        query = select(*keys).where(due).order_by(*keys).limit(rule.batch)
        found = await self._database.report(lambda connection: connection.execute(query).all())
        return await self._database.write(lambda connection: _clear(connection, rule, found, due)) if found else 0


def _clear(connection: Connection, rule: Rule, found: Sequence[Row[Any]], due: ColumnElement[bool]) -> int:
    # Once more whether they are due: a customer may have written meanwhile.
    keys = list(rule.table.primary_key)
    these = (tuple_(*keys).in_([tuple(row) for row in found]), due)
    if rule.table is conversations:
        ids = connection.scalars(select(conversations.c.id).where(*these).with_for_update()).all()
        return delete_conversations(connection, ids)[conversations.name]
    if rule.blank:
        return connection.execute(update(rule.table).where(*these).values(rule.blank)).rowcount
    return connection.execute(delete(rule.table).where(*these)).rowcount

"""What only one process may do at a time: whose turn it is stands in the database, by its clock."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func
from sqlalchemy.dialects.postgresql import insert

from bot.store.database import Database
from bot.store.tables import leases

LENGTH = timedelta(seconds=10)


class PgLease:
    """The port `bot.leading.Lease` on PostgreSQL."""

    def __init__(self, database: Database, name: str, me: str) -> None:
        self._database = database
        self._name = name
        self._me = me

    async def acquire(self) -> bool:
        """See the port."""
        return await self._database.write(self._acquire)

    async def release(self) -> None:
        """See the port."""
        mine = (leases.c.name == self._name, leases.c.holder == self._me)
        await self._database.write(lambda connection: connection.execute(delete(leases).where(*mine)))

    def _acquire(self, connection: Connection) -> bool:
        row = {"holder": self._me, "until": func.now() + LENGTH}
        query = insert(leases).values(name=self._name, **row)
        taken = query.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_=row,
            where=(leases.c.holder == self._me) | (leases.c.until < func.now()),
        )
        return connection.scalar(taken.returning(leases.c.holder)) == self._me

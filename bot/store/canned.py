"""Canned replies: model ↔ rows."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.staff.canned import CannedReply
from bot.staff.errors import TitleTakenError, UnknownReplyError
from bot.store.database import Database
from bot.store.tables import agents, canned

QUERY = select(canned, agents.c.name).outerjoin(agents, canned.c.agent_id == agents.c.id)


class SqlCannedReplies:
    """The port `bot.staff.canned.CannedReplies` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def everything(self) -> Sequence[CannedReply]:
        """See the port."""
        query = QUERY.order_by(canned.c.title)
        return await self._database.read(lambda connection: [_reply(row) for row in connection.execute(query)])

    async def add(self, title: str, text: str, agent_id: int) -> CannedReply:
        """See the port."""
        row = {"title": title, "text": text, "agent_id": agent_id, "updated_at": self._clock()}

        def unit(connection: Connection) -> CannedReply:
            return _get(connection, connection.execute(insert(canned).returning(canned.c.id), row).scalar_one())

        return await self._write(unit, title)

    async def change(self, reply_id: int, title: str, text: str, agent_id: int) -> CannedReply:
        """See the port."""
        change = update(canned).where(canned.c.id == reply_id)
        values = {"title": title, "text": text, "agent_id": agent_id, "updated_at": self._clock()}

        def unit(connection: Connection) -> CannedReply:
            connection.execute(change.values(**values))
            return _get(connection, reply_id)

        return await self._write(unit, title)

    async def remove(self, reply_id: int) -> CannedReply:
        """See the port."""

        def unit(connection: Connection) -> CannedReply:
            reply = _get(connection, reply_id)
            connection.execute(delete(canned).where(canned.c.id == reply_id))
            return reply

        return await self._database.write(unit)

    async def _write(self, unit: Callable[[Connection], CannedReply], title: str) -> CannedReply:
        try:
            return await self._database.write(unit)
        except IntegrityError as error:
            raise TitleTakenError(f"There is a canned reply {title!r} already. Change that one.") from error


def _get(connection: Connection, reply_id: int) -> CannedReply:
    row = connection.execute(QUERY.where(canned.c.id == reply_id)).one_or_none()
    if row is None:
        raise UnknownReplyError(f"There is no canned reply with the number {reply_id}; somebody may have removed it.")
    return _reply(row)


def _reply(row: Row[Any]) -> CannedReply:
    author = (row.agent_id, row.name) if row.agent_id else None
    return CannedReply(row.id, row.title, row.text, author, row.updated_at)

"""What channels must remember: values ↔ rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.store.database import Database
from bot.store.tables import channel_notes


class SqlNotes:
    """The port `bot.channels.port.Notes` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, channel: str, key: str) -> dict[str, Any] | None:
        """See the port."""
        query = select(channel_notes.c.value).where(channel_notes.c.channel == channel, channel_notes.c.key == key)
        return await self._database.read(lambda connection: connection.scalar(query))

    async def keep(self, channel: str, key: str, value: Mapping[str, Any]) -> None:
        """See the port."""
        row = {"value": dict(value), "updated_at": self._clock()}

        def unit(connection: Connection) -> None:
            where = (channel_notes.c.channel == channel, channel_notes.c.key == key)
            if not connection.execute(update(channel_notes).where(*where).values(row)).rowcount:
                connection.execute(insert(channel_notes), {"channel": channel, "key": key, **row})

        try:
            await self._database.write(unit)
        except IntegrityError:
            # Another process kept the first value in this very moment.
            await self._database.write(unit)

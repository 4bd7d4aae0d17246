"""The files of models, kept in the database for processes on other hosts."""

import asyncio
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.clock import Clock
from bot.faq.learning.model import Version
from bot.settings import Settings
from bot.store.database import Database
from bot.store.learning import SqlRecords
from bot.store.tables import model_files

KEPT = 5
"""Files; older ones are removed."""

log = structlog.get_logger(stop="model")


class ShelvedRecords(SqlRecords):
    """The same port, where several hosts share the database: what is activated can be used by all of them."""

    def __init__(self, database: Database, clock: Clock, models: Path) -> None:
        """`models`: this host's folder of model files."""
        super().__init__(database, clock)
        self._models = models

    async def activate(self, version: Version, undone: int | None = None) -> None:
        """See the port; the file goes first, so that nobody looks for it in vain."""
        await self._keep(version.name)
        await super().activate(version, undone)

    async def complete(self, *arguments: Any) -> None:
        """See the port."""
        version: Version = arguments[3]
        await self._keep(version.name)
        await super().complete(*arguments)

    async def find_active(self) -> Version | None:
        """See the port; its file is here then, if it is anywhere."""
        active = await super().find_active()
        if active and not self._file(active.name).is_file():
            await self._fetch(active.name)
        return active

    async def _keep(self, name: str) -> None:
        file = self._file(name)
        if not file.is_file():
            return
        row = {"version": name, "data": await asyncio.to_thread(file.read_bytes), "kept_at": self._clock()}

        def unit(connection: Connection) -> None:
            again = {"kept_at": row["kept_at"]}
            query = insert(model_files).values(row)
            connection.execute(query.on_conflict_do_update(index_elements=[model_files.c.version], set_=again))
            newest = select(model_files.c.version).order_by(model_files.c.kept_at.desc()).limit(KEPT)
            connection.execute(delete(model_files).where(model_files.c.version.not_in(newest)))

        await self._database.write(unit)

    async def _fetch(self, name: str) -> None:
        query = select(model_files.c.data).where(model_files.c.version == name)
        data = await self._database.read(lambda connection: connection.scalar(query))
        if data is None:
            return
        await asyncio.to_thread(_write, self._file(name), data)
        log.info("model fetched", version=name)

    def _file(self, name: str) -> Path:
        return self._models / f"{name}.tar.gz"


def choose_records(settings: Settings, database: Database, clock: Clock) -> SqlRecords:
    """Those that fit the database."""
    if database.bus is None:
        return SqlRecords(database, clock)
    return ShelvedRecords(database, clock, settings.models)


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Under another name first: whoever sees the file sees all of it.
    part = file.with_suffix(".part")
    part.write_bytes(data)
    part.rename(file)

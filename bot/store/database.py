"""How units of work are run on a database, whichever it is: see sqlite.py, server.py, and choose.py."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, text

from bot.errors import PostboteError, UnavailableError
from bot.store.bus import PgBus
from bot.store.migrate import upgrade

T = TypeVar("T")


class AwayError(PostboteError):
    """The database does not answer."""

    code = "database_away"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database does not answer ({reason}). "
            "Does it run, and is POSTBOTE_DATABASE_URL right? python -m bot doctor looks at all the rest."
        )


class Database(ABC):
    """
    Runs units of work: plain functions on a SQLAlchemy `Connection`.

    The functions are the same for every database; how they are run is not. An
    asynchronous driver for SQLite changes threads for every statement, which
    costs ten times the statement; here a whole unit changes threads once.

    All of them raise UnavailableError while the database is away, or has no room.
    """

    folder: Path | None = None
    """Where the file of an SQLite database lies; a server has none."""
    bus: PgBus | None = None
    """How processes that share it tell each other what happened; None: no others can share it."""

    @abstractmethod
    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run queries."""

    @abstractmethod
    async def look_up(self, unit: Callable[[Connection], T]) -> T:
        """Run queries for few rows by their keys, which are done at once."""

    @abstractmethod
    async def report(self, unit: Callable[[Connection], T]) -> T:
        """Run queries that may take long: what customers wait for goes on beside them."""

    @abstractmethod
    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run a transaction: all of it, or nothing when `unit` raises."""

    async def put_down(self, unit: Callable[[Connection], T]) -> T:
        """As `write`, of few rows by their keys, which is done at once."""
        return await self.write(unit)

    async def migrate(self) -> None:
        """
        Run every migration that the database has not seen; processes that start together do it one by one.

        Raises AwayError when it does not answer, and what `bot.store.migrate` raises.
        """
        try:
            await self.ping()
        except UnavailableError as error:
            raise AwayError(error.reason) from error
        await self._upgrade()

    async def _upgrade(self) -> None:
        await self.write(upgrade)

    async def ping(self) -> None:
        """Raises UnavailableError when the database does not answer."""
        await self.read(lambda connection: connection.execute(text("SELECT 1")))

    @abstractmethod
    async def compact(self) -> None:
        """After an erasure: what was deleted is overwritten or given free, also in files beside the database's."""

    @abstractmethod
    async def close(self) -> None:
        """Give every connection back."""

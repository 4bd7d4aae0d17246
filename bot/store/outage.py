"""Tell that the database is away, or full, from a mistake in what it was asked."""

import sqlite3
from types import TracebackType

import asyncpg
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import UnavailableError

OURS = (IntegrityError, ProgrammingError, DataError, NotSupportedError)
"""What an answering database says of a query; all else of the DBAPI's is about the database itself."""
UNCONNECTED = (PoolTimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""What comes from a driver past SQLAlchemy, while a connection is made."""


class Outages:
    """A block in which an outage is raised as UnavailableError, with the driver's error as its cause."""

    def __enter__(self) -> None:
        """Nothing is to be prepared."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and _is_outage(error):
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise UnavailableError(f"{type(cause).__name__}: {cause}".partition("\n")[0]) from error


OUTAGES = Outages()


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, DBAPIError) and not isinstance(error, OURS):
        cause = error.orig
        # SQLite's word for a faulty statement.
        return not (isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_ERROR)
    return isinstance(error, UNCONNECTED)

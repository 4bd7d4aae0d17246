"""An SQLite file is served by one process: two would take each other's turns, and each would think the other dead."""

import contextlib
from collections.abc import Iterator

from bot.errors import PostboteError
from bot.file_lock import FileLock
from bot.store.choose import sqlite_file


class ServedError(PostboteError):
    """Another process serves from this file."""

    code = "database_served"


@contextlib.contextmanager
def served_by_us(address: str) -> Iterator[None]:
    """
    No other process that asks for it serves from this database meanwhile; a server's is for many, and is not held.

    Raises ServedError when one does, and what `bot.store.choose.sqlite_file` raises.
    """
    file = sqlite_file(address)
    if file is None:
        yield
        return
    # Not the database itself: to close it would end SQLite's own locks, https://www.sqlite.org/howtocorrupt.html
    lock = FileLock(file.with_name(f"{file.name}-serving"))
    if not lock.acquire():
        raise ServedError(
            f"Another process serves from {file} already, and an SQLite file is for one. Stop that one, or name "
            "another database: POSTBOTE_DATABASE_URL=sqlite:///other.db; several processes can share PostgreSQL."
        )
    with lock.held():
        yield

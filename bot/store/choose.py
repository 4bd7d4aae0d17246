"""Which database the settings name."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError
from bot.store.database import Database
from bot.store.server import ServerDatabase
from bot.store.sqlite import SqliteDatabase


def open_database(address: str) -> Database:
    """Raises what `sqlite_file` raises."""
    url = _url(address)
    file = sqlite_file(address)
    return SqliteDatabase(url.set(drivername="sqlite"), file) if file else ServerDatabase(url)


def sqlite_file(address: str) -> Path | None:
    """
    The file of SQLite that `address` names, whose folder is made; None for a server.

    Raises SettingsError when it is no SQLAlchemy URL, or names SQLite and no file.
    """
    url = _url(address)
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise SettingsError("POSTBOTE_DATABASE_URL must name a file: what is accepted must survive the process.")
    file = Path(url.database)
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except ArgumentError as error:
        raise SettingsError(
            "POSTBOTE_DATABASE_URL is no database URL. Write one such as sqlite:///var/postbote.db."
        ) from error

"""Which database the settings name."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError
from bot.store.database import Database
from bot.store.server import ServerDatabase
from bot.store.sqlite import SqliteDatabase


def open_database(address: str) -> Database:
    """Raises SettingsError when `address` is no SQLAlchemy URL. The folder of an SQLite file is made."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise SettingsError(
            "POSTBOTE_DATABASE_URL is no database URL. Write one such as sqlite:///var/postbote.db."
        ) from error
    if url.get_backend_name() != "sqlite":
        return ServerDatabase(url)
    if not url.database or url.database == ":memory:":
        raise SettingsError("POSTBOTE_DATABASE_URL must name a file: what is accepted must survive the process.")
    file = Path(url.database)
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteDatabase(url.set(drivername="sqlite"), file)

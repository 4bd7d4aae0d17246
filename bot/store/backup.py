"""
Copies of the database, and back.

Of SQLite by its online backup (https://www.sqlite.org/backup.html): one reading transaction, beside which customers
write on. A copy is a tar file with the database, the key that seals what waits in it, and what the copy is of.
"""

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import URL, make_url

from bot.errors import PostboteError
from bot.identity.secrets import FILE as KEY
from bot.store.revisions import pending_after

DATABASE, MANIFEST = "postbote.db", "manifest.json"
CHUNK = 1024 * 1024
FAULTS = (tarfile.TarError, zlib.error, EOFError, KeyError, ValueError, TypeError)
"""Of a file that is none of ours, or not all of one."""


class BackupError(PostboteError):
    """A copy could not be made or not be put back; nothing was changed."""

    code = "backup"


@dataclass(frozen=True)
class Manifest:
    """What a copy is of."""

    made_at: str
    revisions: list[str]
    messages: int
    """How many there are in it: for whoever looks whether it is the right one."""


def back_up(database: Path, target: Path, now: datetime) -> Manifest:
    """Of the SQLite file, while others write to it. Raises BackupError; `target` is there whole, or not at all."""
    if not database.exists():
        raise BackupError(f"There is no database at {database}. Look at POSTBOTE_DATABASE_URL.")
    if target.exists():
        raise BackupError(
            f"{target} is there already. Name another file: a copy never takes the place of an older one."
        )
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE
            _copy(database, copy)
            manifest = Manifest(now.isoformat(), *_check(copy))
            packed = Path(folder) / "packed"
            _pack(packed, copy, database.parent / KEY, manifest)
            packed.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{target} could not be made: {error}. Is there space, and may we write there?") from error
    _sync(target.parent)
    return manifest


def restore(source: Path, database: Path, now: datetime) -> tuple[Manifest, Path | None]:
    """
    In the place of the SQLite file, which no process may have open; returns also where that lies now.

    Raises BackupError, and what `pending_after` raises; then all is as it was.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _unpacked(source, database.parent) as (copy, key, manifest):
            _check(copy)
            pending_after(manifest.revisions)
            aside = _set_aside(database, f".before-{now:%Y%m%d-%H%M%S}")
            if key:
                # In a copy without one it is in POSTBOTE_SECRET_KEY.
                _set_aside(database.parent / KEY, f".before-{now:%Y%m%d-%H%M%S}")
                key.replace(database.parent / KEY)
            copy.replace(database)
    except (*FAULTS, OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{source} could not be restored: {error!r}. Is it a file of `python -m bot backup`?"
        ) from error
    _sync(database.parent)
    return manifest, aside


def dump_command(address: str, file: Path) -> list[str]:
    """For PostgreSQL: what makes a copy. Passwords come from ~/.pgpass or PGPASSWORD, never by the command line."""
    return ["pg_dump", "--format=custom", "--no-owner", f"--file={file}", f"--dbname={_without_password(address)}"]


def load_command(address: str, file: Path) -> list[str]:
    """For PostgreSQL: what puts one back, all of it or nothing."""
    words = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
    return [*words, f"--dbname={_without_password(address)}", str(file)]


def _without_password(address: str) -> str:
    url = make_url(address)
    name = url.get_backend_name()
    return URL.create(name, url.username, None, url.host, url.port, url.database, url.query).render_as_string()


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database)) as reading, closing(sqlite3.connect(copy)) as writing:
        # All pages at once: in steps it would begin anew at every write of another process.
        reading.backup(writing, pages=-1)
        # One file, without a log beside it.
        writing.execute("PRAGMA journal_mode=DELETE")


def _check(copy: Path) -> tuple[list[str], int]:
    """Its revisions, and how many messages are in it. Raises BackupError when it is damaged."""
    with closing(sqlite3.connect(copy)) as connection:
        if (found := connection.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BackupError(f"The database is damaged: {found}. Restore an older copy.")
        revisions = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
        return revisions, connection.execute("SELECT count(*) FROM messages").fetchone()[0]


def _pack(target: Path, copy: Path, key: Path, manifest: Manifest) -> None:
    with open(target, "xb", opener=_for_us_alone) as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            _add(archive, MANIFEST, io.BytesIO(json.dumps(asdict(manifest)).encode()))
            for name, path in ((KEY, key), (DATABASE, copy)):
                if path.exists():
                    with path.open("rb") as content:
                        _add(archive, name, content)
        file.flush()
        os.fsync(file.fileno())


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = content.seek(0, os.SEEK_END)
    info.mode = 0o600
    content.seek(0)
    archive.addfile(info, content)


@contextmanager
def _unpacked(source: Path, folder: Path) -> Iterator[tuple[Path, Path | None, Manifest]]:
    """The database, the key if there is one, and what they are of; beside where they are to be."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as beside, tarfile.open(source) as archive:
        manifest = Manifest(**json.loads(_member(archive, MANIFEST).read()))
        names = [name for name in (DATABASE, KEY) if name in archive.getnames()]
        for name in names:
            with open(Path(beside) / name, "xb", opener=_for_us_alone) as file:
                shutil.copyfileobj(_member(archive, name), file, CHUNK)
                os.fsync(file.fileno())
        yield Path(beside) / DATABASE, Path(beside) / KEY if KEY in names else None, manifest


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """Only by its name, whatever else is in the file. Raises KeyError when it is missing."""
    content = archive.extractfile(name)
    if content is None:
        raise KeyError(name)
    return content


def _set_aside(file: Path, suffix: str) -> Path | None:
    if not file.exists():
        return None
    if file.name != KEY:
        _check_unused(file)
    aside = file.with_name(f"{file.name}{suffix}")
    file.replace(aside)
    return aside


def _check_unused(database: Path) -> None:
    """SQLite lets only who is alone leave its write-ahead log; that also puts all of it into the one file."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise BackupError(f"{database} is in use ({error}). Stop the server first.") from error


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """A file's new name is on disk only after its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

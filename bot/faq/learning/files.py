"""Write the files of a publication, put them back as they were, and let one process at a time do so."""

import fcntl
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from bot.faq.learning.model import Edit
from bot.faq.writer import save


def read(path: Path) -> str | None:
    """To the letter, line ends and all; None where there is no such file."""
    return path.read_bytes().decode() if path.exists() else None


def unified(text: str | None) -> str | None:
    """As it is parsed: without a byte order mark, and with the line ends of Unix."""
    return None if text is None else re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))


def write(edits: Iterable[Edit]) -> None:
    """Each file in one step."""
    for edit in edits:
        path = Path(edit.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, edit.after)


def are_written(edits: Iterable[Edit]) -> bool:
    """Whether each file still is as `write` left it."""
    return all(unified(read(Path(edit.path))) == edit.after for edit in edits)


def restore(edits: Iterable[Edit]) -> list[str]:
    """Put each file back as it was, except those that somebody else changed meanwhile: their paths are returned."""
    foreign = []
    for edit in edits:
        path = Path(edit.path)
        present = read(path)
        if present == edit.before:
            continue
        if unified(present) != edit.after:
            foreign.append(edit.path)
        elif edit.before is None:
            path.unlink()
        else:
            _put_back(path, edit.before)
    return foreign


def _put_back(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(text.encode())
    new.replace(path)


class Lock:
    """
    Held by the one process that publishes.

    The kernel gives it free when its holder dies, so whoever gets it knows that
    a publication that is not at its end has lost its process.
    """

    def __init__(self, path: Path) -> None:
        """Processes that share the FAQ must share this file; it is made when it is needed."""
        self._path = path
        self._file: int | None = None

    @classmethod
    def of(cls, models: Path) -> Self:
        """The one of those who share this folder of models."""
        return cls(models / ".publishing.lock")

    def acquire(self) -> bool:
        """Whether it is ours now; False at once if it is another's, or ours already."""
        if self._file is not None:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Somebody else may have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

"""Write the files of a publication, put them back as they were, and let one process at a time do so."""

import re
from collections.abc import Iterable
from pathlib import Path

from bot.faq.learning.model import Edit
from bot.faq.writer import save
from bot.file_lock import FileLock


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


def publishing(models: Path) -> FileLock:
    """Held by the one process that publishes, of those who share this folder of models and the FAQ."""
    return FileLock(models / ".publishing.lock")

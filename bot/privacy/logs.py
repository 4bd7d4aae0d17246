"""Log files: where they hold an address, and put it out."""

import glob
import gzip
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from bot.errors import PostboteError
from bot.privacy.needle import Needle

PACKED = ".gz"


class LogError(PostboteError):
    """A log file cannot be read or changed."""

    code = "log"


@dataclass(frozen=True)
class Hit:
    """A line with the address."""

    file: str
    line: int
    text: str


def log_files(patterns: Iterable[str]) -> Sequence[Path]:
    """Those that they name; `*` and `?` as in a shell. Raises LogError for a name without a file."""
    files: list[Path] = []
    for pattern in patterns:
        found = [Path(name) for name in sorted(glob.glob(pattern))]
        if not found and not glob.has_magic(pattern):
            raise LogError(f"There is no log file {pattern}. Look at --log and POSTBOTE_PRIVACY_LOGS.")
        files += [file for file in found if file.is_file()]
    return list(dict.fromkeys(files))


def find_lines(file: Path, needle: Needle) -> Iterator[Hit]:
    """Lines that hold it. Raises LogError."""
    try:
        with _open(file) as lines:
            for number, line in enumerate(lines, 1):
                if needle.blanked(line) != line:
                    yield Hit(str(file), number, line.decode("utf-8", "replace").rstrip("\r\n"))
    except (OSError, EOFError) as error:
        raise LogError(f"{file} cannot be read: {error}.") from error


def put_out(file: Path, needle: Needle) -> int:
    """
    Stars in its place; how many lines had it. Raises LogError.

    A plain file is changed in its place and keeps its length, so that whoever writes to it goes on. A packed one,
    to which nobody writes any more, is packed anew.
    """
    try:
        return _put_out_packed(file, needle) if file.suffix == PACKED else _put_out_plain(file, needle)
    except (OSError, EOFError) as error:
        raise LogError(f"{file} cannot be changed: {error}. Do it by hand, or as its owner.") from error


def _open(file: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(file)) if file.suffix == PACKED else file.open("rb")


def _put_out_plain(file: Path, needle: Needle) -> int:
    lines = 0
    with file.open("r+b") as log:
        place = 0
        while line := log.readline():
            blanked = needle.blanked(line)
            if blanked != line:
                log.seek(place)
                log.write(blanked)
                lines += 1
            place += len(line)
            log.seek(place)
    return lines


def _put_out_packed(file: Path, needle: Needle) -> int:
    lines = 0
    beside = file.with_name(f".{file.name}.new")
    with gzip.open(file) as old, gzip.open(beside, "wb") as new:
        for line in old:
            blanked = needle.blanked(line)
            lines += blanked != line
            new.write(blanked)
    if not lines:
        beside.unlink()
        return 0
    shutil.copystat(file, beside)
    beside.replace(file)
    return lines

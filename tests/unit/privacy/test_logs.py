"""Log files keep their length and their lines; the address is gone."""

import gzip
from pathlib import Path

import pytest

from bot.privacy.logs import LogError, find_lines, log_files, put_out
from bot.privacy.person import person_of

NEEDLE = person_of("anna@beispiel.de").needle
assert NEEDLE
LINES = (
    b"eins Anna@Beispiel.de zwei\nnichts\nanna@beispiel.de anna@beispiel.de\r\n\xff\xfe kaputt\n"
    b"ohne Ende anna@beispiel.de"
)


def test_in_place_while_somebody_writes(tmp_path: Path) -> None:
    """Who has the file open for appending goes on where it ends."""
    file = tmp_path / "log"
    file.write_bytes(LINES)
    with file.open("ab", buffering=0) as writer:
        writer.write(b"!\n")
        assert put_out(file, NEEDLE) == 3
        writer.write(b"danach\n")
    kept = file.read_bytes()
    assert len(kept) == len(LINES) + len(b"!\ndanach\n")
    assert kept.startswith(b"eins **************** zwei\nnichts\n")
    assert kept.endswith(b"****************!\ndanach\n")
    assert b"anna" not in kept.lower()
    assert put_out(file, NEEDLE) == 0


def test_packed(tmp_path: Path) -> None:
    """Rotated ones are packed anew, if they have it."""
    file = tmp_path / "log.1.gz"
    file.write_bytes(gzip.compress(LINES))
    assert put_out(file, NEEDLE) == 3
    assert b"anna" not in gzip.decompress(file.read_bytes()).lower()
    before = file.read_bytes()
    assert put_out(file, NEEDLE) == 0
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["log.1.gz"]


def test_where_it_is(tmp_path: Path) -> None:
    """By file and line."""
    file = tmp_path / "log"
    file.write_bytes(LINES)
    assert [(hit.line, hit.text[:10]) for hit in find_lines(file, NEEDLE)] == [
        (1, "eins Anna@"),
        (3, "anna@beisp"),
        (5, "ohne Ende "),
    ]


def test_which_files(tmp_path: Path) -> None:
    """As a shell finds them, each once; a name without a file is a slip."""
    for name in ("a.log", "a.log.1.gz", "b.txt"):
        (tmp_path / name).touch()
    found = log_files([f"{tmp_path}/*.log*", f"{tmp_path}/a.log", f"{tmp_path}/*.none"])
    assert [file.name for file in found] == ["a.log", "a.log.1.gz"]
    with pytest.raises(LogError, match=r"c\.log"):
        log_files([f"{tmp_path}/c.log"])


def test_a_broken_one_is_named(tmp_path: Path) -> None:
    """Nothing is said to be done that is not."""
    file = tmp_path / "log.gz"
    file.write_bytes(gzip.compress(LINES)[:-20])
    with pytest.raises(LogError, match=r"log\.gz"):
        put_out(file, NEEDLE)

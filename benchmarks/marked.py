"""A part of a Markdown file that is written by code, between two marks."""

import re
from pathlib import Path

README = Path(__file__).parent / "README.md"
MEASURED, SIZE = "<!-- measured -->", "<!-- size -->"
"""Marks in it: of the table of speed, and of what conversations and processes take."""
LOAD, CHAOS = "<!-- load -->", "<!-- chaos -->"
"""Of a crowd's figures, and of the table of faults."""


def read_marked(file: Path, mark: str) -> str:
    """What stands between the marks."""
    return file.read_text("utf-8").split(mark)[1].strip("\n")


def write_marked(file: Path, mark: str, text: str) -> None:
    """Put it there."""
    before, _, after = file.read_text("utf-8").split(mark)
    file.write_text(f"{before}{mark}\n{text}\n{mark}{after}", "utf-8")


def read_table(text: str) -> dict[str, list[float | None]]:
    """The figures of a table's lines, by the name in the first cell."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    return {name: [_figure(cell) for cell in cells] for name, *cells in lines if name and not name.startswith("-")}


def _figure(cell: str) -> float | None:
    return float(cell.replace(",", "")) if re.fullmatch(r"-?[\d,]+(\.\d+)?", cell) else None

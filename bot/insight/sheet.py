"""Tables for spreadsheets: CSV that the spreadsheets of a language open as it is meant."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = str | int | float | None
# What a spreadsheet takes for a formula, or goes round to one: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True)
class Style:
    """What spreadsheets of a language expect."""

    separator: str
    decimal: str


GERMAN, ENGLISH = Style(";", ","), Style(",", ".")


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], style: Style) -> str:
    """With a byte order mark, without which Excel takes umlauts for something else. No text becomes a formula."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=style.separator, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_show(cell, style) for cell in row] for row in rows)
    return "\N{BYTE ORDER MARK}" + file.getvalue()


def _show(cell: Cell, style: Style) -> str:
    match cell:
        case None:
            return ""
        case float():
            return f"{cell:.2f}".replace(".", style.decimal)
        case int():
            return str(cell)
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text

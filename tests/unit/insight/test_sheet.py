"""CSV of figures."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.sheet import ENGLISH, FORMULA, GERMAN, Style, to_csv

STYLES = [GERMAN, ENGLISH]


def read(text: str, style: Style) -> list[list[str]]:
    """As a spreadsheet of the language does."""
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=style.separator))


def test_each_language_has_its_style() -> None:
    """So that a double click opens columns, and numbers are numbers."""
    rows = [["Größe?", 3, 4.5, None]]
    assert to_csv(["what", "count", "mean", "x"], rows, GERMAN) == "\ufeffwhat;count;mean;x\r\nGröße?;3;4,50;\r\n"
    assert to_csv(["what", "count", "mean", "x"], rows, ENGLISH) == "\ufeffwhat,count,mean,x\r\nGröße?,3,4.50,\r\n"


@pytest.mark.parametrize(
    "evil",
    [
        "=1+1",
        "+49 171 5550123",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        '=HYPERLINK("http://evil.example";"klick")',
        "＝1",
        "\0=1",
        "=cmd|' /C calc'!A0",
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_no_text_of_a_customer_becomes_a_formula(evil: str, style: Style) -> None:
    """An apostrophe makes it a text."""
    (_, (cell,)) = read(to_csv(["text"], [[evil]], style), style)
    assert cell == "'" + evil.replace("\0", "")


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5), st.sampled_from(STYLES))
def test_whatever_is_said_stays_in_its_cell(rows: list[list[str]], style: Style) -> None:
    """Separators, quotes and line ends as well; and none is a formula."""
    back = read(to_csv(["a", "b"], rows, style), style)[1:]
    assert [
        [unescaped(cell, said) for cell, said in zip(*pair, strict=True)] for pair in zip(back, rows, strict=True)
    ] == [[said.replace("\0", "") for said in row] for row in rows]
    assert not any(cell.lstrip(" ").startswith(FORMULA) for row in back for cell in row)


def unescaped(cell: str, said: str) -> str:
    """Without the apostrophe, where one was put."""
    return cell.removeprefix("'") if not said.replace("\0", "").startswith("'") else cell


@given(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(STYLES))
def test_numbers_are_numbers(whole: int, part: float, style: Style) -> None:
    """Negative ones, too: only texts are feared."""
    (_, (first, second)) = read(to_csv(["a", "b"], [[whole, part]], style), style)
    assert int(first) == whole
    assert float(second.replace(style.decimal, ".")) == pytest.approx(part, abs=0.005)

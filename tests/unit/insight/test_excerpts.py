"""The few words around what was searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.excerpts import BEFORE, LENGTH, excerpt

LONG = " ".join(f"wort{number}" for number in range(200))


def test_a_short_text_is_shown_whole() -> None:
    """On one line."""
    assert excerpt("Welchen  Port\nbrauche ich?", ["PORT"]) == "Welchen Port brauche ich?"


def test_a_long_text_is_cut_around_the_hit() -> None:
    """Between words."""
    cut = excerpt(LONG, ["WORT100"])
    assert cut.startswith("… wort9")
    assert " wort100 " in cut
    assert cut.endswith(" …")


@pytest.mark.parametrize("needles", [[], ["nirgends"]])
def test_without_a_hit_the_beginning_is_shown(needles: list[str]) -> None:
    """Of a ticket, say, that nobody mentioned."""
    assert excerpt(LONG, needles).startswith("wort0 wort1 ")


def test_what_is_searched_for_is_no_pattern() -> None:
    """A dot is a dot."""
    assert excerpt(f"{LONG} a.b {LONG}", ["a.b"]).count("a.b") == 1


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_an_excerpt_is_short_whatever_the_text(text: str, needles: list[str]) -> None:
    """Never more than the length and the dots; nothing that is not in the text."""
    cut = excerpt(text, needles)
    assert len(cut) <= LENGTH + 4
    assert cut.removeprefix("… ").removesuffix(" …") in " ".join(text.split())


@given(st.text(alphabet="ab ", max_size=400), st.text(alphabet="ab ", max_size=400))
def test_the_hit_is_in_its_excerpt(before: str, behind: str) -> None:
    """Wherever it stands."""
    assert "NADEL" in excerpt(f"{before} NADEL {behind}", ["nadel"])
    assert BEFORE < LENGTH

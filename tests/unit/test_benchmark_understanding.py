"""`make quality`: the verdict on an aim, and vanilla Rasa's guesses that are kept."""

from pathlib import Path

import pytest

from benchmarks.understanding import recorded
from benchmarks.understanding.aims import missed, verdict

ASKED = {"language": "de", "train": [["hallo", "greet"]], "ask": ["hi", "imap?"], "settings": "pipeline: []"}
FOUND = [("greet", ["greet", "faq/imap"]), ("out_of_scope", ["faq/imap", "greet"])]


@pytest.mark.parametrize(
    ("aim", "percent", "said"),
    [
        ("≥ 96 %", 96.0, "≥ 96 %, met"),
        ("≥ 96 %", 95.2, "≥ 96 %, missed by 0.8"),
        ("≤ 3 %", 3.1, "≤ 3 %, missed by 0.1"),
        ("> 82.9 %", 82.9, "> 82.9 %, missed by 0.0"),
        ("", 12.0, ""),
    ],
)
def test_an_aim_is_met_or_missed(aim: str, percent: float, said: str) -> None:
    assert verdict(aim, percent) == said


def test_what_is_missed_is_told_with_its_reason() -> None:
    """One line for the rows of a reason; a row without one says so."""
    rows = [
        ("abfall, question only: ranked first", "≥ 60 %, missed by 10.0", "50.0 %", "–"),
        ("sparkasse, question only: ranked first", "≥ 60 %, missed by 20.0", "40.0 %", "–"),
        ("own, in scope: right", "≥ 96 %, met", "97.0 %", "–"),
        ("own, all: wrong", "≤ 3 %, missed by 1.0", "4.0 %", "–"),
    ]
    foreign, mine = missed(rows)
    assert "*abfall, question only: ranked first*: 50.0 % (≥ 60 %, missed by 10.0); *sparkasse" in foreign
    assert "Needed: phrasings" in foreign
    assert mine.endswith("Nothing was tried yet.")


def test_guesses_are_kept_for_what_was_asked(tmp_path: Path) -> None:
    """And for nothing else: another example makes other guesses."""
    recorded.write("own, alone", ASKED, FOUND, tmp_path)
    assert recorded.read("own, alone", ASKED, tmp_path) == FOUND
    assert recorded.read("own, alone", {**ASKED, "train": []}, tmp_path) is None
    assert recorded.read("another", ASKED, tmp_path) is None

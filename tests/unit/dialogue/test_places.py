"""Which of several offers a short answer names."""

import pytest

from bot.dialogue.places import find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("1.", 0),
        ("die erste", 0),
        ("Das Erste bitte!", 0),
        ("eins", 0),
        ("die oberste", 0),
        ("2", 1),
        ("die zweite", 1),
        ("ja die zweite", 1),
        ("nr. 2", 1),
        ("Frage zwei", 1),
        ("2tes", 1),
        ("ich meine das dritte", 2),
        ("Nummer 3 bitte", 2),
    ],
)
def test_a_place_is_read(text: str, place: int) -> None:
    """As customers write it."""
    assert find_place(text, 3) == place


@pytest.mark.parametrize(
    "text",
    ["", "ja", "nein", "4", "12", "die", "3 GB", "zwei postfächer", "993", "gestern um 2", "die zweite mail ist weg"],
)
def test_other_words_are_none(text: str) -> None:
    """Above all those that only begin so."""
    assert find_place(text, 3) is None


def test_a_place_behind_the_last_is_none() -> None:
    """Of two there is no third."""
    assert find_place("die dritte", 2) is None

"""What is made of a language model's answer, tidy or not."""

import json

import pytest

from bot.faq.phrasings.answer import MOST, read_answer
from bot.faq.phrasings.errors import NoDraftsError

TWO = ("wie geht imap", "imap einrichten am Handy")


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps(TWO),
        f"```json\n{json.dumps(TWO)}\n```",
        f"```\n{json.dumps(TWO, indent=2)}\n```\nSag Bescheid, wenn du mehr brauchst [oder andere].",
        f"Gern! Hier sind [zwei] Formulierungen:\n\n{json.dumps(TWO)}\n\nViel Erfolg {{dir}}!",
        f'<think>Am besten ["eins", "zwei", "drei"].</think>{json.dumps(TWO)}',
        json.dumps({"phrasings": TWO}),
        json.dumps({"du": TWO[:1], "sie": {"kurz": TWO[1:]}}),
        json.dumps({"1": TWO[0], "2": TWO[1]}),
        json.dumps([{"register": "Du", "text": TWO[0]}, {"Formulierung": TWO[1], "art": "Stichwörter und mehr davon"}]),
        json.dumps([{"id": 1, "wording": TWO[0]}, [TWO[1]], 7, None]),
        "\n".join(json.dumps({"register": "du", "text": each}) for each in TWO),
        f'[{{"text": "{TWO[0]}"}}, {{"text": "{TWO[1]}"}}, {{"te',
        f'[\n  "{TWO[0]}",\n  "{TWO[1]}",\n  "wie lad ich ma',
        f"1. {TWO[0]}\n2) „{TWO[1]}“",
        f"Hier sind sie:\n\n- {TWO[0]}\n* {TWO[1]}\n\nIch hoffe, das hilft.",
        json.dumps([f"1. {TWO[0]}", f" „{TWO[1]}“ "]),
        json.dumps(["wie geht\n imap ", TWO[1]]),
    ],
)
def test_the_texts_are_found(answer: str) -> None:
    """In whatever they are wrapped, numbered or quoted."""
    assert read_answer(answer) == TWO


def test_a_number_that_belongs_to_the_text_stays() -> None:
    """Only a numbering goes."""
    assert read_answer('["993 oder 995", "2FA geht nicht"]') == ("993 oder 995", "2FA geht nicht")


def test_duplicates_and_empty_texts_stay_to_be_told() -> None:
    """The judge says what is wrong with them."""
    assert read_answer('["imap", "", "imap"]') == ("imap", "", "imap")


def test_an_endless_list_is_cut() -> None:
    """A model that does not stop has no end of them."""
    assert len(read_answer(json.dumps([f"frage {number}" for number in range(1000)]))) == MOST


@pytest.mark.parametrize(
    "answer",
    [
        "Dabei kann ich leider nicht helfen.",
        "",
        "[]",
        "{}",
        "[1, 2, null]",
        '{"phrasings": []}',
        '["", " "]',
        pytest.param("[" * 100_000, id="brackets"),
        "```json\n```",
    ],
)
def test_an_answer_without_texts_is_told(answer: str) -> None:
    """With its beginning, and what to do."""
    with pytest.raises(NoDraftsError, match=r"no list of phrasings, but “.*POSTBOTE_PHRASINGS_MODEL"):
        read_answer(answer)

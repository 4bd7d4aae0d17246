"""How much the model has to learn from: what the first release promises, counted."""

from collections import Counter

import pytest
import yaml

from bot.faq.reader import read_faq
from bot.faq.words import fold
from tests.conftest import PROJECT

OPENINGS = ("check_quota", "restore_mailbox", "ticket_status", "handoff", "greet", "help", "bot_challenge")
"""Intents that a customer opens a conversation with."""


def phrases(pattern: str = "*.yml") -> list[tuple[str, str]]:
    """Intent and phrase of each line in data/nlu."""
    return [
        (block["intent"], line.removeprefix("- "))
        for file in sorted((PROJECT / "data" / "nlu").glob(pattern))
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
    ]


@pytest.mark.parametrize("intent", OPENINGS)
def test_an_intent_has_eighty_phrases(intent: str) -> None:
    """All different, whatever their spelling."""
    assert len({fold(text) for name, text in phrases() if name == intent}) >= 80


def test_an_entry_has_eighty_phrasings() -> None:
    """Of those that are shipped; an editor's new one does with its question."""
    assert all(len(entry.phrasings) >= 80 for entry in read_faq(PROJECT / "data" / "faq").entries)


def test_most_out_of_scope_examples_are_near() -> None:
    """Three hundred at least."""
    near, far = phrases("out_of_scope_near.yml"), phrases("out_of_scope_far.yml")
    assert len(near) + len(far) >= 300
    assert len(near) > len(far)


def test_no_phrase_stands_twice() -> None:
    """Under two labels it would teach both; under one it would count twice."""
    entries = [
        (f"faq/{entry.slug}", text) for entry in read_faq(PROJECT / "data" / "faq").entries for text in entry.examples
    ]
    counted = Counter(fold(text) for _, text in [*phrases(), *entries])
    assert [text for text, count in counted.items() if text and count > 1] == []

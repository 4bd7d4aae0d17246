"""Short messages after an answer: the figure that tests/quality/README.md states."""

import json
from pathlib import Path

import pytest

from bot.conversations.model import Decision
from bot.dialogue.engine import RasaDialogue
from bot.evaluation.examples import read_examples

HERE = Path(__file__).parent

pytestmark = pytest.mark.slow


def test_follow_ups_are_understood(dialogue: RasaDialogue) -> None:
    """Of 42 at least 35 right; without the context it would be 28. None that is out of scope is answered."""
    rows = [json.loads(line) for line in (HERE / "followups.jsonl").read_text("utf-8").splitlines()]
    understood = [dialogue.understand(row["text"], row["about"]) for row in rows]
    right = [one.labels == (row["label"],) for row, one in zip(rows, understood, strict=True)]
    assert len(rows) == 42
    assert sum(right) >= 35
    outside = [one.decision for row, one in zip(rows, understood, strict=True) if row["label"] == "out_of_scope"]
    assert Decision.ANSWER not in outside


def test_no_context_makes_an_answer_of_what_is_out_of_scope(dialogue: RasaDialogue) -> None:
    """Every held-out out-of-scope message with "und" before it, after an answer from each entry."""
    entries = [label for label in dialogue.labels if "/" in label]
    outside = [example.text for example in read_examples(HERE / "heldout.jsonl", dialogue.labels) if example.kind]
    new = [
        (text, entry)
        for text in (f"und {text}" for text in outside)
        for entry in entries
        if dialogue.understand(text, entry).decision is Decision.ANSWER
        and dialogue.understand(text).decision is not Decision.ANSWER
    ]
    assert new == []

"""How well questions are grouped by likeness: the figure that tests/quality/README.md states."""

import json
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np

from bot.dialogue.nlu.likeness import likeness
from bot.faq.learning.grouping import clusters, telling
from bot.faq.reader import read_faq
from tests.conftest import PROJECT

HELDOUT = Path(__file__).parent / "heldout.jsonl"
PROCEDURES = {"check_quota", "restore_mailbox", "ticket_status", "handoff"}


def test_questions_in_a_group_ask_the_same() -> None:
    """
    Of the held-out messages that are grouped, at least 70 % have the label of most in their group.

    A third is grouped at all, since they were written to be unlike each other.
    """
    rows = [json.loads(line) for line in HELDOUT.read_text("utf-8").splitlines()]
    wanted = [row for row in rows if "/" in row["label"] or row["label"] in PROCEDURES]
    labels = np.array([row["label"] for row in wanted])
    background = [telling(text) for entry in read_faq(PROJECT / "data" / "faq").entries for text in entry.examples]
    alike = partial(likeness, background=background)([telling(row["text"]) for row in wanted])

    groups = [rows for rows in clusters(alike) if len(rows) > 1]
    grouped = sum(map(len, groups))
    same = sum(Counter(labels[rows]).most_common(1)[0][1] for rows in groups)

    print(f"{len(wanted)} messages: {len(groups)} groups of {grouped}, of which {same} share their group's label")
    assert grouped >= 80
    assert same / grouped >= 0.7

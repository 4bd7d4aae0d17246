"""Labelled messages in, figures out."""

import json
from pathlib import Path

import pytest

from bot.conversations.model import Decision
from bot.dialogue.engine import Understood
from bot.evaluation.examples import Example, ExamplesError, read_examples
from bot.evaluation.measure import Outcome, judge, shares
from bot.evaluation.report import figures, predictions, table

LABELS = {"faq/imap", "faq/pop3", "greet", "out_of_scope"}


def understood(decision: Decision, *labels: str) -> Understood:
    """What the bot would do, at some confidence."""
    return Understood("x", decision, labels, 0.75)


ANSWERS = {
    "right": understood(Decision.ANSWER, "faq/imap"),
    "wrong": understood(Decision.ANSWER, "faq/pop3"),
    "asks well": understood(Decision.CLARIFY, "faq/pop3", "faq/imap"),
    "asks in vain": understood(Decision.CLARIFY, "faq/pop3"),
    "declines": understood(Decision.DECLINE, "out_of_scope"),
}


@pytest.mark.parametrize(
    ("text", "label", "outcome"),
    [
        ("right", "faq/imap", Outcome.RIGHT),
        ("wrong", "faq/imap", Outcome.WRONG),
        ("asks well", "faq/imap", Outcome.OFFERED),
        ("asks in vain", "faq/imap", Outcome.MISSED),
        ("declines", "faq/imap", Outcome.DECLINED),
        ("declines", "out_of_scope", Outcome.RIGHT),
        ("right", "out_of_scope", Outcome.WRONG),
        ("asks well", "out_of_scope", Outcome.MISSED),
    ],
)
def test_an_outcome_is_what_the_decision_was_for_the_customer(text: str, label: str, outcome: Outcome) -> None:
    """Right, wrong, asked back with or without the right one, declined."""
    (judged,) = judge([Example(text, label)], ANSWERS.__getitem__)
    assert judged.outcome is outcome


def test_shares_count_entries_given_to_messages_out_of_scope() -> None:
    """A false answer is an FAQ entry where there is none; an action there is wrong, but no false answer."""
    answers = ANSWERS | {"acts": understood(Decision.ACTION, "greet")}
    found = shares(
        judge([Example(text, "out_of_scope") for text in ("right", "acts", "declines", "declines")], answers.get)
    )
    assert (found.outcomes[Outcome.WRONG], found.outcomes[Outcome.RIGHT], found.false_answers) == (0.5, 0.5, 0.25)


def test_the_table_has_a_row_for_all_for_kinds_and_for_each_label() -> None:
    """In percent, as Markdown."""
    examples = [Example("right", "faq/imap"), Example("wrong", "faq/imap"), Example("declines", "out_of_scope", "near")]
    lines = table(judge(examples, ANSWERS.__getitem__)).splitlines()
    rows = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]] for line in lines[2:]}
    assert list(rows) == ["all", "in scope", "out of scope", "near", "faq/imap"]
    assert rows["faq/imap"] == ["2", "50.0 %", "0.0 %", "0.0 %", "0.0 %", "50.0 %", "0.0 %"]
    assert rows["near"][:2] == ["1", "100.0 %"]


def test_figures_are_numbers_of_messages() -> None:
    """And which entries were given to messages that are out of scope."""
    inside = [Example(text, "faq/imap") for text in ("right", "wrong", "asks well")]
    outside = [Example(text, "out_of_scope") for text in ("right", "right", "asks well", "declines")]
    assert figures(judge([*inside, *outside], ANSWERS.__getitem__)) == {
        "count": 7,
        "right": 2,
        "offered": 1,
        "missed": 1,
        "declined": 0,
        "wrong": 3,
        "outside": {"answered": {"faq/imap": 2}, "offered": {"faq/pop3": 1, "faq/imap": 1}},
    }


def test_predictions_are_a_json_line_each() -> None:
    """text, label, decision, labels, confidence."""
    (line,) = predictions(judge([Example("asks well", "faq/imap")], ANSWERS.__getitem__))
    assert json.loads(line) == {
        "text": "asks well",
        "label": "faq/imap",
        "decision": "clarify",
        "labels": ["faq/pop3", "faq/imap"],
        "confidence": 0.75,
    }


def test_examples_are_read_with_their_kind(tmp_path: Path) -> None:
    """Empty lines are left out."""
    file = tmp_path / "m.jsonl"
    file.write_text(
        '{"text": "was ist imap", "label": "faq/imap"}\n\n{"text": "wetter", "label": "out_of_scope", "kind": "far"}\n'
    )
    assert read_examples(file, LABELS) == [
        Example("was ist imap", "faq/imap"),
        Example("wetter", "out_of_scope", "far"),
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"text": "a", "label": "faq/exchange"}', "'faq/exchange' is not known"),
        ('{"text": "a"}', "needs 'label'"),
        ('{"text": 3, "label": "greet"}', "needs 'text'"),
        ('{"text": "  ", "label": "greet"}', "needs 'text'"),
        ('["a"]', "is no object"),
        ('{"text": ', "is no JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    """With file, line and the rule."""
    file = tmp_path / "m.jsonl"
    file.write_text('{"text": "hallo", "label": "greet"}\n' + line + "\n")
    with pytest.raises(ExamplesError, match=complaint) as raised:
        read_examples(file, LABELS)
    assert str(raised.value).startswith(f"{file}:2: ")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_without_messages_is_named(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty, or no text."""
    file = tmp_path / "m.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ExamplesError, match=str(file)):
        read_examples(file, LABELS)

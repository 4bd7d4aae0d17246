"""The figures as a table to read, and the single decisions as lines to search."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.conversations.model import Decision
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.evaluation.measure import Judged, Outcome, shares

HEAD = ("", "messages", *Outcome, "false answers")


def table(judged: Sequence[Judged]) -> str:
    """All, in and out of scope, then each label; shares in percent, as Markdown."""
    rows = [HEAD, *_rows(judged)]
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [
        " | ".join([name.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, others, strict=True))])
        for name, *cells in rows
    ]
    rule = " | ".join(["-" * first, *("-" * (width - 1) + ":" for width in others)])
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


def predictions(judged: Sequence[Judged]) -> Iterator[str]:
    """A JSON line for each message: text, label, decision, labels, confidence."""
    for one in judged:
        understood = one.understood
        values = {
            "text": one.example.text,
            "label": one.example.label,
            "decision": understood.decision,
            "labels": understood.labels,
            "confidence": round(understood.confidence, 4),
        }
        yield json.dumps(values, ensure_ascii=False)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """
    Numbers of messages: `count`, each outcome by its name, and `outside`.

    `outside` says which FAQ entries out-of-scope messages were answered with, or asked back about:
    `{"answered": {label: number}, "offered": {label: number}}`.
    """
    counted = Counter(one.outcome for one in judged)
    outside = [one.understood for one in judged if one.example.label == OUT_OF_SCOPE]
    return {
        "count": len(judged),
        **{outcome.value: counted[outcome] for outcome in Outcome},
        "outside": {
            "answered": Counter(each.labels[0] for each in outside if each.decision is Decision.ANSWER),
            "offered": Counter(
                label for each in outside if each.decision is Decision.CLARIFY for label in each.labels if "/" in label
            ),
        },
    }


def _rows(judged: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    outside = [one for one in judged if one.example.label == OUT_OF_SCOPE]
    inside = [one for one in judged if one.example.label != OUT_OF_SCOPE]
    yield _row("all", judged)
    yield _row("in scope", inside)
    yield _row("out of scope", outside)
    for kind in sorted({one.example.kind for one in outside if one.example.kind}):
        yield _row(f"  {kind}", [one for one in outside if one.example.kind == kind])
    for label in sorted({one.example.label for one in inside}):
        yield _row(label, [one for one in inside if one.example.label == label])


def _row(name: str, judged: Sequence[Judged]) -> tuple[str, ...]:
    if not judged:
        return (name, "0", *("–" for _ in HEAD[2:]))
    found = shares(judged)
    figures = (*(found.outcomes[outcome] for outcome in Outcome), found.false_answers)
    return (name, str(found.count), *(f"{100 * figure:.1f} %" for figure in figures))

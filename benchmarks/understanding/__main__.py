"""
Measure understanding and write benchmarks/understanding.md: Postbote, NLP.js and, with --vanilla, Rasa's default.

All learn the same data in the same run, with fixed seeds. Public sets are measured where `--public` names their folder.
"""

import argparse
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.systems import PROJECT
from benchmarks.understanding import figures as of
from benchmarks.understanding import tables
from benchmarks.understanding.aims import Row, missed
from benchmarks.understanding.data import Task, own
from benchmarks.understanding.systems import Guess, nlpjs, postbote, vanilla

OUT = PROJECT / "benchmarks" / "understanding.md"
HEAD = ("", "aim", "Postbote", "NLP.js", "vanilla Rasa")
INTRODUCTION = """# Understanding
Written by `make quality`; what was tried, and why, is in docs/decisions/0008-understanding.md.
Each system learnt the same examples; only Postbote reads the FAQ's answers as well. Vanilla Rasa trains half
an hour at a task, or several, so its guesses are kept in benchmarks/vanilla/guesses, and used for the very same
examples and messages only. A dash: it was not trained on that yet (`make quality VANILLA=.venv-vanilla` does)."""


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__)
    parser.add_argument("--public", type=Path, metavar="DIR", help="folder of the public sets")
    parser.add_argument("--vanilla", type=Path, metavar="ENV", help="environment of vanilla Rasa (takes hours, once)")
    parser.add_argument("--vanilla-up-to", type=int, default=10**6, metavar="N", help="tasks of N examples at most")
    args = parser.parse_args()
    skipped = partial(_vanilla, environment=args.vanilla, most=args.vanilla_up_to)
    text = "\n".join(_report((postbote, nlpjs, skipped), args.public))
    OUT.write_text(text + "\n", "utf-8")
    print(text)


def _vanilla(task: Task, environment: Path | None, most: int) -> list[Guess] | None:
    return vanilla(task, environment if sum(len(lesson.examples) for lesson in task.lessons) <= most else None)


def _report(systems: tables.Systems, public: Path | None) -> Iterator[str]:
    task = own()
    answers = tables.ask(systems, task)
    foreign = list(tables.foreign_rows(systems, task.lessons))
    alone = [row for row, _ in tables.foreign_rows(systems, ())]
    rows = [*tables.own_rows(answers), *(row for row, _ in foreign)]
    restored = list(tables.restore_rows())
    published = list(tables.public_rows(systems, public)) if public else []
    yield INTRODUCTION
    yield from _table(HEAD, rows)
    yield "\n## What is missed, by how much, and why\n"
    yield from missed([*rows, *restored, *published])
    yield "\n## What Postbote does with the messages of the foreign FAQs\n"
    yield from (f"- {row[0].partition(':')[0]}: {decided}" for row, decided in foreign if decided)
    yield "\n## Foreign FAQs alone\nThe same without the project's intents and out-of-scope examples beside them."
    yield from _table(HEAD, alone)
    yield "\n## Robustness\nHeld-out messages in scope again; in brackets the loss in points."
    yield from _table(HEAD, tables.robust_rows(systems, task))
    yield from _own_ways(answers[0] or [])
    yield "\n## Restore messages"
    yield from _table(("", "aim", "read rightly"), restored)
    yield "\n## Public sets"
    if published:
        yield "Trained on their training split with the product's own pipeline."
        yield from _table((*HEAD, "published, no pre-trained model"), published)
    else:
        yield "Skipped: `--public` named no folder with them."


def _own_ways(ours: of.Asked) -> Iterator[str]:
    yield "\n## Calibration\nAnswers and actions on all held-out messages: how many are right at a confidence."
    yield from _table(("confidence", "number", "mean", "right"), of.reliability(ours))
    asked = of.inside(of.asks_back(ours))
    yield "\n## Clarification"
    yield f"Asked back on {len(asked)} held-out messages in scope; {of.percent(of.share(asked, of.is_offered))} of the"
    yield "questions held the right one. After two in a row a person is called (tests/stories/faq.txt)."


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield f"\n| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()

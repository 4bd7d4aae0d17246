"""From tasks to rows of the tables: a measure, its aim, and each system's figure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.understanding import figures as of
from benchmarks.understanding import restore
from benchmarks.understanding.aims import Row, verdict
from benchmarks.understanding.data import FOREIGN, PUBLIC, Task, foreign, public
from benchmarks.understanding.robust import VARIANTS, varied
from benchmarks.understanding.systems import Guess
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.lessons import Lesson
from bot.evaluation.examples import Example

Systems = Sequence[Callable[[Task], list[Guess] | None]]
Answers = Sequence[of.Asked | None]
Holds = Callable[[Example, Guess], bool]
AIMS = {False: ("≥ 60 %", "≥ 82 %"), True: ("≥ 90 %", "≥ 97 %")}
PUBLIC_AIMS = {"massive_de": "> 82.9 %", "clinc150_full": "> 91.5 %"}
BRAUN = PUBLIC[:3]
PUBLISHED = {
    "braun_chatbot: accuracy": "99 % (NLP.js)",
    "braun_askubuntu: accuracy": "94 % (NLP.js)",
    "braun_webapps: accuracy": "85 % (semantic hashing, best run)",
    "Braun, all three: F1 (micro)": "93 % (NLP.js)",
    "massive_de: accuracy": "82.9 % (TF-IDF and a linear SVM)",
    "clinc150_full: accuracy": "91.5 % (Rasa before DIET)",
    "clinc150_full: out-of-scope recall": "45.3 % (the same)",
    "clinc150_full: all messages": "83.1 % (the same: 4,500 in scope, 1,000 not)",
}
"""
The best of systems without a pre-trained model that we know of; of CLINC150 both figures are of one system.
https://github.com/sebischair/NLU-Evaluation-Corpora (D. Braun and others, 2017), https://github.com/clinc/oos-eval;
for MASSIVE none was found, so that is ours: word 1-2 and character 2-5 grams, LinearSVC.
"""


def ask(systems: Systems, task: Task) -> Answers:
    """Each system's guesses beside the messages; None for one that does not take part."""
    print(f"{task.name}: {len(task.lessons)} labels, {len(task.asked)} messages …", flush=True)
    guesses = [system(task) for system in systems]
    return [list(zip(task.asked, found, strict=True)) if found is not None else None for found in guesses]


def row(name: str, aim: str, answers: Answers, select: Callable[[of.Asked], of.Asked], holds: Holds) -> Row:
    """A measure of all systems."""
    shares = (None if pairs is None else of.share(select(pairs), holds) for pairs in answers)
    return _row(name, aim, map(of.percent, shares))


def _row(name: str, aim: str, figures: Iterable[str]) -> Row:
    ours, *others = figures
    return (name, verdict(aim, _number(ours)), ours, *others)


def _number(figure: str) -> float:
    return float(figure.split(" ", maxsplit=1)[0])


def own_rows(answers: Answers) -> Iterator[Row]:
    """Our held-out messages."""
    yield row("own, in scope: right", "≥ 96 %", answers, of.inside, of.is_right)
    yield row("own, in scope: wrong", "≤ 3 %", answers, of.inside, of.is_wrong)
    yield row("own, all: wrong", "≤ 3 %", answers, list, of.is_wrong)
    for kind, aim in (("near", "≤ 4 %"), ("far", "≤ 2 %")):
        pick = lambda pairs, kind=kind: of.of_kind(pairs, kind)  # noqa: E731 -- bound to this turn of the loop
        yield row(f"own, {kind} out of scope: an FAQ entry", aim, answers, pick, of.is_entry)


def foreign_rows(systems: Systems, intents: Sequence[Lesson]) -> Iterator[tuple[Row, str]]:
    """The three foreign FAQs beside these intents, and what Postbote decides."""
    for name in FOREIGN:
        for phrasings in (False, True):
            task = foreign(name, intents, phrasings=phrasings)
            answers = ask(systems, task)
            first, three = AIMS[phrasings] if intents else ("", "")
            ours = answers[0] or []
            yield row(f"{task.name}: ranked first", first, answers, list, of.is_first), ""
            yield row(f"{task.name}: among three", three, answers, list, of.is_among_three), of.decisions(ours)


def robust_rows(systems: Systems, task: Task) -> Iterator[Row]:
    """The held-out messages in scope, as others write them; all asked in one go, so that each learns once."""
    inside = [example for example in task.asked if example.label != OUT_OF_SCOPE]
    names = ("as written", *VARIANTS)
    texts = [inside, *(varied(inside, variant) for variant in VARIANTS)]
    whole = replace(task, name="robustness", asked=[example for examples in texts for example in examples])
    answers = ask(systems, whole)
    size = len(inside)
    first = row("", "", answers, lambda pairs: pairs[:size], of.is_right)
    for at, name in enumerate(names[1:], 1):
        found = row(f"{name}: right", "", answers, lambda pairs, at=at: pairs[at * size : (at + 1) * size], of.is_right)
        yield (*found[:2], *(_loss(value, before) for value, before in zip(found[2:], first[2:], strict=True)))


def public_rows(systems: Systems, folder: Path) -> Iterator[Row]:
    """The public sets, with what was published beside."""
    return ((*cells, PUBLISHED[cells[0]]) for cells in _public_rows(systems, folder))


def _public_rows(systems: Systems, folder: Path) -> Iterator[Row]:
    """As this run measures them."""
    braun: list[list[bool]] = [[] for _ in systems]
    for name in PUBLIC:
        answers = ask(systems, public(name, folder))
        yield row(f"{name}: accuracy", PUBLIC_AIMS.get(name, ""), answers, of.inside, _argmax)
        if name in BRAUN:
            for rights, pairs in zip(braun, answers, strict=True):
                rights.extend(_argmax(example, guess) for example, guess in pairs or ())
        if name == BRAUN[-1]:
            total = (sum(rights) / len(rights) if rights else None for rights in braun)
            yield _row("Braun, all three: F1 (micro)", "≥ 94 %", map(of.percent, total))
        if name.startswith("clinc"):
            yield row(f"{name}: out-of-scope recall", "> 45.3 %", answers, of.outside, _argmax)
            yield row(f"{name}: all messages", "> 83.1 %", answers, list, _argmax)


def restore_rows() -> Iterator[Row]:
    """What the extractors find."""
    for kind, (right, count) in restore.measure().items():
        yield _row(f"restore messages: {kind}", "≥ 95 %", [f"{of.percent(right / count)} ({right} of {count})"])


def _argmax(example: Example, guess: Guess) -> bool:
    """The likeliest label, as the public sets' protocol has it."""
    return guess.best == example.label


def _loss(value: str, before: str) -> str:
    if "–" in (value, before):
        return "–"
    return f"{value} ({_number(value) - _number(before):+.1f})"

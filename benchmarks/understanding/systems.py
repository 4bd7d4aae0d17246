"""The three that are compared: each learns a task's lessons and guesses its messages."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.systems import PROJECT, WORK
from benchmarks.understanding import recorded
from benchmarks.understanding.data import Task
from bot.conversations.model import Decision
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.decide import Decided
from bot.dialogue.nlu.learn import learn

NLPJS = PROJECT / "benchmarks" / "nlpjs"
VANILLA = PROJECT / "benchmarks" / "vanilla"
LEARNT = WORK / "understanding"
"""Vanilla Rasa's models, by what they have learnt: what was trained once is not trained again."""
OFFERED = frozenset(yaml.safe_load((PROJECT / "config.yml").read_text("utf-8"))["pipeline"][0]["offers"])


@dataclass(frozen=True)
class Guess:
    """What a system makes of a message."""

    first: str
    """What it would do: a label; `out_of_scope` if it declines, and for Postbote if it asks back."""
    ranking: tuple[str, ...]
    """The likeliest labels; of a message that is in scope, `out_of_scope` aside."""
    best: str
    """The likeliest label of all, `out_of_scope` among them."""
    decided: Decided | None = None
    """Postbote's."""


def postbote(task: Task) -> list[Guess]:
    """The product's own pipeline."""
    model = learn(task.lessons)
    guesses = []
    for example in task.asked:
        probabilities = model.probabilities(example.text)
        decided = model.decide(probabilities, lambda label: "/" in label or label in OFFERED)
        order = [model.labels[index] for index in (-probabilities).argsort()[:12]]
        asks = decided.kind is Decision.CLARIFY
        guesses.append(
            Guess(OUT_OF_SCOPE if asks else decided.labels[0], _ranking(order, example.label), order[0], decided)
        )
    return guesses


def nlpjs(task: Task) -> list[Guess]:
    """NLP.js with its German (or English) stemmer and its own threshold, trained on the same examples."""
    return _guesses(task, _elsewhere(_lesson(task), ["node", str(NLPJS / "guess.js")]))


def vanilla(task: Task, environment: Path | None) -> list[Guess] | None:
    """
    Rasa's default German pipeline, as it was recorded; else trained in its own environment, and recorded.

    None if there is neither. To learn takes it minutes, or hours.
    """
    lesson = _lesson(task)
    asked = {**lesson, "settings": (VANILLA / "config.yml").read_text("utf-8")}
    found = recorded.read(task.name, asked)
    if found is None and environment:
        python = environment.resolve() / "bin" / "python"
        command = (python, VANILLA / "guess.py", VANILLA / "config.yml", LEARNT)
        found = _elsewhere(lesson, ["nice", "-n", "19", *map(str, command)])
        recorded.write(task.name, asked, found)
    return None if found is None else _guesses(task, found)


def _lesson(task: Task) -> dict[str, Any]:
    train = [[text, lesson.label] for lesson in task.lessons for text in lesson.examples]
    return {"language": task.language, "train": train, "ask": [example.text for example in task.asked]}


def _elsewhere(lesson: dict[str, Any], command: Sequence[str]) -> recorded.Found:
    """A program that reads {language, train, ask} from the file named last, and writes a ranking for each message."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "task.json", Path(folder) / "out.json"
        file.write_text(json.dumps(lesson, ensure_ascii=False), "utf-8")
        environment = {
            **os.environ,
            "RASA_TELEMETRY_ENABLED": "false",
            "CUDA_VISIBLE_DEVICES": "",
            "NODE_NO_WARNINGS": "1",
        }
        subprocess.run([*command, str(file), str(out)], check=True, stdout=subprocess.DEVNULL, env=environment)
        found: recorded.Found = json.loads(out.read_text("utf-8"))
    return found


def _guesses(task: Task, found: recorded.Found) -> list[Guess]:
    return [
        Guess(first, _ranking(order, example.label), order[0] if order else first)
        for (first, order), example in zip(found, task.asked, strict=True)
    ]


def _ranking(order: Sequence[str], label: str) -> tuple[str, ...]:
    """Of a message about an entry, the entries: that is what buttons would offer."""
    inside = [name for name in order if name != OUT_OF_SCOPE and ("/" in name or "/" not in label)]
    return tuple(inside if label != OUT_OF_SCOPE else order)

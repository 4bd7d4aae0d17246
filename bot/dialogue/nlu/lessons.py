"""What there is to learn, taken from Rasa's training data: examples, and the sentences of the FAQ's answers."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.nlu.text import sentences
from bot.faq.markdown import plain

_BULLET = re.compile(r"^\s*(#+|[-*+]|\d+[.)])\s+")


@dataclass(frozen=True)
class Lesson:
    """What there is to learn about one label."""

    label: str
    examples: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    """Of the answer, if the label is an FAQ entry."""


def lessons_of(training_data: TrainingData) -> list[Lesson]:
    """One a label, in the order of the labels' names."""
    examples = defaultdict(list)
    for message in training_data.intent_examples:
        examples[message.get(INTENT_RESPONSE_KEY) or message.get(INTENT)].append(message.get(TEXT))
    return [
        Lesson(label, tuple(dict.fromkeys(texts)), _answer(training_data.responses, label))
        for label, texts in sorted(examples.items())
    ]


def _answer(responses: Mapping[str, list[dict[str, Any]]], label: str) -> tuple[str, ...]:
    if "/" not in label:
        return ()
    answers = (variant.get("text", "") for variant in responses.get(f"utter_{label}", ()))
    return tuple(sentence for answer in answers for sentence in answer_sentences(answer))


def answer_sentences(markdown: str) -> list[str]:
    """Sentence by sentence, without markup."""
    lines = (plain(_BULLET.sub("", line)) for line in markdown.splitlines())
    return [sentence for line in lines for sentence in sentences(line)]

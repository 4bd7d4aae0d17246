"""
Notice anger by words, so that an angry customer soon speaks with a person: a component of Rasa's pipeline.

A rule and no guess of the mind: the words are lookup tables in data/nlu/anger.yml, which anybody can read
and change. `outrage` calls a person whatever else the message says; `annoyance` only where the bot has no
answer anyway, or nothing but small talk.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.conversations.model import Decision
from bot.faq.words import fold

OUTRAGE, ANNOYANCE = "outrage", "annoyance"
PERSON = "handoff"
FILE = "words.json"
Words = dict[str, list[str]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Anger(GraphComponent):
    """
    Sets `angry`, and makes the message a wish for a person where the rule says so. Comes after Understanding.

    Config: `smalltalk`, the intents that annoyance is stronger than.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"smalltalk": []}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, words: Words) -> None:
        self._smalltalk = frozenset(config["smalltalk"])
        self._storage = storage
        self._resource = resource
        self._outrage = _pattern(words.get(OUTRAGE, ()))
        self._annoyance = _pattern(words.get(ANNOYANCE, ()))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Rasa's, before training."""
        return cls(config, model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> Self:
        """Rasa's, for use."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, json.loads((folder / FILE).read_text("utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the words."""
        words = {table["name"]: table["elements"] for table in training_data.lookup_tables}
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Unchanged."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """See the class."""
        for message in messages:
            text = fold(message.get(TEXT))
            outraged = bool(self._outrage.search(text))
            if outraged or self._annoyance.search(text):
                message.set("angry", True, add_to_output=True)
                if outraged or self._is_unanswered(message.get("decision")):
                    _call_person(message)
        return messages

    def _is_unanswered(self, decision: dict[str, Any]) -> bool:
        has_answer = decision["kind"] not in {Decision.CLARIFY, Decision.DECLINE}
        return not has_answer or decision["labels"][0] in self._smalltalk


def _call_person(message: Message) -> None:
    message.set(INTENT, {"name": PERSON, "confidence": 1.0}, add_to_output=True)
    decision = {"kind": Decision.ACTION.value, "labels": [PERSON], "confidence": 1.0}
    message.set("decision", decision, add_to_output=True)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words at the beginning of a word; without words, nothing."""
    folded = sorted(map(fold, words), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, folded))})" if folded else r"(?!)")

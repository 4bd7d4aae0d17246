"""
Understand a message: a component of Rasa's pipeline, the only one that Postbote needs.

Road: text → features → scores (linear, nearest) → belief (probabilities) → decision.
"""

from collections.abc import Callable
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.conversations.model import Decision
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.decide import Decided, ranked
from bot.dialogue.nlu.dense import Encode, SentenceModel
from bot.dialogue.nlu.lessons import lessons_of
from bot.dialogue.nlu.model import Model
from bot.dialogue.payload import selected

CLARIFY = "clarify"
"""The intent of a message that may mean several things; rules ask back."""
MOST_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(GraphComponent):
    """
    Sets `intent`, `intent_ranking`, `entries`, `response_selector` (for an FAQ entry) and `decision`.

    `decision` is `{"kind": answer|clarify|decline|action, "labels": […], "confidence": 0…1}`;
    the intent follows from it: the label's, `clarify` or `out_of_scope`. `entries` are the
    likeliest FAQ entries, whatever was decided: `[{"name": label, "confidence": 0…1}]`.

    Config: `offers`, the intents that may stand on a button when the bot asks back;
    FAQ entries always may. `dense`, a sentence model: its `folder`, and a `prefix` if it wants one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"offers": [], "dense": None}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Model | None) -> None:
        self._offered = frozenset(config["offers"])
        self._dense = config["dense"]
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Rasa's, before training."""
        return cls(config, model_storage, resource, None)

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
            return cls(config, model_storage, resource, Model.load(folder, _encode(config["dense"])))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and the answers."""
        from bot.dialogue.nlu.learn import learn  # noqa: PLC0415 -- scikit-learn takes seconds; use does not need it

        self._model = learn(lessons_of(training_data), _encode(self._dense))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Unchanged: no later component learns from this one."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Write into each message what it means."""
        assert self._model is not None, "Rasa processes with a loaded component only."
        for message in messages:
            _write(message, self._model, self._offers)
        return messages

    def _offers(self, label: str) -> bool:
        return "/" in label or label in self._offered


def _encode(config: dict[str, Any] | None) -> Encode | None:
    return SentenceModel.of(config) if config else None


def _write(message: Message, model: Model, offers: Callable[[str], bool]) -> None:
    probabilities = model.probabilities(message.get(TEXT))
    decided = model.decide(probabilities, offers)
    order = [(model.labels[index], float(probabilities[index])) for index in ranked(probabilities)]
    ranking = [{"name": label.partition("/")[0], "confidence": confidence} for label, confidence in order[:MOST_RANKED]]
    entries = [{"name": label, "confidence": confidence} for label, confidence in order if "/" in label]
    name = _intent(decided)
    message.set(INTENT, {"name": name, "confidence": decided.confidence}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    message.set("entries", entries[:MOST_RANKED], add_to_output=True)
    if decided.kind is Decision.ANSWER:
        message.set("response_selector", selected(decided.labels[0]), add_to_output=True)
    message.set(
        "decision",
        {"kind": decided.kind.value, "labels": list(decided.labels), "confidence": decided.confidence},
        add_to_output=True,
    )


def _intent(decided: Decided) -> str:
    if decided.kind is Decision.CLARIFY:
        return CLARIFY
    return OUT_OF_SCOPE if decided.kind is Decision.DECLINE else decided.labels[0].partition("/")[0]

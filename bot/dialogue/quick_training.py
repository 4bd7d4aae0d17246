"""What Rasa does at length when it trains, done quickly; for the time of a training."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from rasa.engine.storage import local_model_storage
from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import check_duplicate_synonym


class _QuickTar(local_model_storage.TarSafe):
    """Rasa packs a model at gzip's highest level: a sixth of the training, for a file that is 8 % smaller."""

    @classmethod
    def gzopen(cls, *args: Any, **kwargs: Any) -> Any:
        return super().gzopen(*args, compresslevel=1, **kwargs)


def _merge(first: TrainingData, *others: TrainingData | None) -> TrainingData:
    """As Rasa's, which copies all messages deeply for each of many files; nobody changes those that were merged."""
    rest = [other for other in others if other]
    synonyms = dict(first.entity_synonyms)
    for other in rest:
        for text, synonym in other.entity_synonyms.items():
            check_duplicate_synonym(synonyms, text, synonym, "merging training data")
        synonyms |= other.entity_synonyms
    parts = [first, *rest]
    return TrainingData(
        [example for part in parts for example in part.training_examples],
        synonyms,
        [feature for part in parts for feature in part.regex_features],
        [table for part in parts for table in part.lookup_tables],
        {name: variants for part in parts for name, variants in part.responses.items()},
    )


def _clean(examples: list[Message]) -> list[Message]:
    """As Rasa's, which sets also what is clean, so that each message's fingerprint is worked out anew."""
    for example in examples:
        for key in (INTENT, RESPONSE):
            if (value := example.get(key)) and value != value.strip():
                example.set(key, value.strip())
    return list(dict.fromkeys(examples))


def _once(load: Callable[[str, str], TrainingData]) -> Callable[[str, str], TrainingData]:
    """Each file is read once: Rasa's importers ask three times, in other languages, which YAML has none of."""
    loaded: dict[str, TrainingData] = {}

    def load_once(file: str, language: str = "en") -> TrainingData:
        if file not in loaded:
            loaded[file] = load(file, language)
        return loaded[file]

    return load_once


@contextlib.contextmanager
def quick_training() -> Iterator[None]:
    """As long as the block lasts."""
    with (
        _replaced(local_model_storage, "TarSafe", _QuickTar),
        _replaced(TrainingData, "merge", _merge),
        _replaced(TrainingData, "sanitize_examples", staticmethod(_clean)),
        _replaced(loading, "load_data", _once(loading.load_data)),
    ):
        yield


@contextlib.contextmanager
def _replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)

"""What Rasa does at length when it trains, done quickly; for the time of a training."""

import contextlib
import copy
import functools
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rasa import model_training
from rasa.engine.caching import Cacheable, TrainingCache
from rasa.engine.graph import ExecutionContext, GraphNodeHook
from rasa.engine.storage import local_model_storage
from rasa.engine.storage.storage import ModelStorage
from rasa.engine.training import graph_trainer
from rasa.shared.importers.importer import E2EImporter, TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import check_duplicate_synonym
from rasa.shared.utils import io
from rasa.shared.utils.common import cached_method


class _QuickTar(local_model_storage.TarSafe):
    """Rasa packs a model at gzip's highest level: a sixth of the training, for a file that is 8 % smaller."""

    @classmethod
    def gzopen(cls, *args: Any, **kwargs: Any) -> Any:
        return super().gzopen(*args, compresslevel=1, **kwargs)


class _NoCache(TrainingCache):
    """
    We always train all of it, so nobody would read what Rasa keeps of a training.

    Rasa's cache is a SQLite file in the working directory besides, which two first trainings at once both try to make.
    """

    def cache_output(
        self, fingerprint_key: str, output: Any, output_fingerprint: str, model_storage: ModelStorage
    ) -> None:
        """Forget it."""

    def get_cached_output_fingerprint(self, fingerprint_key: str) -> str | None:
        return None

    def get_cached_result(
        self, output_fingerprint_key: str, node_name: str, model_storage: ModelStorage
    ) -> Cacheable | None:
        return None


class _NoFingerprints(GraphNodeHook):
    """Rasa works out fingerprints of all that goes into a component and comes out of it, for the cache alone."""

    def __init__(self, **_: Any) -> None:
        pass

    def on_before_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        received_inputs: dict[str, Any],
    ) -> dict[str, Any]:
        return {}

    def on_after_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        output: Any,
        input_hook_data: dict[str, Any],
    ) -> None:
        """Nothing was worked out."""


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


def _in_any_language(get: Callable[..., TrainingData]) -> Callable[..., TrainingData]:
    """Rasa asks for all of it in English, and again in the configured language; what it gets is the same."""

    def get_nlu_data(importer: TrainingDataImporter, **_: str | None) -> TrainingData:
        return get(importer)

    return get_nlu_data


def _once(load: Callable[[str, str], TrainingData]) -> Callable[[str, str], TrainingData]:
    """Each file is read once: Rasa's importers ask three times, in other languages, which YAML has none of."""
    loaded: dict[str, TrainingData] = {}

    def load_once(file: str, language: str = "en") -> TrainingData:
        if file not in loaded:
            loaded[file] = load(file, language)
        return loaded[file]

    return load_once


def _parsed_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """Each schema is parsed once, not again for each file that it checks; each caller may change what it gets."""
    read_once = functools.cache(read)

    def read_yaml_file(filename: str | Path, reader_type: str = "safe") -> Any:
        return copy.deepcopy(read_once(filename, reader_type))

    return read_yaml_file


@contextlib.contextmanager
def _no_collecting() -> Iterator[None]:
    """Looking for cycles among all examples, again and again, is a tenth of a training; few are left (16 MB)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def quick_training() -> Iterator[None]:
    """As long as the block lasts."""
    with (
        _no_collecting(),
        _replaced(model_training, "LocalTrainingCache", _NoCache),
        _replaced(graph_trainer, "TrainingHook", _NoFingerprints),
        _replaced(local_model_storage, "TarSafe", _QuickTar),
        _replaced(TrainingData, "merge", _merge),
        _replaced(TrainingData, "sanitize_examples", staticmethod(_clean)),
        _replaced(E2EImporter, "get_nlu_data", _in_any_language(E2EImporter.get_nlu_data)),
        # The stories want it, too.
        _replaced(RasaFileImporter, "get_domain", cached_method(RasaFileImporter.get_domain)),
        _replaced(io, "read_yaml_file", _parsed_once(io.read_yaml_file)),
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

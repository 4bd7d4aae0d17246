"""What the NLU learnt, as one thing that is kept in a folder of the Rasa model."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.dialogue.nlu.belief import Belief, is_outside
from bot.dialogue.nlu.decide import Decided, decide
from bot.dialogue.nlu.dense import Encode, Meanings
from bot.dialogue.nlu.features import Features, Floats
from bot.dialogue.nlu.scores import Scorer

ARRAYS, NAMES = "arrays.npz", "names.json"


@dataclass(frozen=True)
class Model:
    """From a text to how probable each label is."""

    features: Features
    scorer: Scorer
    belief: Belief
    poverty: Floats
    """How few examples each label has, see `bot.dialogue.nlu.belief`."""
    encode: Encode | None = None
    """The sentence model's, with which it was learnt."""

    @property
    def labels(self) -> tuple[str, ...]:
        """`faq/<slug>` and intents, in the order of all arrays."""
        return self.scorer.labels

    @cached_property
    def _outside(self) -> NDArray[np.bool_]:
        return is_outside(self.labels)

    def probabilities(self, text: str) -> Floats:
        """Calibrated; one a label, in the order of `labels`."""
        meaning = self.encode([text]) if self.encode else None
        scores = self.scorer.score(self.features.vector(text), meaning)
        row: Floats = self.belief.probabilities(scores, self._outside, self.poverty)[0]
        return row

    def decide(self, probabilities: Floats, offers: Callable[[str], bool]) -> Decided:
        """What to do with the message; `offers` tells which labels can be shown as a button."""
        return decide(self.labels, probabilities, offers=offers)

    def save(self, folder: Path) -> None:
        """Into files of a folder that exists: plain arrays and names, nothing that runs when it is read."""
        names = {"features": self.features.names, "labels": self.labels}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), "utf-8")
        np.savez(
            folder / ARRAYS,
            idf=self.features.idf,
            modelled=self.scorer.modelled,
            weights=self.scorer.weights,
            bias=self.scorer.bias,
            starts=self.scorer.starts,
            telling=self.scorer.telling,
            coefficients=self.belief.coefficients,
            poverty=self.poverty,
            **_parts("documents", self.scorer.documents),
            **_parts("wholes", self.scorer.wholes),
            **(asdict(self.scorer.meanings) if self.scorer.meanings else {}),
        )

    @classmethod
    def load(cls, folder: Path, encode: Encode | None = None) -> Self:
        """What `save` wrote; `encode` as when it was learnt."""
        names = json.loads((folder / NAMES).read_text("utf-8"))
        with np.load(folder / ARRAYS) as arrays:
            scorer = Scorer(
                labels=tuple(names["labels"]),
                documents=_matrix("documents", arrays, len(names["features"])),
                wholes=_matrix("wholes", arrays, len(names["features"])),
                meanings=_meanings(arrays) if encode else None,
                **{name: arrays[name] for name in ("modelled", "weights", "bias", "starts", "telling")},
            )
            return cls(
                features=Features(names["features"], arrays["idf"]),
                scorer=scorer,
                belief=Belief(arrays["coefficients"]),
                poverty=arrays["poverty"],
                encode=encode,
            )


def _meanings(arrays: Mapping[str, NDArray[Any]]) -> Meanings:
    return Meanings(arrays["rows"], float(arrays["usual"]), float(arrays["spread"]))


def _parts(name: str, matrix: sparse.csr_array) -> dict[str, NDArray[Any]]:
    return {
        f"{name}_values": matrix.data,
        f"{name}_columns": matrix.indices,
        f"{name}_rows": matrix.indptr,
        f"{name}_width": np.array(matrix.shape[1]),
    }


def _matrix(name: str, arrays: Mapping[str, NDArray[Any]], rows: int) -> sparse.csr_array:
    values, columns, starts, width = (arrays[f"{name}_{part}"] for part in ("values", "columns", "rows", "width"))
    return sparse.csr_array((values, columns, starts), shape=(rows, int(width)))

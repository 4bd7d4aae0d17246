"""What the NLU learnt, as one thing that is kept in a folder of the Rasa model."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from scipy import sparse

from bot.dialogue.nlu.belief import Belief
from bot.dialogue.nlu.decide import Decided, decide
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

    @property
    def labels(self) -> tuple[str, ...]:
        """`faq/<slug>` and intents, in the order of all arrays."""
        return self.scorer.labels

    def probabilities(self, text: str) -> Floats:
        """Calibrated; one a label, in the order of `labels`."""
        scores = self.scorer.score(self.features.vector(text))
        row: Floats = self.belief.probabilities(scores, self.labels, self.poverty)[0]
        return row

    def decide(self, probabilities: Floats, offers: Callable[[str], bool]) -> Decided:
        """What to do with the message; `offers` tells which labels can be shown as a button."""
        return decide(self.labels, probabilities, offers=offers)

    def save(self, folder: Path) -> None:
        """Into files of a folder that exists: plain arrays and names, nothing that runs when it is read."""
        names = {"features": self.features.names, "labels": self.labels}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), "utf-8")
        documents = self.scorer.documents
        np.savez(
            folder / ARRAYS,
            idf=self.features.idf,
            weights=self.scorer.weights,
            bias=self.scorer.bias,
            values=documents.data,
            columns=documents.indices,
            rows=documents.indptr,
            starts=self.scorer.starts,
            coefficients=self.belief.coefficients,
            poverty=self.poverty,
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` wrote."""
        names = json.loads((folder / NAMES).read_text("utf-8"))
        with np.load(folder / ARRAYS) as arrays:
            documents = sparse.csr_array(
                (arrays["values"], arrays["columns"], arrays["rows"]),
                shape=(len(arrays["rows"]) - 1, len(names["features"])),
            )
            return cls(
                features=Features(names["features"], arrays["idf"]),
                scorer=Scorer(tuple(names["labels"]), arrays["weights"], arrays["bias"], documents, arrays["starts"]),
                belief=Belief(arrays["coefficients"]),
                poverty=arrays["poverty"],
            )

"""Texts as sparse vectors: tf-idf over character n-grams, of length one."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.dialogue.nlu.text import grams

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Vector:
    """A text: the columns that are not zero, and their values."""

    columns: NDArray[np.int32]
    values: Floats
    coverage: float
    """0 to 1: how much of the text consists of n-grams that the training data knows, by their weight."""


class Features:
    """The n-grams that were seen in training, each with its inverse document frequency."""

    def __init__(self, names: Sequence[str], idf: Floats) -> None:
        self.names = names
        self.idf = idf
        self._columns = {name: column for column, name in enumerate(names)}
        self._idf_of_unknown = float(idf.max(initial=1.0))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Every n-gram of the texts; idf smoothed as by scikit-learn's TfidfTransformer."""
        seen = Counter(gram for text in texts for gram in set(grams(text)))
        names = sorted(seen)
        idf = [math.log((1 + len(texts)) / (1 + seen[name])) + 1 for name in names]
        return cls(names, np.array(idf, np.float32))

    def vector(self, text: str) -> Vector:
        """An empty vector, with coverage 0, if nothing of the text is known."""
        counted = Counter(grams(text))
        known = [(self._columns[gram], count) for gram, count in counted.items() if gram in self._columns]
        if not known:
            return Vector(np.empty(0, np.int32), np.empty(0, np.float32), 0.0)
        columns, counts = np.array(known, np.int32).T
        values = (1 + np.log(counts)) * self.idf[columns]
        unknown = (len(counted) - len(known)) * self._idf_of_unknown
        coverage = float(values.sum() / (values.sum() + unknown))
        return Vector(columns, (values / np.linalg.norm(values)).astype(np.float32), coverage)

    def matrix(self, texts: Iterable[str]) -> tuple[sparse.csr_array, Floats]:
        """A row per text, and the texts' coverages."""
        vectors = [self.vector(text) for text in texts]
        starts = np.cumsum([0, *(len(vector.columns) for vector in vectors)], dtype=np.int32)
        rows = sparse.csr_array(
            (
                np.concatenate([vector.values for vector in vectors]),
                np.concatenate([vector.columns for vector in vectors]),
                starts,
            ),
            shape=(len(vectors), len(self.names)),
        )
        return rows, np.array([vector.coverage for vector in vectors], np.float32)

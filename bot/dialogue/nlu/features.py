"""Texts as sparse vectors: tf-idf over their n-grams, of length one."""

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
        known = [gram for gram in counted if gram in self._columns]
        if not known:
            return Vector(np.empty(0, np.int32), np.empty(0, np.float32), 0.0)
        columns = np.array([self._columns[gram] for gram in known], np.int32)
        values = (1 + np.log([counted[gram] for gram in known])) * self.idf[columns]
        weight = float(values.sum())
        unknown = (len(counted) - len(known)) * self._idf_of_unknown
        length = math.sqrt(values @ values)
        return Vector(columns, (values / length).astype(np.float32), weight / (weight + unknown))

    def counts(self, texts: Iterable[str]) -> sparse.csr_array:
        """A row per text: how often it has each n-gram."""
        known = [[(self._columns[gram], count) for gram, count in Counter(grams(text)).items()] for text in texts]
        starts = np.cumsum([0, *map(len, known)], dtype=np.int32)
        columns, counts = np.array([pair for row in known for pair in row], np.int32).reshape(-1, 2).T
        return sparse.csr_array((counts.astype(np.float32), columns, starts), shape=(len(known), len(self.names)))

    def matrix(self, texts: Iterable[str]) -> sparse.csr_array:
        """A row per text, as `vector` makes it; its n-grams must all be known."""
        return weighted(self.counts(texts), self.idf)


def weighted(counts: sparse.csr_array, weights: Floats) -> sparse.csr_array:
    """Rows of length one: the counts, damped, times each n-gram's weight."""
    rows = counts.copy()
    # In double precision, whose logarithm is the same with every processor's instructions once it is rounded.
    rows.data = ((1 + np.log(rows.data.astype(np.float64))) * weights[rows.indices]).astype(np.float32)
    return scaled(rows)


def scaled(rows: sparse.csr_array) -> sparse.csr_array:
    """The rows, made of length one; in place."""
    lengths = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    norms = np.sqrt(np.bincount(lengths, rows.data.astype(np.float64) ** 2, minlength=rows.shape[0]))
    rows.data /= np.maximum(norms, 1e-9)[lengths].astype(np.float32)
    return rows

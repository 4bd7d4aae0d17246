"""
Two opinions on which label a text has.

*Linear*: one linear model a label, strong where a label has many examples.
*Nearest*: the cosine to the nearest of the label's documents, which are its examples
and, for an FAQ entry, the sentences of its answer; strong where it has few.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.dialogue.nlu.features import Floats, Vector


@dataclass(frozen=True)
class Scores:
    """Of one text or, as rows, of several: a number a label."""

    linear: Floats
    nearest: Floats
    coverage: Floats
    """One number a text, see `Vector`."""


@dataclass(frozen=True)
class Scorer:
    """What was learnt, as arrays."""

    labels: tuple[str, ...]
    weights: Floats
    """Features x labels."""
    bias: Floats
    documents: sparse.csr_array
    """Documents x features, ordered by label."""
    starts: NDArray[np.int64]
    """The first document of each label; every label has one at least."""

    def score(self, vector: Vector) -> Scores:
        """Of a single text."""
        dense = np.zeros(self.documents.shape[1], np.float32)
        dense[vector.columns] = vector.values
        return Scores(
            linear=vector.values @ self.weights[vector.columns] + self.bias,
            nearest=np.maximum.reduceat(self.documents @ dense, self.starts),
            coverage=np.array(vector.coverage, np.float32),
        )

    def score_all(self, rows: sparse.csr_array, coverage: Floats) -> Scores:
        """Of many texts, a row each."""
        similar = (rows @ self.documents.T).toarray()
        return Scores(rows @ self.weights + self.bias, np.maximum.reduceat(similar, self.starts, axis=1), coverage)

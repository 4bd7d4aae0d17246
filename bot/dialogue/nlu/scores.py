"""
Three opinions on which label a text has.

*Linear*: one linear model a label, for labels with many examples.
*Nearest*: the cosine to the nearest of the label's documents, which are its examples
and, for an FAQ entry, the sentences of its answer.
*Whole*: the cosine to all of the label's documents taken as one, in which an n-gram counts
the more the fewer labels have it; strong where a label has little but an answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.dialogue.nlu.features import Floats, Vector, scaled, weighted


@dataclass(frozen=True)
class Scores:
    """Of several texts, as rows: a number a label."""

    linear: Floats
    """Zero for a label without a linear model."""
    nearest: Floats
    whole: Floats
    coverage: Floats
    """One number a text, see `Vector`."""


@dataclass(frozen=True)
class Scorer:
    """What was learnt, as arrays."""

    labels: tuple[str, ...]
    modelled: NDArray[np.int64]
    """Places of the labels that have a linear model."""
    weights: Floats
    """Features x modelled labels."""
    bias: Floats
    documents: sparse.csr_array
    """Features x documents, these ordered by label: whichever have one of a text's n-grams are found at once."""
    starts: NDArray[np.int64]
    """The first document of each label; every label has one at least."""
    telling: Floats
    """How telling each n-gram is: few labels have it."""
    wholes: sparse.csr_array
    """Features x labels."""

    def score(self, vector: Vector) -> Scores:
        """Of a single text; the same as `score_all`, at less cost."""
        linear = np.zeros((1, len(self.labels)), np.float32)
        linear[0, self.modelled] = vector.values @ self.weights[vector.columns] + self.bias
        telling = vector.values * self.telling[vector.columns]
        telling /= max(float(np.linalg.norm(telling)), 1e-9)
        nearest = vector.values @ self.documents[vector.columns]
        return Scores(
            linear=linear,
            nearest=np.maximum.reduceat(nearest, self.starts)[None, :],
            whole=(telling @ self.wholes[vector.columns])[None, :],
            coverage=np.array([vector.coverage], np.float32),
        )

    def score_all(self, rows: sparse.csr_array, coverage: Floats) -> Scores:
        """Of many texts, a row each."""
        linear = np.zeros((rows.shape[0], len(self.labels)), np.float32)
        linear[:, self.modelled] = rows @ self.weights + self.bias
        telling = rows.copy()
        telling.data = telling.data * self.telling[telling.indices]
        return Scores(
            linear=linear,
            nearest=np.maximum.reduceat((rows @ self.documents).toarray(), self.starts, axis=1),
            whole=(scaled(telling) @ self.wholes).toarray(),
            coverage=coverage,
        )


def wholes(counts: sparse.csr_array, idf: Floats) -> tuple[Floats, sparse.csr_array]:
    """`telling` and `wholes` of a Scorer, given each label's counts of n-grams as a row."""
    labels = counts.shape[0]
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    telling = np.sqrt(np.log((1 + labels) / (1 + having)) + 0.2).astype(np.float32)
    return telling, weighted(counts, idf * telling).T.tocsr()

"""
Three opinions on which label a text has, and a fourth one where there is a sentence model.

*Linear*: one linear model a label, for labels with many examples.
*Nearest*: the cosine to the nearest of the label's documents, which are its examples
and, for an FAQ entry, the sentences of its answer.
*Whole*: the cosine to all of the label's documents taken as one, in which an n-gram counts
the more the fewer labels have it; strong where a label has little but an answer.
*Dense*: how near the nearest of the label's documents is in meaning, see `bot.dialogue.nlu.dense`.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse._sparsetools import csc_matvec, csr_row_index

from bot.dialogue.nlu.dense import Meanings
from bot.dialogue.nlu.features import Floats, Vector, scaled, weighted


@dataclass(frozen=True)
class Scores:
    """Of several texts, as rows: a number a label."""

    linear: Floats
    """Zero for a label without a linear model."""
    nearest: Floats
    whole: Floats
    dense: Floats
    """Zero without a sentence model."""
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
    meanings: Meanings | None = None
    """Of the documents, where there is a sentence model."""

    def score(self, vector: Vector, meaning: Floats | None = None) -> Scores:
        """Of a single text, whose meaning is a row; the same as `score_all`, at less cost."""
        linear = np.zeros((1, len(self.labels)), np.float32)
        linear[0, self.modelled] = vector.values @ self.weights[vector.columns] + self.bias
        telling = vector.values * self.telling[vector.columns]
        found = _summed(self._all, vector)
        documents = self.documents.shape[1]
        return Scores(
            linear=linear,
            nearest=np.maximum.reduceat(found[:documents], self.starts)[None, :],
            whole=(found[documents:] / max(math.sqrt(telling @ telling), 1e-9))[None, :],
            dense=self._dense(meaning, 1),
            coverage=np.array([vector.coverage], np.float32),
        )

    @cached_property
    def _all(self) -> sparse.csr_array:
        """Documents and wholes side by side, so that the rows of a text's n-grams are picked once."""
        both = sparse.hstack([self.documents, sparse.diags_array(self.telling) @ self.wholes], "csr", np.float32)
        both.indptr, both.indices = both.indptr.astype(np.int32), both.indices.astype(np.int32)
        return both

    def score_all(self, rows: sparse.csr_array, coverage: Floats, meant: Floats | None = None) -> Scores:
        """Of many texts, a row each; `meant` has a row for each as well."""
        linear = np.zeros((rows.shape[0], len(self.labels)), np.float32)
        linear[:, self.modelled] = rows @ self.weights + self.bias
        telling = rows.copy()
        telling.data = telling.data * self.telling[telling.indices]
        return Scores(
            linear=linear,
            nearest=np.maximum.reduceat((rows @ self.documents).toarray(), self.starts, axis=1),
            whole=(scaled(telling) @ self.wholes).toarray(),
            dense=self._dense(meant, rows.shape[0]),
            coverage=coverage,
        )

    def _dense(self, meant: Floats | None, texts: int) -> Floats:
        if self.meanings is None or meant is None:
            return np.zeros((texts, len(self.labels)), np.float32)
        return self.meanings.nearest(meant, self.starts)


def _summed(rows: sparse.csr_array, vector: Vector) -> Floats:
    """`vector.values @ rows[vector.columns]`, by scipy itself, whose checks of arguments take twice that time."""
    columns = vector.columns
    starts = np.zeros(len(columns) + 1, np.int32)
    np.cumsum(rows.indptr[columns + 1] - rows.indptr[columns], out=starts[1:])
    places, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    csr_row_index(len(columns), columns, rows.indptr, rows.indices, rows.data, places, values)
    total = np.zeros(rows.shape[1], np.float32)
    csc_matvec(rows.shape[1], len(columns), starts, places, values, vector.values, total)
    return total


def wholes(counts: sparse.csr_array, idf: Floats) -> tuple[Floats, sparse.csr_array]:
    """`telling` and `wholes` of a Scorer, given each label's counts of n-grams as a row."""
    labels = counts.shape[0]
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    telling = np.sqrt(np.log((1 + labels) / (1 + having)) + 0.2).astype(np.float32)
    return telling, weighted(counts, idf * telling).T.tocsr()

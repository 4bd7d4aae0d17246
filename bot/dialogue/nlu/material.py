"""The lessons as arrays: a row per document, ordered by label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.dialogue.nlu.dense import Encode, Meanings
from bot.dialogue.nlu.features import Features, Floats, weighted
from bot.dialogue.nlu.lessons import Lesson

Rows = NDArray[np.int64]
"""Numbers of documents."""


@dataclass(frozen=True)
class Material:
    """All documents: examples, and sentences of answers."""

    labels: tuple[str, ...]
    label: NDArray[np.int64]
    """Of each document, as its place in `labels`; ascending."""
    is_example: NDArray[np.bool_]
    counts: sparse.csr_array
    """How often each document has each n-gram."""
    vectors: sparse.csr_array
    idf: Floats
    meanings: Meanings | None = None
    """Of the documents, where there is a sentence model."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson], encode: Encode | None = None) -> tuple[Self, Features]:
        """And the features that were made for it; `encode` is the sentence model's."""
        texts = [text for lesson in lessons for text in (*lesson.examples, *lesson.sentences)]
        features = Features.of(texts)
        counts = features.counts(texts)
        sizes = [(len(lesson.examples), len(lesson.sentences)) for lesson in lessons]
        material = cls(
            labels=tuple(lesson.label for lesson in lessons),
            label=np.repeat(np.arange(len(lessons)), [sum(size) for size in sizes]),
            is_example=np.repeat([True, False] * len(lessons), [count for size in sizes for count in size]),
            counts=counts,
            vectors=weighted(counts, features.idf),
            idf=features.idf,
            meanings=Meanings.of(encode(texts)) if encode else None,
        )
        return material, features

    @property
    def everything(self) -> Rows:
        """All documents."""
        return np.arange(len(self.label))

    def examples(self, index: int) -> Rows:
        """The examples of the label at `index`."""
        return np.flatnonzero((self.label == index) & self.is_example)

    def sizes(self, chosen: Rows) -> NDArray[np.int64]:
        """How many of the chosen documents are examples, a number a label."""
        return np.bincount(self.label[chosen[self.is_example[chosen]]], minlength=len(self.labels))

    def by_label(self, chosen: Rows) -> sparse.csr_array:
        """The counts of the chosen documents, summed up to a row per label."""
        ones = np.ones(len(chosen), np.float32)
        shape = (len(self.labels), len(chosen))
        return sparse.csr_array((ones, (self.label[chosen], np.arange(len(chosen)))), shape=shape) @ self.counts[chosen]

    def meant(self, chosen: Rows) -> Floats | None:
        """The rows of these documents, where there is a sentence model."""
        return self.meanings.rows[chosen] if self.meanings else None

    def coverage(self, asked: Rows, kept: Rows) -> Floats:
        """How much of each asked document consists of n-grams that the kept ones have, see `Vector`."""
        known = np.zeros(len(self.idf), np.float32)
        known[np.unique(self.counts[kept].indices)] = 1
        rows = self.vectors[asked]
        share: Floats = (rows @ known) / np.maximum(rows.sum(axis=1), 1e-9)
        return share.astype(np.float32)

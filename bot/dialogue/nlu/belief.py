"""
How probable each label is, given the scores: a conditional logit model (McFadden 1974).

Every label gets a utility, linear in its scores; the probabilities are their softmax.
The same few coefficients serve all labels, so they can be learnt for labels with a
single example, too; how few a label has is itself among the terms. Since they are fitted
to scores of texts that the scorer had not seen, the probabilities are calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.scores import Scores

Labels = NDArray[np.bool_]
Chosen = NDArray[np.int64]
"""Texts x labels, as places among all labels."""
OUT_OF_SCOPE = "out_of_scope"
INSIDE, OUTSIDE = 10, 11
TERMS = INSIDE + OUTSIDE
CANDIDATES = 64
"""So many labels are weighed against each other at most, so that an FAQ of any length costs the same."""


@dataclass(frozen=True)
class Belief:
    """The fitted coefficients."""

    coefficients: Floats
    """TERMS of them."""

    def probabilities(self, scores: Scores, outside: Labels, poverty: Floats) -> Floats:
        """A row per text, a column per label; rows sum to one. `outside` marks the label that means no answer."""
        chosen = candidates(scores, outside)
        shares = np.zeros(scores.nearest.shape, np.float32)
        weighed = softmax(self._utilities(scores, outside, poverty, chosen))
        np.put_along_axis(shares, chosen, weighed.astype(np.float32), axis=1)
        return shares

    def _utilities(self, scores: Scores, outside: Labels, poverty: Floats, chosen: Chosen) -> Floats:
        """As `terms` times the coefficients, of which most terms are zero."""
        a, b = self.coefficients[:INSIDE], self.coefficients[INSIDE:]
        seen = _Seen.of(scores, outside, poverty, chosen)
        utilities: Floats = (
            seen.here * (a[0] + a[3] * seen.poor)
            + seen.near * (a[1] + a[4] * seen.poor)
            + seen.whole * (a[2] + a[5] * seen.poor)
            + seen.poor * a[6]
            + (seen.here != 0) * a[7]
            + seen.dense * (a[8] + a[9] * seen.poor)
        )
        best, rival = seen.best, seen.rival
        beside = b[0] + b[4] * best[0] + b[5] * best[1] + b[6] * scores.coverage + b[7] * rival + b[8] * best[2]
        beside = beside + b[10] * seen.closest
        rows, places = seen.out.nonzero()
        own = b[1] * seen.here + b[2] * seen.near + b[3] * seen.whole + b[9] * seen.dense
        utilities[rows, places] = beside[rows] + own[rows, places]
        return utilities


@dataclass(frozen=True)
class _Seen:
    """Of texts x chosen labels."""

    out: NDArray[np.bool_]
    here: Floats
    near: Floats
    whole: Floats
    dense: Floats
    poor: Floats

    @classmethod
    def of(cls, scores: Scores, outside: Labels, poverty: Floats, chosen: Chosen) -> Self:
        """`chosen` as of `candidates`."""
        rows = np.arange(len(chosen))[:, None]
        return cls(
            out=outside[chosen],
            here=scores.linear[rows, chosen],
            near=scores.nearest[rows, chosen],
            whole=scores.whole[rows, chosen],
            dense=scores.dense[rows, chosen],
            poor=poverty[chosen],
        )

    @property
    def best(self) -> tuple[Floats, Floats, Floats]:
        """Nearest, whole and poverty of each text's best label that has an answer."""
        place = np.where(self.out, -1, self.near + self.whole).argmax(axis=1)
        rows = np.arange(len(place))
        return self.near[rows, place], self.whole[rows, place], self.poor[rows, place]

    @property
    def rival(self) -> Floats:
        """The greatest linear score of a label that has an answer."""
        greatest: Floats = np.where(self.out, -np.inf, self.here).max(axis=1)
        return greatest

    @property
    def closest(self) -> Floats:
        """The greatest dense score of a label that has an answer."""
        greatest: Floats = np.where(self.out, -np.inf, self.dense).max(axis=1)
        return greatest


def poverty_of(examples: NDArray[np.int64]) -> Floats:
    """How poor labels with so many examples are: 1 for none, towards 0 for many."""
    poverty: Floats = (1 / np.sqrt(1 + examples)).astype(np.float32)
    return poverty


def is_outside(labels: Sequence[str]) -> Labels:
    """Marks the label that means no answer."""
    return np.array([label == OUT_OF_SCOPE for label in labels])


def candidates(scores: Scores, outside: Labels) -> Chosen:
    """Texts x CANDIDATES at most: the labels that come into question, among them the one outside if there is one."""
    rows, count = scores.nearest.shape
    if count <= CANDIDATES:
        return np.broadcast_to(np.arange(count), (rows, count))
    promise = scores.nearest + scores.whole + np.maximum(scores.linear, 0)
    promise[:, outside] = np.inf
    return np.argpartition(-promise, CANDIDATES, axis=1)[:, :CANDIDATES]


def terms(scores: Scores, outside: Labels, poverty: Floats, chosen: Chosen) -> Floats:
    """Texts x chosen labels x TERMS: what a label's utility is made of."""
    seen = _Seen.of(scores, outside, poverty, chosen)
    here, near, whole, dense, poor = seen.here, seen.near, seen.whole, seen.dense, seen.poor
    made = np.zeros((*chosen.shape, TERMS), np.float32)
    inside = [here, near, whole, poor * here, poor * near, poor * whole, poor, here != 0, dense, poor * dense]
    made[..., :INSIDE] = np.where(seen.out[..., None], 0, np.stack(inside, axis=-1))
    ones = np.ones_like(here)
    beside = [ones * each[:, None] for each in (*seen.best[:2], scores.coverage, seen.rival, seen.best[2])]
    outside_terms = [ones, here, near, whole, *beside, dense, ones * seen.closest[:, None]]
    made[..., INSIDE:] = np.where(seen.out[..., None], np.stack(outside_terms, axis=-1), 0)
    return made


def softmax(utilities: NDArray[Any]) -> NDArray[Any]:
    """Along the last axis, without overflow."""
    raised = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
    return shares

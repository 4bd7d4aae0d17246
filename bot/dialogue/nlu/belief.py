"""
How probable each label is, given the scores: a conditional logit model (McFadden 1974).

Every label gets a utility, linear in its scores; the probabilities are their softmax.
The same few coefficients serve all labels, so they can be learnt for labels with a
single example, too; how few a label has is itself among the terms. Since they are fitted
to scores of texts that the scorer had not seen, the probabilities are calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.scores import Scores

OUT_OF_SCOPE = "out_of_scope"
INSIDE, OUTSIDE = 8, 9
TERMS = INSIDE + OUTSIDE
CANDIDATES = 64
"""So many labels are weighed against each other at most, so that an FAQ of any length costs the same."""


@dataclass(frozen=True)
class Belief:
    """The fitted coefficients."""

    coefficients: Floats
    """TERMS of them."""

    def probabilities(self, scores: Scores, labels: Sequence[str], poverty: Floats) -> Floats:
        """A row per text, a column per label; rows sum to one."""
        chosen = candidates(scores, labels)
        shares = np.zeros(scores.nearest.shape, np.float32)
        weighed = softmax(terms(scores, labels, poverty, chosen) @ self.coefficients)
        np.put_along_axis(shares, chosen, weighed.astype(np.float32), axis=1)
        return shares


def poverty_of(examples: NDArray[np.int64]) -> Floats:
    """How poor labels with so many examples are: 1 for none, towards 0 for many."""
    poverty: Floats = (1 / np.sqrt(1 + examples)).astype(np.float32)
    return poverty


def candidates(scores: Scores, labels: Sequence[str]) -> NDArray[np.int64]:
    """Texts x CANDIDATES at most: the labels that come into question, among them `out_of_scope` if there is one."""
    rows, count = scores.nearest.shape
    if count <= CANDIDATES:
        return np.broadcast_to(np.arange(count), (rows, count))
    promise = scores.nearest + scores.whole + np.maximum(scores.linear, 0)
    promise[:, [index for index, label in enumerate(labels) if label == OUT_OF_SCOPE]] = np.inf
    return np.argpartition(-promise, CANDIDATES, axis=1)[:, :CANDIDATES]


def terms(scores: Scores, labels: Sequence[str], poverty: Floats, chosen: NDArray[np.int64]) -> Floats:
    """Texts x chosen labels x TERMS: what a label's utility is made of."""
    out = np.array([label == OUT_OF_SCOPE for label in labels])[chosen]
    here, near, whole = (
        np.take_along_axis(score, chosen, axis=1) for score in (scores.linear, scores.nearest, scores.whole)
    )
    poor = poverty[chosen]
    made = np.zeros((*chosen.shape, TERMS), np.float32)
    inside = np.stack([here, near, whole, poor * here, poor * near, poor * whole, poor, here != 0], axis=-1)
    made[..., :INSIDE] = np.where(out[..., None], 0, inside)
    best = np.where(out, -1, near + whole).argmax(axis=1)
    rows = np.arange(len(chosen))
    ones = np.ones_like(here)
    rival = np.where(out, -np.inf, here).max(axis=1)
    outside = np.stack(
        [
            ones,
            here,
            near,
            whole,
            ones * near[rows, best][:, None],
            ones * whole[rows, best][:, None],
            ones * scores.coverage[:, None],
            ones * rival[:, None],
            ones * poor[rows, best][:, None],
        ],
        axis=-1,
    )
    made[..., INSIDE:] = np.where(out[..., None], outside, 0)
    return made


def softmax(utilities: NDArray[Any]) -> NDArray[Any]:
    """Along the last axis, without overflow."""
    raised = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
    return shares

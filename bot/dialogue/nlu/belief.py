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
TERMS = 12


@dataclass(frozen=True)
class Belief:
    """The fitted coefficients."""

    coefficients: Floats
    """TERMS of them."""

    def probabilities(self, scores: Scores, labels: Sequence[str], poverty: Floats) -> Floats:
        """A row per text, a column per label; rows sum to one."""
        return softmax(terms(scores, labels, poverty) @ self.coefficients)


def poverty_of(examples: NDArray[np.int64]) -> Floats:
    """How poor labels with so many examples are: 1 for none, towards 0 for many."""
    poverty: Floats = (1 / np.sqrt(1 + examples)).astype(np.float32)
    return poverty


def terms(scores: Scores, labels: Sequence[str], poverty: Floats) -> Floats:
    """Texts x labels x TERMS: what a label's utility is made of."""
    linear, nearest = np.atleast_2d(scores.linear), np.atleast_2d(scores.nearest)
    made = np.zeros((*linear.shape, TERMS), np.float32)
    out = [index for index, label in enumerate(labels) if label == OUT_OF_SCOPE]
    inside = [index for index, label in enumerate(labels) if label != OUT_OF_SCOPE]
    poor = np.broadcast_to(poverty[inside], (len(linear), len(inside)))
    here, near = linear[:, inside], nearest[:, inside]
    made[:, inside, :5] = np.stack([here, near, poor * here, poor * near, poor], axis=-1)
    if out:
        best = near.argmax(axis=1)
        rows = np.arange(len(linear))
        made[:, out[0], 5:] = np.stack(
            [
                np.ones(len(linear)),
                linear[:, out[0]],
                nearest[:, out[0]],
                near[rows, best],
                np.atleast_1d(scores.coverage),
                here.max(axis=1),
                poor[rows, best],
            ],
            axis=-1,
        )
    return made


def softmax(utilities: NDArray[Any]) -> NDArray[Any]:
    """Along the last axis, without overflow."""
    raised = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
    return shares

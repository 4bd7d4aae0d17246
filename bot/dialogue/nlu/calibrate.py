"""
Fit the belief to scores of examples that the scorer had not seen.

In half of the rounds some labels are made poor: most of their examples are held back, so
that an entry with a question and no phrasings gets probabilities that are true as well.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.dialogue.nlu.belief import OUT_OF_SCOPE, TERMS, Belief, poverty_of, softmax, terms
from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.material import Material, Rows
from bot.dialogue.nlu.scores import Scorer

FOLDS = 5
POOR = (1, 2, 4, 8, 16)
"""How many examples are left to a label that is made poor; one number a round."""
OUT_OF_SCOPE_SHARE = 0.3
"""How many of all messages have no answer here. A desk's own figure may differ; the other labels count alike."""
PULL = 1e-4
"""Towards zero, so that a coefficient that nothing speaks for stays there."""


def fit_belief(
    material: Material, fit_scorer: Callable[[Material, Rows], Scorer], chance: np.random.Generator
) -> Belief:
    """Greatest likelihood over all rounds."""
    made, truth = [], []
    for kept, asked in _rounds(material, chance):
        scorer = fit_scorer(material, kept)
        scores = scorer.score_all(material.vectors[asked], material.coverage[asked])
        made.append(terms(scores, material.labels, poverty_of(material.counts(kept))))
        truth.append(material.label[asked])
    label = np.concatenate(truth)
    return Belief(_fit(np.concatenate(made), label, _weights(material, label)))


def _rounds(material: Material, chance: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    """What to learn from, and what to ask then; a label's only document is never asked."""
    fold = np.full(len(material.label), -1)
    for index in range(len(material.labels)):
        examples = material.examples(index)
        if np.count_nonzero(material.label == index) > 1:
            fold[chance.permutation(examples)] = np.arange(len(examples)) % FOLDS
    for held, left in enumerate(POOR):
        kept, asked = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        yield kept, asked
        yield np.setdiff1d(kept, _taken(material, kept, left, chance)), asked


def _taken(material: Material, kept: Rows, left: int, chance: np.random.Generator) -> Rows:
    """All examples but `left` of every second label."""
    inside = [index for index, label in enumerate(material.labels) if label != OUT_OF_SCOPE]
    poor = chance.permutation(inside)[::2]
    return np.concatenate([chance.permutation(np.intersect1d(kept, material.examples(index)))[left:] for index in poor])


def _weights(material: Material, label: NDArray[np.int64]) -> NDArray[Any]:
    """Of each asked example, so that labels weigh as messages of customers would; they sum to one."""
    counts = np.bincount(label, minlength=len(material.labels))
    out = np.array([name == OUT_OF_SCOPE for name in material.labels])
    share = np.where(out, OUT_OF_SCOPE_SHARE, (1 - OUT_OF_SCOPE_SHARE) / max(1, np.count_nonzero(counts[~out])))
    weight = (share / np.maximum(counts, 1))[label]
    shares: NDArray[Any] = weight / weight.sum()
    return shares


def _fit(made: Floats, label: NDArray[np.int64], weight: NDArray[Any]) -> Floats:
    rows = np.arange(len(label))
    chosen = made[rows, label]

    def loss(coefficients: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        shares = softmax(made @ coefficients)
        expected = np.einsum("nl,nlt->nt", shares, made)
        value = PULL * coefficients @ coefficients - weight @ np.log(shares[rows, label] + 1e-12)
        return float(value), weight @ (expected - chosen) + 2 * PULL * coefficients

    found: Floats = minimize(loss, np.zeros(TERMS), jac=True, method="L-BFGS-B").x.astype(np.float32)
    return found

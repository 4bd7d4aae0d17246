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

from bot.dialogue.nlu.belief import OUT_OF_SCOPE, Belief, candidates, is_outside, poverty_of, softmax, terms
from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.material import Material, Rows
from bot.dialogue.nlu.parallel import each
from bot.dialogue.nlu.scores import Scorer

FOLDS = 5
POOR = (1, 2, 4, 8, 16)
"""How many examples are left to a label that is made poor; one number a round."""
OUT_OF_SCOPE_SHARE = 0.25
"""How many of all messages have no answer here. A desk's own figure may differ; the other labels count alike."""
USUAL = np.array([4.9, 1.1, 6.3, -4.6, 5.3, 3.4, 2.7, 3.5, 0, 0, 3.0, 1.8, 3.0, 2.4, -0.7, 0.8, -0.3, 0.2, -1.3, 0, 0])
"""
What was found on the FAQ that is shipped, whose entries have many phrasings; a new FAQ alone would say less.

Zero for the sentence model's: each model has its own, and without one they stay zero.
"""
PULL = 0.01
"""Towards the usual, so that a coefficient that little speaks about stays near it."""

Round = tuple[Rows, Rows]
"""What is learnt from, and what is asked then."""
Asked = tuple[Floats, NDArray[np.int64], NDArray[np.int64]]
"""Terms of each text that was asked, the place of its label among the candidates, and the label."""


def fit_belief(
    material: Material, fit_scorer: Callable[[Material, Rows], Scorer], chance: np.random.Generator
) -> Belief:
    """Greatest likelihood over all rounds."""
    outside = is_outside(material.labels)

    def ask(round: Round) -> Asked:
        kept, asked = round
        coverage, meant = material.coverage(asked, kept), material.meant(asked)
        scores = fit_scorer(material, kept).score_all(material.vectors[asked], coverage, meant)
        chosen = candidates(scores, outside)
        is_true = chosen == material.label[asked][:, None]
        found = is_true.any(axis=1)
        made = terms(scores, outside, poverty_of(material.sizes(kept)), chosen)[found]
        return made, is_true[found].argmax(axis=1), material.label[asked][found]

    # Of a like size one after the other, so that each process gets as much to do.
    rounds = sorted(_rounds(material, chance), key=lambda round: len(round[0]))
    made, place, truth = map(np.concatenate, zip(*each(ask, rounds), strict=True))
    return Belief(_fit(made, place, _weights(material, truth)))


def _rounds(material: Material, chance: np.random.Generator) -> Iterator[Round]:
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
    out = is_outside(material.labels)
    share = np.where(out, OUT_OF_SCOPE_SHARE, (1 - OUT_OF_SCOPE_SHARE) / max(1, np.count_nonzero(counts[~out])))
    weight = (share / np.maximum(counts, 1))[label]
    shares: NDArray[Any] = weight / weight.sum()
    return shares


def _fit(made: Floats, true: NDArray[np.int64], weight: NDArray[Any]) -> Floats:
    """The coefficients; `true` is the place of each text's label among its candidates."""
    rows = np.arange(len(true))
    chosen = made[rows, true]

    def loss(coefficients: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        shares = softmax(made @ coefficients)
        expected = np.einsum("nl,nlt->nt", shares, made)
        value = PULL * np.sum((coefficients - USUAL) ** 2) - weight @ np.log(shares[rows, true] + 1e-12)
        return float(value), weight @ (expected - chosen) + 2 * PULL * (coefficients - USUAL)

    found: Floats = minimize(loss, USUAL, jac=True, method="L-BFGS-B").x.astype(np.float32)
    return found

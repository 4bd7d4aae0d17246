"""Learn a model from lessons; only training imports this (scikit-learn takes seconds)."""

from collections.abc import Sequence

import numpy as np
from sklearn.svm import LinearSVC

from bot.dialogue.nlu.belief import poverty_of
from bot.dialogue.nlu.calibrate import fit_belief
from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.lessons import Lesson
from bot.dialogue.nlu.material import Material, Rows
from bot.dialogue.nlu.model import Model
from bot.dialogue.nlu.scope import narrowed
from bot.dialogue.nlu.scores import Scorer

SEED = 20261124
PENALTY = 1.0
"""C of the linear models."""
ANSWER_WEIGHT = 0.3
"""A sentence of an answer counts as a third of an example: it says what is meant, not how it is asked."""


def learn(lessons: Sequence[Lesson]) -> Model:
    """The model; the same for the same lessons, of which there must be two at least."""
    material, features = Material.of(narrowed(lessons))
    return Model(
        features=features,
        scorer=fit_scorer(material, material.everything),
        belief=fit_belief(material, fit_scorer, np.random.default_rng(SEED)),
        poverty=poverty_of(material.counts(material.everything)),
    )


def fit_scorer(material: Material, chosen: Rows) -> Scorer:
    """Of the chosen documents (ascending), among which every label has one at least."""
    label = material.label[chosen]
    weight = np.where(material.is_example[chosen], 1.0, ANSWER_WEIGHT)
    svm = LinearSVC(C=PENALTY, random_state=SEED).fit(material.vectors[chosen], label, sample_weight=weight)
    # Of two classes scikit-learn gives the second one's weights only.
    weights, bias = (svm.coef_, svm.intercept_) if len(svm.classes_) > 2 else (_both(svm.coef_), _both(svm.intercept_))
    return Scorer(
        labels=material.labels,
        weights=np.ascontiguousarray(weights.T, np.float32),
        bias=bias.astype(np.float32),
        documents=material.vectors[chosen],
        starts=np.searchsorted(label, range(len(material.labels))),
    )


def _both(second: Floats) -> Floats:
    return np.concatenate([-second, second])

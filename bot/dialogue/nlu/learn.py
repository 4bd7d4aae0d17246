"""Learn a model from lessons; only training imports this (scikit-learn takes seconds)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from bot.dialogue.nlu.belief import poverty_of
from bot.dialogue.nlu.calibrate import fit_belief
from bot.dialogue.nlu.dense import Encode
from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.lessons import Lesson
from bot.dialogue.nlu.material import Material, Rows
from bot.dialogue.nlu.model import Model
from bot.dialogue.nlu.scope import narrowed
from bot.dialogue.nlu.scores import Scorer, wholes

SEED = 20261124
PENALTY = 1.0
"""C of the linear models."""
MANY = 8
"""A label with as many examples gets a linear model."""
ANSWER_WEIGHT = 0.3
"""A sentence of an answer counts as a third of an example: it says what is meant, not how it is asked."""


def learn(lessons: Sequence[Lesson], encode: Encode | None = None) -> Model:
    """The model; the same for the same lessons, of which there must be two at least, and the same sentence model."""
    material, features = Material.of(narrowed(lessons), encode)
    return Model(
        features=features,
        scorer=fit_scorer(material, material.everything),
        belief=fit_belief(material, fit_scorer, np.random.default_rng(SEED)),
        poverty=poverty_of(material.sizes(material.everything)),
        encode=encode,
    )


def fit_scorer(material: Material, chosen: Rows) -> Scorer:
    """Of the chosen documents (ascending), among which every label has one at least."""
    label = material.label[chosen]
    modelled = np.flatnonzero(material.sizes(chosen) >= MANY)
    weights, bias = _linear(material, chosen, modelled)
    telling, whole = wholes(material.by_label(chosen), material.idf)
    return Scorer(
        labels=material.labels,
        modelled=modelled,
        weights=weights,
        bias=bias,
        documents=material.vectors[chosen].T.tocsr(),
        starts=np.searchsorted(label, range(len(material.labels))),
        telling=telling,
        wholes=whole,
        meanings=material.meanings.among(chosen) if material.meanings else None,
    )


def _linear(material: Material, chosen: Rows, modelled: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Weights and bias of each modelled label against all others."""
    if not len(modelled):
        return np.zeros((len(material.idf), 0), np.float32), np.zeros(0, np.float32)
    weight = np.where(material.is_example[chosen], 1.0, ANSWER_WEIGHT)
    # All labels that have no model of their own are one.
    label = np.where(np.isin(material.label[chosen], modelled), material.label[chosen], -1)
    svm = LinearSVC(C=PENALTY, random_state=SEED).fit(material.vectors[chosen], label, sample_weight=weight)
    # Of two classes scikit-learn gives the second one's weights only.
    weights, bias = (svm.coef_, svm.intercept_) if len(svm.classes_) > 2 else (_both(svm.coef_), _both(svm.intercept_))
    own = svm.classes_ >= 0
    return np.ascontiguousarray(weights[own].T, np.float32), bias[own].astype(np.float32)


def _both(second: Floats) -> Floats:
    return np.concatenate([-second, second])

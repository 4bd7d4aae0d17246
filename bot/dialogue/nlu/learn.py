"""Learn scorer and belief from examples; only training imports this (scikit-learn takes seconds)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.svm import LinearSVC

from bot.dialogue.nlu.belief import TERMS, Belief, poverty_of, softmax, terms
from bot.dialogue.nlu.features import Features, Floats
from bot.dialogue.nlu.lessons import Lesson
from bot.dialogue.nlu.model import Model
from bot.dialogue.nlu.scores import Scorer

SEED = 20261124
FOLDS = 5
PENALTY = 1.0
"""C of the linear models."""
PULL = 1e-4
ANSWER_WEIGHT = 0.3
"""A sentence of an answer counts as a third of an example: it says what is meant, not how it is asked."""


@dataclass(frozen=True)
class _Material:
    """The lessons as arrays, a row per document."""

    labels: tuple[str, ...]
    label: NDArray[np.int64]
    is_example: NDArray[np.bool_]
    rows: Floats
    coverage: Floats


def learn(lessons: Sequence[Lesson]) -> Model:
    """The model; the same for the same lessons."""
    texts = [(text, index, kind) for index, lesson in enumerate(lessons) for text, kind in _documents(lesson)]
    features = Features.of([text for text, _, _ in texts])
    rows, coverage = features.matrix(text for text, _, _ in texts)
    material = _Material(
        labels=tuple(lesson.label for lesson in lessons),
        label=np.array([index for _, index, _ in texts]),
        is_example=np.array([kind for _, _, kind in texts]),
        rows=rows,
        coverage=coverage,
    )
    everything = np.arange(len(texts))
    return Model(features, _scorer(material, everything), _belief(material), poverty_of(_counts(material, everything)))


def _documents(lesson: Lesson) -> list[tuple[str, bool]]:
    return [(text, True) for text in lesson.examples] + [(text, False) for text in lesson.sentences]


def _counts(material: _Material, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    examples = chosen[material.is_example[chosen]]
    return np.bincount(material.label[examples], minlength=len(material.labels))


def _scorer(material: _Material, chosen: NDArray[np.int64]) -> Scorer:
    """Of the chosen documents, which are ordered by label."""
    label = material.label[chosen]
    weight = np.where(material.is_example[chosen], 1.0, ANSWER_WEIGHT)
    svm = LinearSVC(C=PENALTY, random_state=SEED).fit(material.rows[chosen], label, sample_weight=weight)
    # Of two classes scikit-learn gives the second one's weights only.
    weights, bias = (svm.coef_, svm.intercept_) if len(svm.classes_) > 2 else (_both(svm.coef_), _both(svm.intercept_))
    return Scorer(
        labels=material.labels,
        weights=np.ascontiguousarray(weights.T, np.float32),
        bias=bias.astype(np.float32),
        documents=material.rows[chosen],
        starts=np.searchsorted(label, range(len(material.labels))),
    )


def _both(second: Floats) -> Floats:
    return np.concatenate([-second, second])


def _belief(material: _Material) -> Belief:
    """Fitted to the scores of examples that the scorer had not seen; every label counts alike, whatever its size."""
    fold = _folds(material)
    made, truth = [], []
    for held in range(FOLDS):
        kept = np.flatnonzero(fold != held)
        asked = np.flatnonzero(fold == held)
        scorer = _scorer(material, kept)
        scores = scorer.score_all(material.rows[asked], material.coverage[asked])
        made.append(terms(scores, material.labels, poverty_of(_counts(material, kept))))
        truth.append(material.label[asked])
    return Belief(_fit(np.concatenate(made), np.concatenate(truth)))


def _folds(material: _Material) -> NDArray[np.int64]:
    """The fold in which a document is held back; -1 where it never is: sentences, and a label's only document."""
    chance = np.random.default_rng(SEED)
    fold = np.full(len(material.label), -1)
    for index in range(len(material.labels)):
        documents = np.flatnonzero(material.label == index)
        examples = documents[material.is_example[documents]]
        if len(documents) > 1:
            fold[chance.permutation(examples)] = np.arange(len(examples)) % FOLDS
    return fold


def _fit(made: Floats, truth: NDArray[np.int64]) -> Floats:
    """Greatest likelihood, with a slight pull towards zero."""
    weight = (1 / np.bincount(truth, minlength=made.shape[1])[truth]).astype(np.float64)
    weight /= weight.sum()
    rows = np.arange(len(truth))
    chosen = made[rows, truth]

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        shares = softmax(made @ coefficients)
        expected = np.einsum("nl,nlt->nt", shares, made)
        value = -weight @ np.log(shares[rows, truth] + 1e-12) + PULL * coefficients @ coefficients
        return float(value), weight @ (expected - chosen) + 2 * PULL * coefficients

    found: Floats = minimize(loss, np.zeros(TERMS), jac=True, method="L-BFGS-B").x
    return found.astype(np.float32)

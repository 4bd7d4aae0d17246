"""
Group questions that are alike, so that an editor sees each once, with a count.

Likeness is that of the telling words' n-grams (tf-idf, cosine), groups are made by
average linkage. The threshold is measured, see "Questions in groups" in tests/quality/README.md.
It is set for groups that are right rather than for few groups: a group that is torn costs
a second look, one that is mixed makes wrong phrasings.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from bot.faq.learning.model import Group, Question
from bot.faq.words import STOP_WORDS, fold

ALIKE = 0.3
"""Mean likeness that a question must have to those of a group to belong to it."""

Matrix = NDArray[np.float64]
Likeness = Callable[[Sequence[str]], Matrix]
"""How alike each of the texts is to each: 0 (nothing in common) to 1."""


def group(questions: Sequence[Question], likeness: Likeness) -> list[Group]:
    """Largest groups first, of equal ones the newest."""
    if not questions:
        return []
    alike = likeness([telling(question.text) for question in questions])
    groups = [_group(questions, alike, rows) for rows in clusters(alike)]
    return sorted(groups, key=lambda made: (len(made.questions), max(each.at for each in made.questions)), reverse=True)


def clusters(alike: Matrix) -> list[NDArray[np.intp]]:
    """The rows of each cluster."""
    if len(alike) == 1:
        return [np.zeros(1, np.intp)]
    distances = np.clip(1 - (alike + alike.T) / 2, 0, None)
    np.fill_diagonal(distances, 0)
    tree = hierarchy.linkage(squareform(distances, checks=False), "average")
    numbers = hierarchy.fcluster(tree, 1 - ALIKE, "distance")
    return [np.flatnonzero(numbers == number) for number in np.unique(numbers)]


def telling(text: str) -> str:
    """The words that tell questions apart; all of them, if none does."""
    folded = fold(text)
    return " ".join(word for word in folded.split() if word not in STOP_WORDS) or folded


def _group(questions: Sequence[Question], alike: Matrix, rows: NDArray[np.intp]) -> Group:
    """Those nearest to the others first; of equally near ones the shortest."""
    nearness = alike[np.ix_(rows, rows)].sum(axis=1).round(6)
    chosen = [questions[int(row)] for row in rows]
    order = sorted(range(len(chosen)), key=lambda at: (-nearness[at], len(chosen[at].text), chosen[at].message))
    return Group(tuple(chosen[at] for at in order))

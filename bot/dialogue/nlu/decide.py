"""
What to do with a message, given how probable each label is: what pays best on average.

The stakes are stated below and nothing else is: since the probabilities are calibrated,
every threshold follows from them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.conversations.model import Decision
from bot.dialogue.nlu.belief import CANDIDATES, OUT_OF_SCOPE
from bot.dialogue.nlu.features import Floats

MOST_OFFERED = 3


@dataclass(frozen=True)
class Stakes:
    """What an outcome is worth to the customer; a right answer is worth 1."""

    wrong: float = -1.0
    """An unrelated answer sends the customer the wrong way; worse than any question."""
    out_of_place: float = -0.8
    """Small talk where none was meant costs a line; it sends nobody anywhere."""
    asked_well: float = 0.4
    """Asked back with the right one among those offered: one more press."""
    asked_in_vain: float = -0.1
    declined_well: float = 0.5
    """Said at once that there is no answer here, and offered a person."""
    declined_in_vain: float = -0.4
    """There was an answer."""


@dataclass(frozen=True)
class Decided:
    """The decision, what about, and how probable it is to be right."""

    kind: Decision
    labels: tuple[str, ...]
    """One label; when asking back, up to MOST_OFFERED of them; `out_of_scope` when declining."""
    confidence: float
    """0 to 1: of the label, of the right one being among those offered, of there being no answer."""


def decide(
    labels: Sequence[str], probabilities: Floats, *, offers: Callable[[str], bool], stakes: Stakes | None = None
) -> Decided:
    """`offers` tells which labels can be shown as a button."""
    stakes = stakes or Stakes()
    order = ranked(probabilities)
    inside = [index for index in order if labels[index] != OUT_OF_SCOPE]
    outside = 1 - float(probabilities[inside].sum())
    best = inside[0]
    offered = list(islice((index for index in inside if offers(labels[index])), MOST_OFFERED))
    offered = [index for index in offered if probabilities[index] > probabilities[offered[0]] / 20]
    ill = stakes.wrong if offers(labels[best]) else stakes.out_of_place
    options = [
        (_worth(float(probabilities[best]), 1.0, ill), _kind(labels[best]), [best]),
        (_worth(outside, stakes.declined_well, stakes.declined_in_vain), Decision.DECLINE, []),
    ]
    if offered:
        among = float(sum(probabilities[offered]))
        options.append((_worth(among, stakes.asked_well, stakes.asked_in_vain), Decision.CLARIFY, offered))
    _, kind, chosen = max(options, key=lambda option: option[0])
    if kind is Decision.DECLINE:
        return Decided(kind, (OUT_OF_SCOPE,), outside)
    return Decided(kind, tuple(labels[index] for index in chosen), float(sum(probabilities[chosen])))


def ranked(probabilities: Floats) -> Sequence[int]:
    """The places of those that came into question, the likeliest first."""
    few = len(probabilities) <= CANDIDATES
    places = np.arange(len(probabilities)) if few else np.argpartition(-probabilities, CANDIDATES)[:CANDIDATES]
    order: list[int] = places[(-probabilities[places]).argsort()].tolist()
    return order


def _kind(label: str) -> Decision:
    return Decision.ANSWER if "/" in label else Decision.ACTION


def _worth(probability: float, well: float, ill: float) -> float:
    return probability * well + (1 - probability) * ill

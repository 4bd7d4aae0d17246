"""What two models make of the held-out messages, and when the new one is worse."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

CHANCE = 1
"""
Messages by which a new model may be behind: one right answer fewer, one wrong answer more.

A message on the edge falls to either side with any change, so one of them says nothing: in 14 trials,
1 to 10 good phrasings of the shipped FAQ, left out and added again, cost one held-out message of 542
a wrong answer in 3 and two in 1. More than one is no chance any more, and wrong answers mislead customers.
"""


@dataclass(frozen=True)
class Figures:
    """Numbers of held-out messages; see bot/evaluation."""

    examples: str
    """Digest of the file of held-out messages: figures of one file say nothing about those of another."""
    count: int
    right: int
    offered: int
    missed: int
    declined: int
    wrong: int
    answered_outside: Mapping[str, int] = field(default_factory=dict)
    """Of the wrong ones: out-of-scope messages that were answered with an entry, by its label."""
    offered_outside: Mapping[str, int] = field(default_factory=dict)
    """Of the missed ones: out-of-scope messages about which the bot asks back, by each label that it offers."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From what `values` gave."""
        return cls(**values)

    def values(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def why_worse(before: Figures, after: Figures, new: Collection[str] = ()) -> str | None:
    """
    Why the model must not be used; None if it may.

    `new` are the labels of the entries that it has and the one before had not. What they answer stands as
    out of scope in the held-out file until somebody changes it there, so it is counted for neither side.
    """
    answered = sum(after.answered_outside.get(label, 0) for label in new)
    offered = sum(after.offered_outside.get(label, 0) for label in new)
    wrong, right = after.wrong - answered, after.right + answered + offered
    if wrong > before.wrong + CHANCE:
        return (
            f"The new model answers {wrong} of {after.count} held-out messages wrongly, the present one {before.wrong}."
        )
    if right < before.right - CHANCE:
        return f"The new model does what is right on {right} of {after.count} held-out messages, not on {before.right}."
    return None

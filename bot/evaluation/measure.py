"""Ask for each message what the bot would do, and sum it up."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.conversations.model import Decision
from bot.dialogue.engine import Understood
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.evaluation.examples import Example


class Outcome(StrEnum):
    """What a decision was for the customer."""

    RIGHT = "right"
    """The right answer or action; for an out-of-scope message, declined."""
    OFFERED = "offered"
    """Asked back, with the right one among the buttons."""
    MISSED = "missed"
    """Asked back without it, or about an out-of-scope message."""
    DECLINED = "declined"
    """There was an answer."""
    WRONG = "wrong"
    """Another entry's answer, or another action."""


@dataclass(frozen=True)
class Judged:
    """A message, what the bot would do, and what that is worth."""

    example: Example
    understood: Understood
    outcome: Outcome

    @property
    def is_false_answer(self) -> bool:
        """An out-of-scope message that got an FAQ entry."""
        return self.example.label == OUT_OF_SCOPE and self.understood.decision is Decision.ANSWER


@dataclass(frozen=True)
class Shares:
    """Of some messages: how many there are, and which share (0 to 1) had which outcome."""

    count: int
    outcomes: dict[Outcome, float]
    false_answers: float


def judge(examples: Sequence[Example], understand: Callable[[str], Understood]) -> list[Judged]:
    """In the order of the examples."""
    judged = []
    for example in examples:
        understood = understand(example.text)
        judged.append(Judged(example, understood, _outcome(example.label, understood)))
    return judged


def shares(judged: Sequence[Judged]) -> Shares:
    """Of at least one message."""
    counted = Counter(one.outcome for one in judged)
    return Shares(
        count=len(judged),
        outcomes={outcome: counted[outcome] / len(judged) for outcome in Outcome},
        false_answers=sum(one.is_false_answer for one in judged) / len(judged),
    )


def _outcome(label: str, understood: Understood) -> Outcome:
    if understood.decision is Decision.CLARIFY:
        return Outcome.OFFERED if label in understood.labels else Outcome.MISSED
    if understood.labels[0] == label:
        return Outcome.RIGHT
    return Outcome.DECLINED if understood.decision is Decision.DECLINE else Outcome.WRONG

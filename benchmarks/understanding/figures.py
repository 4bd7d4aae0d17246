"""Shares of guesses, as they stand in the tables."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from benchmarks.understanding.systems import Guess
from bot.conversations.model import Decision
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.evaluation.examples import Example

Asked = Sequence[tuple[Example, Guess]]
STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.001)


def share(pairs: Asked, holds: Callable[[Example, Guess], bool]) -> float:
    """Of at least one pair, 0 to 1."""
    return sum(holds(example, guess) for example, guess in pairs) / len(pairs)


def percent(value: float | None) -> str:
    """As it stands in a table."""
    return "–" if value is None else f"{100 * value:.1f} %"


def inside(pairs: Asked) -> Asked:
    """Those in scope."""
    return [pair for pair in pairs if pair[0].label != OUT_OF_SCOPE]


def outside(pairs: Asked) -> Asked:
    """Those out of scope."""
    return [pair for pair in pairs if pair[0].label == OUT_OF_SCOPE]


def of_kind(pairs: Asked, kind: str) -> Asked:
    """Those that are near, or far."""
    return [pair for pair in pairs if pair[0].kind == kind]


def is_right(example: Example, guess: Guess) -> bool:
    """It would do the right thing."""
    return guess.first == example.label


def is_wrong(example: Example, guess: Guess) -> bool:
    """It would do another thing; to decline or to ask back is none."""
    return guess.first not in {example.label, OUT_OF_SCOPE}


def is_entry(example: Example, guess: Guess) -> bool:
    """It would answer with an entry of the FAQ."""
    return "/" in guess.first


def is_first(example: Example, guess: Guess) -> bool:
    """The right one is ranked first, whatever is decided."""
    return guess.ranking[:1] == (example.label,)


def is_among_three(example: Example, guess: Guess) -> bool:
    """The right one is ranked among the first three, whatever is decided."""
    return example.label in guess.ranking[:3]


def is_offered(example: Example, guess: Guess) -> bool:
    """Asked back, with the right one on a button."""
    decided = guess.decided
    return decided is not None and decided.kind is Decision.CLARIFY and example.label in decided.labels


def asks_back(pairs: Asked) -> Asked:
    """Those that are asked back about."""
    return [pair for pair in pairs if pair[1].decided and pair[1].decided.kind is Decision.CLARIFY]


def reliability(pairs: Asked) -> Iterator[tuple[str, ...]]:
    """Of the answers and actions at a confidence, how many are right: rows of from-to, number, mean, share."""
    done = [
        (guess.decided.confidence, is_right(example, guess))
        for example, guess in pairs
        if guess.decided and guess.decided.kind in {Decision.ANSWER, Decision.ACTION}
    ]
    for low, high in zip((0.0, *STEPS), STEPS, strict=False):
        within = [(confidence, right) for confidence, right in done if low <= confidence < high]
        if within:
            mean = sum(confidence for confidence, _ in within) / len(within)
            right = sum(right for _, right in within) / len(within)
            yield (f"{low:.2f} – {min(high, 1):.2f}", str(len(within)), percent(mean), percent(right))


def decisions(pairs: Asked) -> str:
    """Answered rightly, asked back with the right one, wrong, declined."""
    kinds = Counter(guess.decided.kind for _, guess in pairs if guess.decided)
    return (
        f"{percent(share(pairs, is_right))} answered rightly, {percent(share(pairs, is_offered))} offered, "
        f"{percent(share(pairs, is_wrong))} wrong, {percent(kinds[Decision.DECLINE] / len(pairs))} declined"
    )

"""From probabilities to a decision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.model import Decision
from bot.dialogue.nlu.decide import MOST_OFFERED, Decided, decide

LABELS = ("faq/imap", "faq/pop3", "faq/ssl", "faq/full", "greet", "out_of_scope")


def decided(*probabilities: float) -> Decided:
    """With all but small talk on buttons."""
    shares = np.array(probabilities, np.float32)
    return decide(LABELS, shares / shares.sum(), offers=lambda label: label != "greet")


def test_what_is_nearly_sure_is_answered() -> None:
    """With the entry's label."""
    found = decided(0.95, 0.01, 0.01, 0.01, 0.01, 0.01)
    assert (found.kind, found.labels) == (Decision.ANSWER, ("faq/imap",))


def test_an_intent_is_acted_on() -> None:
    """It needs no button for that."""
    found = decided(0.01, 0.01, 0.01, 0.01, 0.95, 0.01)
    assert (found.kind, found.labels) == (Decision.ACTION, ("greet",))


def test_between_two_it_asks_with_both_and_without_the_improbable() -> None:
    """The most probable first."""
    found = decided(0.44, 0.52, 0.005, 0.005, 0.02, 0.01)
    assert (found.kind, found.labels) == (Decision.CLARIFY, ("faq/pop3", "faq/imap"))


def test_what_is_nothing_of_ours_is_declined() -> None:
    """Its confidence is that there is no answer."""
    found = decided(0.05, 0.02, 0.01, 0.01, 0.01, 0.9)
    assert (found.kind, found.labels) == (Decision.DECLINE, ("out_of_scope",))
    assert found.confidence == pytest.approx(0.9)


@given(st.lists(st.floats(0.001, 1), min_size=len(LABELS), max_size=len(LABELS)))
def test_a_question_back_offers_a_few_that_can_be_offered(probabilities: list[float]) -> None:
    """Whatever the probabilities: one to three buttons, never small talk, never "out of scope"; confidence is one."""
    found = decided(*probabilities)
    assert 0 <= found.confidence <= 1.0001
    if found.kind is Decision.CLARIFY:
        assert 1 <= len(found.labels) <= MOST_OFFERED
        assert not {"greet", "out_of_scope"} & set(found.labels)
    else:
        assert len(found.labels) == 1


@given(st.lists(st.floats(0.001, 1), min_size=len(LABELS), max_size=len(LABELS)))
def test_an_answer_is_never_given_on_less_than_even_odds(probabilities: list[float]) -> None:
    """A wrong answer costs more than a right one gains; a greeting, which cannot be asked back about, costs little."""
    found = decided(*probabilities)
    assert found.kind in {Decision.CLARIFY, Decision.DECLINE} or found.labels == ("greet",) or found.confidence > 0.5

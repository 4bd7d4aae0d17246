"""Which entries are offered to an agent for what a customer wrote."""

import pytest

from bot.conversations.model import Decision
from bot.dialogue.engine import RasaDialogue

pytestmark = pytest.mark.slow


def test_the_nearest_entries_come_first_with_their_answers(dialogue: RasaDialogue) -> None:
    """With title and text as customers get them."""
    first, second, third = dialogue.suggest("welchen port brauch ich für imap mit ssl", 3)
    assert first.label == "faq/ssl-incoming"
    assert first.title == "Wie richte ich den Posteingangsserver mit SSL ein?"
    assert "993" in first.text
    assert first.confidence > 0.8 > second.confidence >= third.confidence


def test_a_text_that_the_bot_declines_has_suggestions_all_the_same(dialogue: RasaDialogue) -> None:
    """An agent sees what is nearest, and that it is not near."""
    text = "Wie wird das Wetter morgen in Hamburg?"
    assert dialogue.understand(text).decision is Decision.DECLINE
    suggested = dialogue.suggest(text, 2)
    assert len(suggested) == 2
    assert all(each.label.startswith("faq/") and each.confidence < 0.5 for each in suggested)

"""What a pressed button means to the dialogue."""

import pytest

from bot.dialogue.payload import PayloadError, parse


def test_an_intent_is_an_action() -> None:
    """`/handoff` means the intent, with full confidence."""
    parsed = parse("/handoff", "Mit einer Person sprechen")

    assert parsed["intent"] == {"name": "handoff", "confidence": 1.0}
    assert parsed["decision"] == {"kind": "action", "labels": ["handoff"], "confidence": 1.0}
    assert "response_selector" not in parsed


def test_an_entry_is_an_answer() -> None:
    """`/faq/pop3` means the entry, told the way Rasa's response selector would."""
    parsed = parse("/faq/pop3", "Was ist POP3?")

    assert parsed["intent"]["name"] == "faq"
    assert parsed["decision"]["kind"] == "answer"
    assert parsed["response_selector"]["faq"]["response"]["utter_action"] == "utter_faq/pop3"


def test_slots_come_as_entities() -> None:
    """JSON behind the intent gives slots their values."""
    assert parse('/restore_mailbox{"scope": "folder"}', "Ordner")["entities"] == [
        {"entity": "scope", "value": "folder"}
    ]


@pytest.mark.parametrize("payload", ["handoff", "", "/", "/restore{", '/{"a": 1}'])
def test_anything_else_is_named_as_broken(payload: str) -> None:
    """A payload of no known form is a fault of the domain, and the error says which."""
    with pytest.raises(PayloadError, match="payload"):
        parse(payload, "")

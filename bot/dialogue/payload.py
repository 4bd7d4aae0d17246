"""What a pressed button means: `/intent` or `/faq/<slug>`, with slots as JSON behind it if there are any."""

import json
from typing import Any

from bot.errors import PostboteError


class PayloadError(PostboteError):
    """A button of the domain or of an action carries a payload of no known form."""

    code = "payload"


def parse(payload: str, text: str) -> dict[str, Any]:
    """
    Rasa's `parse_data` for a choice, made without any NLU.

    Only payloads that a button of ours carried get here (the store keeps them), so
    what a customer types is never read as a command.
    """
    name, brace, slots = payload.removeprefix("/").partition("{")
    if not payload.startswith("/") or not name:
        raise PayloadError(f"Button payload {payload!r} is not understood. Write /intent or /faq/slug.")
    try:
        values = json.loads(brace + slots) if brace else {}
    except ValueError as error:
        raise PayloadError(f"Button payload {payload!r} has broken JSON behind the intent: {error}.") from error
    retrieval, slash, _ = name.partition("/")
    parsed: dict[str, Any] = {
        "text": text,
        "intent": {"name": retrieval, "confidence": 1.0},
        "entities": [{"entity": key, "value": value} for key, value in values.items()],
        "pressed": True,
        "decision": {"kind": "answer" if slash else "action", "labels": [name], "confidence": 1.0},
    }
    if slash:
        parsed["response_selector"] = selected(name)
    return parsed


def action(intent: str) -> dict[str, Any]:
    """What of Rasa's `parse_data` says that the intent is meant."""
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "decision": {"kind": "action", "labels": [intent], "confidence": 1.0},
    }


def answer(name: str) -> dict[str, Any]:
    """What of Rasa's `parse_data` says that the entry `faq/<slug>` is meant."""
    return {
        "intent": {"name": name.partition("/")[0], "confidence": 1.0},
        "decision": {"kind": "answer", "labels": [name], "confidence": 1.0},
        "response_selector": selected(name),
    }


def selected(name: str) -> dict[str, Any]:
    """What Rasa's ResponseSelector would put into the message for the entry `faq/<slug>`."""
    retrieval = name.partition("/")[0]
    response = {"intent_response_key": name, "utter_action": f"utter_{name}", "confidence": 1.0, "responses": []}
    return {"all_retrieval_intents": [retrieval], retrieval: {"response": response, "ranking": []}}

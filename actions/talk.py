"""A turn of a procedure: what was heard, and how to say something."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.handoff import reason_of
from actions.phrases import CORRECTION, QUESTION
from bot.accounts import Accounts
from bot.conversations.model import Reason

Offer = tuple[str, str | dict[str, str]]
"""A button: a response or the words themselves, and what it means: `/intent`, or the values of fields."""
Draft = dict[str, Any]
"""What is known so far: the fields' values, and what was asked last."""


@dataclass(frozen=True)
class Heard:
    """The customer's message."""

    text: str
    """Empty when a button filled a field."""
    intent: str
    kind: str
    """The decision, see bot.conversations.model.Decision."""
    labels: Sequence[str]
    confidence: float
    values: dict[str, str]
    """What a pressed button says."""
    code: str | None
    """Digest of the one-time code that the message held."""
    pressed: bool = False
    """Whether a button was pressed, and nothing written."""
    reason: Reason = Reason.ASKED
    """Why a person is wanted, if one is."""

    @property
    def corrects(self) -> bool:
        """Whether it takes something back that was said before."""
        return CORRECTION.search(self.text) is not None

    @property
    def asks(self) -> bool:
        """Whether it has the form of a question."""
        return QUESTION.search(self.text) is not None


@dataclass
class Talk:
    """What is needed to read, to say and to do."""

    conversation: str
    message: str
    heard: Heard
    accounts: Accounts
    domain: dict[str, Any]
    dispatcher: CollectingDispatcher
    events: list[dict[str, Any]] = field(default_factory=list)
    """What Rasa is to write down beside the draft."""
    changed: Draft = field(default_factory=dict)
    """What this message changed so far."""
    next: str | None = None
    """Intent of the procedure that goes on when this one is over."""

    def say(self, response: str, *, buttons: Iterable[Offer] = (), **values: Any) -> None:
        """A response of the domain, with its placeholders filled."""
        shown = [{"title": self._title(name), "payload": _payload(meaning)} for name, meaning in buttons]
        self.dispatcher.utter_message(response=response, buttons=shown, **values)

    def text(self, response: str, **values: Any) -> str:
        """The words of a response, to be put into another one."""
        words: str = self.domain["responses"][response][0]["text"]
        return words.format(**values)

    def _title(self, name: str) -> str:
        return self.text(name) if name.startswith("utter_") else name


def heard_in(message: dict[str, Any]) -> Heard:
    """From the tracker's latest message."""
    decision = message.get("decision") or {}
    values = {entity["entity"]: entity["value"] for entity in message.get("entities") or ()}
    return Heard(
        text="" if values else message.get("text") or "",
        intent=(message.get("intent") or {}).get("name") or "",
        kind=decision.get("kind", ""),
        labels=decision.get("labels", ()),
        confidence=decision.get("confidence", 0.0),
        values=values,
        code=message.get("code_digest"),
        pressed=bool(message.get("pressed")),
        reason=reason_of(message),
    )


def _payload(meaning: str | dict[str, str]) -> str:
    return meaning if isinstance(meaning, str) else f"/inform{json.dumps(meaning, ensure_ascii=False)}"

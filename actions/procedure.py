"""
A procedure: asks for what it needs, field by field, until it can do what the customer wants.

Rasa knows it as a form. The form's one slot holds the draft; what is said in between
is handled here, so that corrections, questions and a change of mind cost no rules.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._wiring import find_accounts
from actions.faq import Help
from actions.handoff import call_person, reason_of
from bot.accounts import Accounts
from bot.conversations.model import Reason

Offer = tuple[str, str | dict[str, str]]
"""A button: a response or the words themselves, and what it means: `/intent`, or the values of fields."""
Draft = dict[str, Any]
"""What is known so far: the fields' values, and what was asked last."""
ASKED, MISSED = "asked", "missed"
MOST_MISSED = 2
"""After so many messages in a row that were not understood, a person is offered."""
ASIDE = {"greet", "thank", "goodbye", "bot_challenge", "help"}
"""What may be said in between, and is answered before the procedure goes on."""

PROCEDURES = {"check_quota", "restore_mailbox", "ticket_status", "leave_message", "send_transcript"}
PERSON = "handoff"
TO_PERSON = '/handoff{"reason": "procedure"}'
"""The button by which a customer leaves a procedure that cannot go on."""

CORRECTION = re.compile(
    r"\b(doch|lieber|statt|stattdessen|falsch\w*|sondern|korrektur|korrigier\w*|änder\w*|aender\w*|meinte|nee?|nein|eigentlich)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Heard:
    """The customer's message."""

    text: str
    intent: str
    kind: str
    """The decision, see bot.conversations.model.Decision."""
    labels: Sequence[str]
    values: dict[str, str]
    """What a pressed button says."""
    code: str | None
    """Digest of the one-time code that the message held."""
    pressed: bool = False
    """Whether a button was pressed, and nothing written."""
    reason: Reason = Reason.ASKED
    """Why a person is wanted, if one is."""


@dataclass
class Talk:
    """A turn of the procedure: what is needed to read, to say and to do."""

    conversation: str
    message: str
    heard: Heard
    accounts: Accounts
    domain: dict[str, Any]
    dispatcher: CollectingDispatcher
    events: list[dict[str, Any]] = field(default_factory=list)
    """What Rasa is to write down beside the draft."""

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


@dataclass
class Reading:
    """What a field took from a message."""

    values: Draft = field(default_factory=dict)
    """None takes a value back."""
    understood: bool = True


class Field(Protocol):
    """One thing that a procedure needs to know."""

    name: str

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """
        What the message says about it; None: nothing.

        `asked`: it is an answer to this field's question. Otherwise it must be beyond doubt.
        """

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """Whether it has to be asked for."""

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Ask, and return what is to be remembered of it."""


class Procedure(Action, ABC):
    """Base of all procedures; see the module."""

    topic: str
    """Stem of the form `<topic>_form`, the slot `<topic>` and the responses."""
    fields: Sequence[Field]

    def name(self) -> str:
        return f"validate_{self.topic}_form"

    @abstractmethod
    async def complete(self, talk: Talk, draft: Draft) -> None:
        """Nothing is missing: do it, and say so."""

    def is_answer(self, talk: Talk, draft: Draft) -> bool:
        """Whether what sounds like a wish for a person is an answer without doubt, such as a telephone number."""
        return False

    def takes_all(self, talk: Talk, draft: Draft) -> bool:
        """Whether the message is an answer whatever it says, since the customer's own words were asked for."""
        return False

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        accounts = find_accounts()
        if accounts is None:
            dispatcher.utter_message(response=f"utter_{self.topic}_by_phone")
            return self._end()
        message = tracker.latest_message
        talk = Talk(tracker.sender_id, str(message.get("message_id")), _heard(message), accounts, domain, dispatcher)
        draft = await self._take(talk, dict(tracker.get_slot(self.topic) or {}))
        if draft is None:
            return [*talk.events, *self._end()]
        return [*talk.events, SlotSet(self.topic, draft), SlotSet("requested_slot", self.topic)]

    def _end(self) -> Any:
        return [SlotSet(self.topic, None), SlotSet("requested_slot", None)]

    async def _take(self, talk: Talk, draft: Draft) -> Draft | None:
        """The draft after this message; None when the procedure is over."""
        begins = ASKED not in draft
        if not (begins or self.takes_all(talk, draft)) and await self._is_left(talk, draft):
            return None
        reading = await self._read(talk, draft)
        if reading is None and not begins:
            return await self._aside(talk, draft)
        draft |= (reading.values if reading else {}) | {MISSED: 0}
        return await self._go_on(talk, draft)

    async def _is_left(self, talk: Talk, draft: Draft) -> bool:
        if talk.heard.intent == "cancel":
            talk.say("utter_cancel")
            return True
        # An angry answer is an answer first; `_aside` calls a person if it is none.
        wanted = talk.heard.intent == PERSON and talk.heard.reason is not Reason.ANGRY
        if wanted and not self.is_answer(talk, draft):
            talk.events += await call_person(talk.accounts, talk.heard.reason, talk.say)
            return True
        return False

    async def _read(self, talk: Talk, draft: Draft) -> Reading | None:
        """What was asked for first; then whatever else the message says."""
        asked = draft.get(ASKED)
        ordered = sorted(self.fields, key=lambda one: one.name != asked)
        values: Draft = {}
        found = False
        for one in ordered:
            reading = await one.read(talk, draft | values, asked=one.name == asked)
            if reading is not None:
                found = True
                values |= reading.values
        return Reading(values) if found else None

    async def _go_on(self, talk: Talk, draft: Draft) -> Draft | None:
        for one in self.fields:
            if await one.is_missing(talk, draft):
                return draft | await one.ask(talk, draft) | {ASKED: one.name}
        await self.complete(talk, draft)
        return None

    async def _aside(self, talk: Talk, draft: Draft) -> Draft | None:
        """Answer what belongs elsewhere, then ask again."""
        heard = talk.heard
        if heard.kind == "answer":
            talk.say(f"utter_{heard.labels[0]}")
        elif heard.intent == "help":
            Help().run(talk.dispatcher, None, talk.domain)
        elif heard.intent in ASIDE:
            talk.say(f"utter_{heard.intent}")
        elif heard.intent in PROCEDURES:
            talk.say("utter_later")
        elif heard.intent == PERSON:
            talk.events += await call_person(talk.accounts, heard.reason, talk.say)
            return None
        elif stars := heard.values.get("stars"):
            await talk.accounts.ratings.rate_conversation(talk.conversation, int(stars))
            talk.say("utter_rating_thanks")
        else:
            return await self._missed(talk, draft)
        return await self._go_on(talk, draft)

    async def _missed(self, talk: Talk, draft: Draft) -> Draft | None:
        draft = draft | {MISSED: draft.get(MISSED, 0) + 1}
        if draft[MISSED] < MOST_MISSED:
            talk.say("utter_not_understood")
            return await self._go_on(talk, draft)
        talk.say("utter_still_not_understood", buttons=[("utter_to_person", TO_PERSON), ("utter_stop", "/cancel")])
        return draft


def may_read(talk: Talk, draft: Draft) -> bool:
    """Whether a message may fill a field that was not asked for: at the start, or where it corrects."""
    return draft.get(ASKED) in {None, "confirmed"} or bool(CORRECTION.search(talk.heard.text))


def _payload(meaning: str | dict[str, str]) -> str:
    return meaning if isinstance(meaning, str) else f"/inform{json.dumps(meaning, ensure_ascii=False)}"


def _heard(message: dict[str, Any]) -> Heard:
    decision = message.get("decision") or {}
    return Heard(
        text=message.get("text") or "",
        intent=(message.get("intent") or {}).get("name") or "",
        kind=decision.get("kind", ""),
        labels=decision.get("labels", ()),
        values={entity["entity"]: entity["value"] for entity in message.get("entities") or ()},
        code=message.get("code_digest"),
        pressed=bool(message.get("pressed")),
        reason=reason_of(message),
    )

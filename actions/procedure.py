"""
A procedure: asks for what it needs, field by field, until it can do what the customer wants.

Rasa knows it as a form. The form's one slot holds the draft; what is said in between
is handled here, so that corrections, questions and a change of mind cost no rules.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._wiring import find_accounts
from actions.faq import FORMS, Help
from actions.handoff import call_person
from actions.phrases import INDIFFERENT, INSTEAD, NEEDLESS, PERSON_PLEASE, STOP, WAIT
from actions.talk import Draft, Talk, heard_in
from bot.conversations.model import Reason

ASKED, MISSED, LATER = "asked", "missed", "later"
MOST_MISSED = 2
"""After so many messages in a row that were not understood, a person is offered."""
ASIDE = {"greet", "thank", "bot_challenge"}
"""What may be said in between, and is answered before the procedure goes on."""
SURE = 0.9
"""So sure the model must be that a message is not an answer: to lose what was said is worse than one more question."""

MOST_WORDS_OF_A_WAIT = 10
PERSON = "handoff"
TO_PERSON = '/handoff{"reason": "procedure"}'
"""The button by which a customer leaves a procedure that cannot go on."""


class Field(ABC):
    """One thing that a procedure needs to know."""

    name: str
    revises = False
    """Whether a message that says nothing else may change it without a word of correction."""

    def may_read(self, talk: Talk, draft: Draft) -> bool:
        """
        Whether a message that answers another question may fill it.

        So it may at the beginning, in the summary, where something is corrected, and while it is not known.
        """
        asked = draft.get(ASKED)
        if asked in {None, "confirmed"} or talk.heard.values or talk.heard.corrects:
            return True
        return asked != "proof" and draft.get(self.name) is None

    @abstractmethod
    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """
        What the message changes (None takes a value back); None: it says nothing about this field.

        `asked`: it is an answer to this field's question. Otherwise it must be beyond doubt.
        """

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """Whether it has to be asked for."""
        return draft.get(self.name) is None

    @abstractmethod
    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Ask, and return what is to be remembered of it."""


class Procedure(Action, ABC):
    """Base of all procedures; see the module."""

    topic: str
    """Stem of the form `<topic>_form`, the slot `<topic>` and the responses."""
    intent: str
    """What begins it."""
    fields: Sequence[Field]

    def name(self) -> str:
        return f"validate_{self.topic}_form"

    @abstractmethod
    async def complete(self, talk: Talk, draft: Draft) -> None:
        """Nothing is missing: do it, and say so."""

    async def is_settled(self, talk: Talk, draft: Draft, missing: str) -> bool:
        """Whether it need not go on, although the field `missing` is to be asked for; says why."""
        return False

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        accounts = find_accounts()
        if accounts is None:
            dispatcher.utter_message(response=f"utter_{self.topic}_by_phone")
            return self._end()
        message = tracker.latest_message
        conversation, number = tracker.sender_id, str(message.get("message_id"))
        talk = Talk(conversation, number, heard_in(message), accounts, domain, dispatcher)
        before = dict(tracker.get_slot(self.topic) or {})
        draft = await self._take(talk, dict(before))
        if draft is not None:
            return [*talk.events, SlotSet(self.topic, draft), SlotSet("requested_slot", self.topic)]
        return [*talk.events, *self._end(), *_go_on_with(talk.next, before | talk.changed)]

    def _end(self) -> list[Any]:
        return [SlotSet(self.topic, None), SlotSet("requested_slot", None)]

    async def _take(self, talk: Talk, draft: Draft) -> Draft | None:
        """The draft after this message; None when the procedure is over."""
        begins = ASKED not in draft
        reading = await self._read(talk, draft)
        if not begins and await self._is_left(talk, draft, reading):
            return None
        if reading is None and not begins:
            return await self._aside(talk, draft)
        self._acknowledge(talk, draft)
        return await self._go_on(talk, draft | (reading or {}) | {MISSED: 0})

    async def _read(self, talk: Talk, draft: Draft) -> Draft | None:
        """What the message says about each field."""
        heard, asked = talk.heard, draft.get(ASKED)
        if asked and heard.asks and heard.kind == "answer" and not (heard.values or heard.code):
            return None
        elsewhere = asked and heard.intent in {*FORMS} - {self.intent} and heard.confidence >= SURE
        first = [one for one in self.fields if one.name == asked or (one.may_read(talk, draft) and not elsewhere)]
        if await self._read_fields(first, talk, draft):
            return talk.changed
        # What is an answer to nothing may change what is known already: "am Montagabend war noch alles da".
        if elsewhere or asked == "proof" or heard.intent in ASIDE - {"greet"} | {"goodbye", "help"}:
            return None
        others = [one for one in self.fields if one.revises and one not in first]
        return talk.changed if await self._read_fields(others, talk, draft) else None

    async def _read_fields(self, fields: Iterable[Field], talk: Talk, draft: Draft) -> bool:
        found = False
        for one in fields:
            now = draft | talk.changed
            values = await one.read(talk, now, asked=one.name == draft.get(ASKED))
            found = found or values is not None
            talk.changed |= {name: value for name, value in (values or {}).items() if now.get(name) != value}
        return found

    async def _is_left(self, talk: Talk, draft: Draft, reading: Draft | None) -> bool:
        heard = talk.heard
        if self._is_cancelled(talk, reading):
            talk.say("utter_cancel")
        elif heard.intent == "goodbye" and reading is None:
            talk.say("utter_goodbye")
        elif heard.intent == PERSON and not self._is_answer(talk, draft, reading):
            talk.events += await call_person(talk.accounts, talk.conversation, heard.reason, talk.say)
        else:
            return False
        return True

    def _is_answer(self, talk: Talk, draft: Draft, reading: Draft | None) -> bool:
        """A telephone number sounds like the wish to be called; and an angry answer is an answer."""
        is_angry = talk.heard.reason is Reason.ANGRY
        return bool({draft[ASKED], "contact"} & set(reading or ())) or (is_angry and reading is not None)

    def _is_cancelled(self, talk: Talk, reading: Draft | None) -> bool:
        """ "Doch lieber Montag" and "egal" sound like it, too."""
        heard = talk.heard
        if heard.intent in {"cancel", "deny"} and STOP.search(heard.text):
            return True
        if reading is not None:
            return False
        is_sure = heard.intent == "cancel" and heard.confidence >= SURE and not INDIFFERENT.search(heard.text)
        return is_sure or (heard.kind != "answer" and NEEDLESS.search(heard.text) is not None)

    def _acknowledge(self, talk: Talk, draft: Draft) -> None:
        """Say that something was changed which the next question would not show."""
        asked = draft.get(ASKED)
        told = {asked, "mailbox", "candidates"} & talk.changed.keys()
        if asked and asked not in {"confirmed", "proof"} and not told and any(talk.changed.values()):
            talk.say("utter_noted")

    async def _go_on(self, talk: Talk, draft: Draft) -> Draft | None:
        for one in self.fields:
            if await one.is_missing(talk, draft):
                if await self.is_settled(talk, draft, one.name):
                    break
                return draft | await one.ask(talk, draft) | {ASKED: one.name}
        else:
            await self.complete(talk, draft)
        if draft.get(LATER):
            talk.say("utter_now_the_other")
            talk.next = draft[LATER]
        return None

    async def _aside(self, talk: Talk, draft: Draft) -> Draft | None:
        """Answer what belongs elsewhere, then ask again."""
        heard = talk.heard
        agrees = heard.intent == "affirm" or PERSON_PLEASE.search(heard.text)
        if agrees and draft.get(MISSED, 0) >= MOST_MISSED:
            talk.events += await call_person(talk.accounts, talk.conversation, Reason.PROCEDURE, talk.say)
            return None
        if heard.intent in {*FORMS} - {self.intent}:
            return await self._other(talk, draft)
        if await self._is_answered(talk) or heard.intent == self.intent:
            return await self._go_on(talk, draft)
        return await self._missed(talk, draft)

    async def _is_answered(self, talk: Talk) -> bool:
        """Whether there was an answer to what belongs elsewhere."""
        heard = talk.heard
        if heard.kind == "answer":
            talk.say(f"utter_{heard.labels[0]}")
        elif heard.intent == "help":
            Help().run(talk.dispatcher, None, talk.domain)
        elif heard.intent in ASIDE:
            talk.say(f"utter_{heard.intent}")
        elif stars := heard.values.get("stars"):
            await talk.accounts.ratings.rate_conversation(talk.conversation, int(stars))
            talk.say("utter_rating_thanks")
        elif WAIT.search(heard.text) and "?" not in heard.text and len(heard.text.split()) <= MOST_WORDS_OF_A_WAIT:
            talk.say("utter_take_your_time")
        else:
            return False
        return True

    async def _other(self, talk: Talk, draft: Draft) -> Draft | None:
        """Another procedure is wanted: instead of this one where nothing would be lost, else after it."""
        has_begun = any(draft.get(one.name) is not None for one in self.fields if one.name not in {"mailbox", "number"})
        if INSTEAD.search(talk.heard.text) or not has_begun:
            talk.next = talk.heard.intent
            return None
        talk.say("utter_later")
        return await self._go_on(talk, draft | {LATER: talk.heard.intent})

    async def _missed(self, talk: Talk, draft: Draft) -> Draft | None:
        missed = draft.get(MISSED, 0) + 1
        draft = draft | {MISSED: missed}
        if missed < MOST_MISSED:
            talk.say("utter_unanswered" if talk.heard.asks else "utter_not_understood")
            return await self._go_on(talk, draft)
        talk.say("utter_still_not_understood", buttons=[("utter_to_person", TO_PERSON), ("utter_stop", "/cancel")])
        return draft


def _go_on_with(intent: str | None, draft: Draft) -> list[Any]:
    """The next procedure, about the same mailbox."""
    if intent is None:
        return []
    form = FORMS[intent]
    mailbox = draft.get("mailbox")
    known = [SlotSet(form.removesuffix("_form"), {"mailbox": mailbox})] if mailbox else []
    return [*known, FollowupAction(form)]

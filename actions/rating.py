"""How satisfied was the customer? Stars by a button of the closing message, then a line if the customer likes."""

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._wiring import find_accounts
from actions.faq import FORMS
from actions.handoff import call_person
from actions.procedure import PERSON, Field, Procedure
from actions.talk import Draft, Heard, Talk
from bot.insight.model import FEWEST_STARS, MOST_STARS

STARS = range(FEWEST_STARS, MOST_STARS + 1)
NOTHING = ""
"""As the draft's `comment`: the customer does not like to say anything."""
WISH = re.compile(
    r"\?|\b(wie|was|wo|wann|warum|wieso|wer|welche\w*|bitte|will|möchte|brauch\w*|kann|können|gibt es)\b", re.IGNORECASE
)
SHORT = 3
"""Words of what may be a wish without any of these: "imap port"."""


class Stars(Field):
    """From 1 to 5; stored at once, since most people leave after that."""

    name = "stars"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """Only by a button."""
        stars = talk.heard.values.get("stars")
        if stars is None:
            return None
        await talk.accounts.ratings.rate_conversation(talk.conversation, int(stars))
        return {"stars": int(stars)}

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        talk.say("utter_ask_stars", buttons=[(f"★ {number}", {"stars": str(number)}) for number in STARS])
        return {}


class Comment(Field):
    """A line in the customer's own words."""

    name = "comment"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """Whatever is said, unless it is a no, or a new question."""
        heard = talk.heard
        if not asked or "stars" in heard.values or _is_wish(heard):
            return None
        if heard.intent == "deny":
            return {"comment": NOTHING}
        return {"invited": True} if heard.intent == "affirm" else {"comment": heard.text}

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        asked = "utter_ask_comment_again" if draft.get("invited") else "utter_ask_comment"
        talk.say(asked, buttons=[("utter_no_comment", "/deny")])
        return {}


class RateConversation(Procedure):
    """Never in the way: a new question ends it, and is answered."""

    topic = "rating"
    intent = "rate"
    fields = (Stars(), Comment())

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The stars again, now with the line."""
        await talk.accounts.ratings.rate_conversation(talk.conversation, draft["stars"], draft["comment"] or None)
        talk.say("utter_rating_thanks")

    def _acknowledge(self, talk: Talk, draft: Draft) -> None:
        """Stars that are changed need no word."""

    async def _aside(self, talk: Talk, draft: Draft) -> Draft | None:
        """What is wanted instead comes next."""
        heard = talk.heard
        if heard.kind == "answer":
            talk.say(f"utter_{heard.labels[0]}")
        elif heard.intent == PERSON:
            talk.events += await call_person(talk.accounts, talk.conversation, heard.reason, talk.say)
        elif heard.intent in FORMS:
            talk.next = heard.intent
        return None


class SayGoodbye(Action):
    """A goodbye, with the question how it was, unless that was said already."""

    def name(self) -> str:
        return "action_goodbye"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        dispatcher.utter_message(response="utter_goodbye")
        accounts = find_accounts()
        if accounts is not None and not await accounts.ratings.is_rated(tracker.sender_id):
            buttons = [{"title": f"★ {n}", "payload": f'/rate{{"stars": "{n}"}}'} for n in STARS]
            dispatcher.utter_message(response="utter_rate_us", buttons=buttons)
        return []


def _is_wish(heard: Heard) -> bool:
    """Whether it is about something else: a remark on IMAP is no question on IMAP."""
    about = heard.kind == "answer" or heard.intent in {*FORMS, PERSON}
    return about and (len(heard.text.split()) <= SHORT or WISH.search(heard.text) is not None)

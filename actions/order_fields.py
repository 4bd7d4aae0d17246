"""What every procedure needs that ends in a ticket: how the customer is reached, and their yes to all of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.procedure import CORRECTION, Draft, Offer, Reading, Talk
from bot.tickets.reading import contact_in


class Contact:
    """How the customer is reached about it."""

    name = "contact"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """An address or a telephone number; only when asked, since a mailbox looks the same."""
        if contact := talk.heard.values.get("contact"):
            return Reading({"contact": contact})
        contact = contact_in(talk.heard.text) if asked else None
        return Reading({"contact": contact}) if contact else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("contact")

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        on_file = talk.text("utter_contact_on_file")
        talk.say("utter_ask_contact", buttons=[("utter_contact_on_file", {"contact": on_file})])
        return {}


@dataclass
class Confirmation:
    """The summary, and the customer's yes to it."""

    question: str
    """The response with the summary."""
    summary: Callable[[Talk, Draft], dict[str, Any]]
    """The values of its placeholders."""
    yes: str
    """The response on the button."""
    changes: Mapping[str, str]
    """Fields that can be changed, and a pattern of words that name each."""
    name: str = "confirmed"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """Yes; or no, then what is to be changed; or the name of a field."""
        if change := talk.heard.values.get("change"):
            return Reading({change: None})
        if not asked:
            return None
        if talk.heard.intent == "affirm" or talk.heard.values.get("confirmed"):
            return Reading({"confirmed": True})
        named = [name for name, words in self.changes.items() if re.search(words, talk.heard.text, re.IGNORECASE)]
        if named and CORRECTION.search(talk.heard.text):
            return Reading({named[0]: None})
        return Reading({"confirmed": None, "changing": True}) if talk.heard.intent == "deny" else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("confirmed")

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        if draft.get("changing"):
            talk.say("utter_ask_change", buttons=[(f"utter_change_{name}", {"change": name}) for name in self.changes])
            return {"changing": None}
        buttons: list[Offer] = [
            (self.yes, {"confirmed": "yes"}),
            ("utter_change", "/deny"),
            ("utter_stop", "/cancel"),
        ]
        talk.say(self.question, buttons=buttons, **self.summary(talk, draft))
        return {}

"""What every procedure needs that ends in a ticket: how the customer is reached, and their yes to all of it."""

import re
from abc import abstractmethod
from collections.abc import Mapping

from actions.phrases import DENIAL, YES
from actions.procedure import ASKED, Field
from actions.talk import Draft, Talk
from bot.tickets.contacts import contact_beyond_doubt, contact_in, is_address_alone, means_contact_on_file


class Contact(Field):
    """How the customer is reached about it."""

    name = "contact"
    revises = True

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """An address or a telephone number; a mailbox looks the same, unless it was asked for."""
        text = talk.heard.text
        given = asked or (draft.get("contact") is None and draft.get(ASKED) == "target" and is_address_alone(text))
        contact = talk.heard.values.get("contact") or (contact_in if given else contact_beyond_doubt)(text)
        if contact is None and asked and means_contact_on_file(text):
            contact = await self.on_file(talk)
        return {"contact": contact} if contact else None

    async def on_file(self, talk: Talk) -> str | None:
        """What the contact address on file is called in the ticket; None when there is none to be had."""
        return talk.text("utter_contact_on_file")

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        on_file = talk.text("utter_contact_on_file")
        talk.say("utter_ask_contact", buttons=[("utter_contact_on_file", {"contact": on_file})])
        return {}


class Confirmation(Field):
    """The summary, and the customer's yes to it. The last of the fields: it sees what the others read."""

    name = "confirmed"
    changes: Mapping[str, re.Pattern[str]]
    """The fields that can be changed, and how they are called."""

    def may_read(self, talk: Talk, draft: Draft) -> bool:
        """Also when a button of an older message is pressed."""
        return "change" in talk.heard.values

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """Yes, to what was summed up and not changed since; or no, then what is to be changed."""
        heard = talk.heard
        if change := heard.values.get("change"):
            return {change: None}
        if talk.changed:
            return None
        if heard.values.get("confirmed"):
            return {"confirmed": True}
        if name := self._named_in(talk):
            return {name: None}
        if heard.intent == "affirm" or YES.fullmatch(heard.text.strip(" .!")):
            return {"confirmed": True}
        return {"changing": True} if heard.intent == "deny" else None

    def _named_in(self, talk: Talk) -> str | None:
        """The field that is to be changed, by its name."""
        heard = talk.heard
        if not (heard.corrects or DENIAL.search(heard.text) or heard.intent == "deny"):
            return None
        return next((name for name, words in self.changes.items() if words.search(heard.text)), None)

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        if draft.get("changing"):
            talk.say("utter_ask_change", buttons=[(f"utter_change_{name}", {"change": name}) for name in self.changes])
            return {"changing": None}
        self.sum_up(talk, draft)
        return {}

    @abstractmethod
    def sum_up(self, talk: Talk, draft: Draft) -> None:
        """Say all that is known, with the buttons that take it."""

"""Leave a message: takes it down word by word, with a contact, and opens a ticket for whoever reads it."""

from datetime import timedelta
from typing import Any

from actions.order_fields import Confirmation, Contact
from actions.procedure import ASKED, Draft, Offer, Procedure, Reading, Talk
from bot.handoff.wording import german_opening
from bot.tickets.model import Kind, MessageRequest
from bot.tickets.reading import contact_in

MOST_AN_HOUR = 5
"""Of one conversation: nobody has to prove anything to leave a message."""
BRIEF = 3
"""Words of a wish to stop; what is longer is meant for the reader."""
CHANGES = {"words": r"nachricht|text|inhalt", "contact": r"kontakt|adresse|mail|telefon|nummer"}


class Words:
    """What the customer wants to say."""

    name = "words"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """Whatever is written when it was asked for."""
        words = talk.heard.text.strip()
        return Reading({"words": words}) if asked and words and not talk.heard.pressed else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("words")

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        talk.say("utter_ask_words", buttons=[("utter_stop", "/cancel")])
        return {}


class AnswerTo(Contact):
    """Where the customer wants the answer; the address on file only of a mailbox that is proven to be theirs."""

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        proven = sorted(await talk.accounts.proofs.of(talk.conversation))
        on_file = [talk.text("utter_contact_on_file_of", mailbox=mailbox) for mailbox in proven]
        buttons: list[Offer] = [(words, {"contact": words}) for words in on_file]
        talk.say("utter_ask_answer_to", buttons=buttons)
        return {}


def _summary(_: Talk, draft: Draft) -> dict[str, Any]:
    quoted = "\n".join(f"> {line}" for line in draft["words"].splitlines())
    return {"words": quoted, "contact": draft["contact"]}


class LeaveMessage(Procedure):
    """Asks for the message and a contact, sums up, and opens the ticket."""

    topic = "message"
    fields = (Words(), AnswerTo(), Confirmation("utter_ask_send", _summary, "utter_send_message", CHANGES))

    def takes_all(self, talk: Talk, draft: Draft) -> bool:
        """See Procedure: a message may say that something was cancelled, or that a person shall call."""
        stops = talk.heard.intent == "cancel" and len(talk.heard.text.split()) <= BRIEF
        return draft.get(ASKED) == Words.name and not talk.heard.pressed and not stops

    def is_answer(self, talk: Talk, draft: Draft) -> bool:
        """See Procedure."""
        return draft.get(ASKED) == Contact.name and contact_in(talk.heard.text) is not None

    async def _go_on(self, talk: Talk, draft: Draft) -> Draft | None:
        if ASKED not in draft and await _left_lately(talk) >= MOST_AN_HOUR:
            talk.say("utter_message_too_many")
            return None
        return await super()._go_on(talk, draft)

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The key is conversation and message: a turn that is taken again after a crash opens nothing anew."""
        request = MessageRequest(draft["contact"], draft["words"])
        opened = await talk.accounts.tickets.open(f"{talk.conversation}:{talk.message}", talk.conversation, request)
        talk.accounts.wake_tickets()
        talk.say("utter_message_opened", number=opened.ticket.number, read=_when_read(talk))


async def _left_lately(talk: Talk) -> int:
    since = talk.accounts.clock() - timedelta(hours=1)
    tickets = await talk.accounts.tickets.of_conversation(talk.conversation)
    return sum(ticket.request.kind is Kind.MESSAGE and ticket.opened_at > since for ticket in tickets)


def _when_read(talk: Talk) -> str:
    opens = talk.accounts.reception.next_opening()
    if opens is None:
        return talk.text("utter_message_read_soon")
    words = german_opening(opens.astimezone(talk.accounts.zone), talk.accounts.now())
    return talk.text("utter_message_read_then", opens=words)

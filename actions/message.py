"""Leave a message: takes it down word by word, with a contact, and opens a ticket for whoever reads it."""

from datetime import timedelta

from actions.order_fields import Confirmation, Contact
from actions.phrases import MESSAGE_CHANGES, STOP
from actions.procedure import ASKED, Field, Procedure
from actions.talk import Draft, Heard, Offer, Talk
from bot.handoff.wording import german_opening
from bot.tickets.contacts import contact_beyond_doubt
from bot.tickets.model import Kind, MessageRequest

MOST_AN_HOUR = 5
"""Of one conversation: nobody has to prove anything to leave a message."""
BRIEF = 3
"""Words of a wish to stop; what is longer is meant for the reader."""


class Words(Field):
    """What the customer wants to say; see LeaveMessage."""

    name = "words"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """Nothing: a message is only what was asked for, and then it is that whatever it says."""
        return None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        talk.say("utter_ask_words", buttons=[("utter_stop", "/cancel")])
        return {}


class AnswerTo(Contact):
    """Where the customer wants the answer; the address on file only of a mailbox that is proven to be theirs."""

    async def on_file(self, talk: Talk) -> str | None:
        """See Contact; with several mailboxes it would not be clear which."""
        on_file = await _on_file(talk)
        return on_file[0] if len(on_file) == 1 else None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        buttons: list[Offer] = [(words, {"contact": words}) for words in await _on_file(talk)]
        talk.say("utter_ask_answer_to", buttons=buttons)
        return {}


class Sending(Confirmation):
    """Shows the message as it will be read."""

    changes = MESSAGE_CHANGES

    def sum_up(self, talk: Talk, draft: Draft) -> None:
        """See Confirmation."""
        talk.say(
            "utter_ask_send",
            buttons=[
                ("utter_send_message", {"confirmed": "yes"}),
                ("utter_change", "/deny"),
                ("utter_stop", "/cancel"),
            ],
            words="\n".join(f"> {line}" for line in draft["words"].splitlines()),
            contact=draft["contact"],
        )


class LeaveMessage(Procedure):
    """Asks for the message and a contact, sums up, and opens the ticket."""

    topic = "message"
    intent = "leave_message"
    fields = (Words(), AnswerTo(), Sending())

    async def _take(self, talk: Talk, draft: Draft) -> Draft | None:
        if ASKED not in draft and await _left_lately(talk) >= MOST_AN_HOUR:
            talk.say("utter_message_too_many")
            return None
        if draft.get(ASKED) == Words.name and not _is_aside(talk.heard):
            # Whatever it says: a question, that something was cancelled, or that somebody shall call.
            return await self._go_on(talk, draft | _taken_down(talk.heard.text.strip(), draft))
        if ASKED in draft and talk.heard.intent == self.intent:
            return await self._go_on(talk, draft)
        return await super()._take(talk, draft)

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The key is conversation, message and action: a turn that is taken again after a crash opens nothing anew."""
        request = MessageRequest(draft["contact"], draft["words"])
        key = f"{talk.conversation}:{talk.message}:{self.topic}"
        opened = await talk.accounts.tickets.open(key, talk.conversation, request)
        talk.accounts.wake_tickets()
        talk.say("utter_message_opened", number=opened.ticket.number, read=_when_read(talk))


def _is_aside(heard: Heard) -> bool:
    """A button, or the wish to stop."""
    return heard.pressed or (len(heard.text.split()) <= BRIEF and STOP.search(heard.text) is not None)


def _taken_down(words: str, draft: Draft) -> Draft:
    """With the contact, if the message names one beyond doubt and none is known."""
    contact = draft.get("contact") or contact_beyond_doubt(words)
    return {"words": words, "contact": contact}


async def _on_file(talk: Talk) -> list[str]:
    proven = sorted(await talk.accounts.proofs.of(talk.conversation))
    return [talk.text("utter_contact_on_file_of", mailbox=mailbox) for mailbox in proven]


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

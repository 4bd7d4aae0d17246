"""What is the state of my ticket?"""

import re
from collections.abc import Sequence

from actions.account_fields import Mailbox, Proof
from actions.procedure import Field, Procedure
from actions.talk import Draft, Offer, Talk
from bot.tickets.model import Kind, RestoreRequest, Ticket
from bot.tickets.numbers import number_in
from bot.tickets.reading import german_moment

MOST_SHOWN = 5
LINES = {Kind.RESTORE: "utter_ticket_line", Kind.MESSAGE: "utter_message_line"}
OTHER_NUMBER = re.compile(r"(?<![\w@.+-])\d{4,}(?![\w@])")
"""As of another system, or a customer's."""
OF_MAILBOX = '/ticket_status{"of": "mailbox"}'
"""The button that leads from the messages of the conversation to the tickets of a mailbox."""


class Number(Field):
    """The ticket's number, if the customer knows it; never asked for."""

    name = "number"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """It narrows the answer down, and proves nothing."""
        if of := talk.heard.values.get("of"):
            return {"of": of}
        number = number_in(talk.heard.text)
        if number is None and OTHER_NUMBER.search(talk.heard.text):
            talk.say("utter_number_form")
            return {}
        return {"number": number} if number else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """Never."""
        return False

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Never."""
        return {}


class OwnMailbox(Mailbox):
    """Not asked for where any is proven: the tickets of all of them are the customer's."""

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("mailbox") and not await talk.accounts.proofs.of(talk.conversation)


class ProofOfOne(Proof):
    """Of the mailbox that was named, if one was."""

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return bool(draft.get("mailbox")) and await super().is_missing(talk, draft)


class TicketStatus(Procedure):
    """
    Tickets of proven mailboxes, one's own and nobody else's; and what was left in this very conversation.

    A message belongs to no mailbox, so there is nothing that could prove it: whoever is in the conversation reads
    it there anyway, and nobody is told of it elsewhere.
    """

    topic = "status"
    intent = "ticket_status"
    fields = (Number(), OwnMailbox(), ProofOfOne())

    async def is_settled(self, talk: Talk, draft: Draft, missing: str) -> bool:
        """Without a mailbox, what was left here is told; the others are a button away."""
        if missing != Mailbox.name or draft.get("of"):
            return False
        left = _chosen(await _left_here(talk), draft)
        if left:
            _tell(talk, left, [] if draft.get("number") else [("utter_tickets_of_mailbox", OF_MAILBOX)])
        return bool(left)

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The one with the number, or the newest ones."""
        named = draft.get("mailbox")
        mailboxes = [named] if named else sorted(await talk.accounts.proofs.of(talk.conversation))
        tickets = [*await talk.accounts.tickets.of_mailboxes(mailboxes), *await _left_here(talk)]
        chosen = _chosen(sorted(tickets, key=lambda ticket: ticket.opened_at, reverse=True), draft)
        if chosen:
            _tell(talk, chosen)
        elif number := draft.get("number"):
            # Word for word the same, whether the number is nobody's or another customer's.
            talk.say("utter_ticket_not_found", number=number, mailbox=", ".join(mailboxes))
        else:
            talk.say("utter_no_tickets", mailbox=", ".join(mailboxes))


async def _left_here(talk: Talk) -> list[Ticket]:
    tickets = await talk.accounts.tickets.of_conversation(talk.conversation)
    return [ticket for ticket in tickets if ticket.request.kind is Kind.MESSAGE]


def _chosen(tickets: Sequence[Ticket], draft: Draft) -> Sequence[Ticket]:
    number = draft.get("number")
    return [ticket for ticket in tickets if ticket.number == number] if number else tickets[:MOST_SHOWN]


def _tell(talk: Talk, tickets: Sequence[Ticket], buttons: Sequence[Offer] = ()) -> None:
    now = talk.accounts.now()
    lines = [
        talk.text(
            LINES[ticket.request.kind],
            number=ticket.number,
            mailbox=ticket.request.mailbox if isinstance(ticket.request, RestoreRequest) else "",
            state=talk.text(f"utter_ticket_{ticket.state.value}"),
            opened=german_moment(ticket.opened_at.astimezone(talk.accounts.zone), now),
        )
        for ticket in tickets
    ]
    talk.say("utter_tickets", buttons=buttons, lines="\n".join(lines))

"""What is the state of my ticket?"""

from collections.abc import Sequence

from actions.account_fields import Mailbox, Proof
from actions.procedure import Draft, Procedure, Reading, Talk
from bot.tickets.model import Kind, Ticket
from bot.tickets.numbers import number_in
from bot.tickets.reading import german_moment

MOST_SHOWN = 5
LINES = {Kind.RESTORE: "utter_ticket_line", Kind.MESSAGE: "utter_message_line"}
OF_MAILBOX = '/ticket_status{"of": "mailbox"}'
"""The button that leads from the messages of the conversation to the tickets of a mailbox."""


class Number:
    """The ticket's number, if the customer knows it; never asked for."""

    name = "number"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """A number in the message leads to its mailbox, which still has to be proven."""
        if of := talk.heard.values.get("of"):
            return Reading({"of": of})
        number = number_in(talk.heard.text)
        return Reading({"number": number}) if number else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """Never."""
        return False

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Never."""
        return {}


class TicketStatus(Procedure):
    """
    Tickets of proven mailboxes, one's own and nobody else's; and what was left in this very conversation.

    A message belongs to no mailbox, so there is nothing that could prove it: whoever is in the conversation reads
    it there anyway, and nobody is told of it elsewhere.
    """

    topic = "status"
    fields = (Number(), Mailbox(), Proof())

    async def _go_on(self, talk: Talk, draft: Draft) -> Draft | None:
        if not draft.get("mailbox") and not draft.get("of") and (left := _chosen(await _left_here(talk), draft)):
            _tell(talk, left, more=not draft.get("number"))
            return None
        return await super()._go_on(talk, draft)

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The one with the number, or the newest ones of the mailbox and of the conversation."""
        tickets = [*await talk.accounts.tickets.of_mailboxes([draft["mailbox"]]), *await _left_here(talk)]
        chosen = _chosen(sorted(tickets, key=lambda ticket: ticket.opened_at, reverse=True), draft)
        if chosen:
            _tell(talk, chosen)
        elif number := draft.get("number"):
            # Word for word the same, whether the number is nobody's or another customer's.
            talk.say("utter_ticket_not_found", number=number, mailbox=draft["mailbox"])
        else:
            talk.say("utter_no_tickets", mailbox=draft["mailbox"])


async def _left_here(talk: Talk) -> list[Ticket]:
    tickets = await talk.accounts.tickets.of_conversation(talk.conversation)
    return [ticket for ticket in tickets if ticket.request.kind is Kind.MESSAGE]


def _chosen(tickets: Sequence[Ticket], draft: Draft) -> Sequence[Ticket]:
    number = draft.get("number")
    return [ticket for ticket in tickets if ticket.number == number] if number else tickets[:MOST_SHOWN]


def _tell(talk: Talk, tickets: Sequence[Ticket], *, more: bool = False) -> None:
    now = talk.accounts.now()
    lines = [
        talk.text(
            LINES[ticket.request.kind],
            number=ticket.number,
            state=talk.text(f"utter_ticket_{ticket.state.value}"),
            opened=german_moment(ticket.opened_at.astimezone(talk.accounts.zone), now),
        )
        for ticket in tickets
    ]
    buttons = [("utter_tickets_of_mailbox", OF_MAILBOX)] if more else []
    talk.say("utter_tickets", buttons=buttons, lines="\n".join(lines))

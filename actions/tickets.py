"""What is the state of my ticket?"""

from collections.abc import Sequence

from actions.account_fields import Mailbox, Proof
from actions.procedure import Draft, Procedure, Reading, Talk
from bot.tickets.model import Ticket
from bot.tickets.numbers import number_in
from bot.tickets.reading import german_moment

MOST_SHOWN = 5


class Number:
    """The ticket's number, if the customer knows it; never asked for."""

    name = "number"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """A number in the message leads to its mailbox, which still has to be proven."""
        number = number_in(talk.heard.text)
        return Reading({"number": number}) if number else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """Never."""
        return False

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Never."""
        return {}


class TicketStatus(Procedure):
    """Tickets of proven mailboxes, one's own and nobody else's."""

    topic = "status"
    fields = (Number(), Mailbox(), Proof())

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The one with the number, or the newest ones of the mailbox."""
        tickets = await talk.accounts.tickets.of_mailboxes([draft["mailbox"]])
        number = draft.get("number")
        chosen = [ticket for ticket in tickets if ticket.number == number] if number else tickets[:MOST_SHOWN]
        if chosen:
            _tell(talk, chosen)
        elif number:
            # Word for word the same, whether the number is nobody's or another customer's.
            talk.say("utter_ticket_not_found", number=number, mailbox=draft["mailbox"])
        else:
            talk.say("utter_no_tickets", mailbox=draft["mailbox"])


def _tell(talk: Talk, tickets: Sequence[Ticket]) -> None:
    now = talk.accounts.now()
    lines = [
        talk.text(
            "utter_ticket_line",
            number=ticket.number,
            state=talk.text(f"utter_ticket_{ticket.state.value}"),
            opened=german_moment(ticket.opened_at.astimezone(talk.accounts.zone), now),
        )
        for ticket in tickets
    ]
    talk.say("utter_tickets", lines="\n".join(lines))

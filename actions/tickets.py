"""What is the state of my ticket?"""

from collections.abc import Sequence

from actions.account_fields import Mailbox, Proof
from actions.procedure import Field, Procedure
from actions.talk import Draft, Talk
from bot.tickets.model import RestoreRequest, Ticket
from bot.tickets.numbers import number_in
from bot.tickets.reading import german_moment

MOST_SHOWN = 5


class Number(Field):
    """The ticket's number, if the customer knows it; never asked for."""

    name = "number"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """It narrows the answer down, and proves nothing."""
        number = number_in(talk.heard.text)
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
    """Tickets of proven mailboxes, one's own and nobody else's."""

    topic = "status"
    intent = "ticket_status"
    fields = (Number(), OwnMailbox(), ProofOfOne())

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The one with the number, or the newest ones."""
        named = draft.get("mailbox")
        mailboxes = [named] if named else sorted(await talk.accounts.proofs.of(talk.conversation))
        tickets = await talk.accounts.tickets.of_mailboxes(mailboxes)
        number = draft.get("number")
        chosen = [ticket for ticket in tickets if ticket.number == number] if number else tickets[:MOST_SHOWN]
        if chosen:
            _tell(talk, chosen)
        elif number:
            # Word for word the same, whether the number is nobody's or another customer's.
            talk.say("utter_ticket_not_found", number=number, mailbox=", ".join(mailboxes))
        else:
            talk.say("utter_no_tickets", mailbox=", ".join(mailboxes))


def _tell(talk: Talk, tickets: Sequence[Ticket]) -> None:
    now = talk.accounts.now()
    lines = [
        talk.text(
            "utter_ticket_line",
            number=ticket.number,
            mailbox=ticket.request.mailbox if isinstance(ticket.request, RestoreRequest) else "",
            state=talk.text(f"utter_ticket_{ticket.state.value}"),
            opened=german_moment(ticket.opened_at.astimezone(talk.accounts.zone), now),
        )
        for ticket in tickets
    ]
    talk.say("utter_tickets", lines="\n".join(lines))

"""Bring mails back: collects what the hoster's people need to know, and opens a ticket."""

from datetime import datetime

from actions.account_fields import Mailbox, Proof
from actions.order_fields import Contact
from actions.procedure import ASKED, Procedure
from actions.restore_fields import Destination, Point, RestoreConfirmation, Scope
from actions.talk import Draft, Talk
from bot.tickets.model import FINAL, RestoreRequest, Target, Ticket


class RestoreMailbox(Procedure):
    """Collects, sums up, lets every field be corrected, and opens the ticket."""

    topic = "restore"
    intent = "restore_mailbox"
    fields = (Mailbox(), Proof(), Scope(), Point(), Destination(), Contact(), RestoreConfirmation())

    async def is_settled(self, talk: Talk, draft: Draft, missing: str) -> bool:
        """
        Show an open ticket for the same as soon as it is known what that is.

        Not in the summary: the turn of its yes may be taken again after a crash, when the ticket is there already.
        """
        if missing not in {Destination.name, Contact.name} or draft.get(ASKED) == RestoreConfirmation.name:
            return False
        folder, point = draft["folder"] or None, datetime.fromisoformat(draft["point"])
        for ticket in await talk.accounts.tickets.of_mailboxes([draft["mailbox"]]):
            match ticket.request:
                case RestoreRequest(folder=wished, point=at) if (wished, at) == (folder, point):
                    if ticket.state not in FINAL:
                        _tell_existing(talk, ticket)
                        return True
        return False

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The key is conversation, message and action: a turn that is taken again after a crash opens nothing anew."""
        request = RestoreRequest(
            mailbox=draft["mailbox"],
            folder=draft["folder"] or None,
            point=datetime.fromisoformat(draft["point"]),
            target=Target(draft["target"]),
            contact=draft["contact"],
        )
        key = f"{talk.conversation}:{talk.message}:{self.topic}"
        opened = await talk.accounts.tickets.open(key, talk.conversation, request)
        talk.accounts.wake_tickets()
        if opened.is_new:
            talk.say("utter_restore_opened", number=opened.ticket.number)
        else:
            _tell_existing(talk, opened.ticket)


def _tell_existing(talk: Talk, ticket: Ticket) -> None:
    state = talk.text(f"utter_ticket_{ticket.state.value}")
    talk.say("utter_restore_exists", number=ticket.number, state=state)

"""What an erasure cannot do: in other systems, in copies, and for accounts of the staff."""

from collections.abc import Iterator, Sequence

from bot.privacy.report import Erased, TicketLeft
from bot.settings import Settings

HOW = {
    "rt": "In Request Tracker, for each of its numbers: rt-shredder --plugin 'Tickets=query,id = NUMBER'",
    "zammad": "In Zammad: Admin > Data Privacy > New deletion task, by the customer; it deletes their tickets.",
    "email": "They were mailed to POSTBOTE_TICKETS_MAIL_TO: delete the mails there, by our number in their subject.",
    "webhook": "They were sent to POSTBOTE_TICKETS_URL: have them deleted there, by our number.",
}
"""Of each ticket system."""


def left_to_do(erased: Erased, settings: Settings) -> Iterator[str]:
    """Sentences for the operator."""
    if erased.deleted["codes"] or erased.deleted["transcript_mails"]:
        yield (
            "Codes and transcripts went to the contact address on file of the mailbox, which only your platform knows. "
            f"It is kept for {settings.keep_mails} days as a recipient of mails; erase that address, too."
        )
    yield from _about_tickets(erased.tickets, settings)
    if erased.held:
        yield f"{erased.held} of the conversations waited for a person or had one: agents find them gone."
    if erased.mailboxes:
        others = ", ".join(sorted(erased.mailboxes))
        yield f"In the same conversations this person has proven to own {others}, too. Is it to be erased as well?"
    for login in erased.staff:
        yield f"Kept: {login} is an account of the desk. `python -m bot desk deactivate {login}` signs it out for good."
    if settings.mailer == "smtp":
        yield f"Mails with codes and transcripts went by {settings.smtp_host}: its logs and queues are not ours."
    if settings.channels:
        yield f"What was written by {', '.join(settings.channels)} is at these vendors, and with the customer."
    if settings.events_url:
        yield "POSTBOTE_EVENTS_URL was told of hand-offs with the last messages: have them deleted there."
    yield from _about_copies(settings)


def _about_tickets(tickets: Sequence[TicketLeft], settings: Settings) -> Iterator[str]:
    for ticket in tickets:
        if settings.tickets != "local":
            known_as = f"{ticket.number} ({ticket.reference or 'its number there is not known'})"
            yield f"The ticket system {settings.tickets} has {known_as}, {'open' if ticket.is_open else 'ended'}."
        if not ticket.is_delivered:
            yield f"{ticket.number} was not delivered yet, and is not going to be."
        elif ticket.is_open:
            yield f"{ticket.number} was still open; the customer is not told of its state any more."
    if tickets and settings.tickets in HOW:
        yield HOW[settings.tickets]


def _about_copies(settings: Settings) -> Iterator[str]:
    if settings.database_url.startswith("sqlite"):
        yield "Copies made by `python -m bot backup` still have it: delete those made before now, or when they are due."
    else:
        yield (
            "pg_dump files, base backups and archived WAL still have it until they are due. The server overwrites "
            "deleted rows when it uses their space again."
        )
    yield "Log files that POSTBOTE_PRIVACY_LOGS and --log do not name, and the journal, were not looked into."

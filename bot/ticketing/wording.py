"""A ticket in the words of the hoster's people."""

from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from bot.mailboxes.address import normalise_address
from bot.tickets.model import Kind, MessageRequest, RestoreRequest, Target, Ticket

_BODIES = {kind: Template((Path(__file__).parent / f"{kind}.de.txt").read_text("utf-8")) for kind in Kind}
_TARGETS = {
    Target.SUBFOLDER: "in einen eigenen Unterordner",
    Target.OVERWRITE: "ersetzt den jetzigen Inhalt (der Kunde wurde gewarnt)",
}


def subject_of(ticket: Ticket) -> str:
    """With our number in brackets, by which the ticket is found again."""
    match ticket.request:
        case RestoreRequest(mailbox=mailbox):
            return f"Postfach wiederherstellen: {mailbox} [{ticket.number}]"
        case MessageRequest():
            return f"Nachricht aus dem Chat [{ticket.number}]"


def body_of(ticket: Ticket, zone: ZoneInfo) -> str:
    """Plain text; times on the clocks of `zone`."""
    values = {
        "number": ticket.number,
        "contact": ticket.request.contact,
        "opened": format_datetime(ticket.opened_at.astimezone(zone), "d. MMMM y, HH:mm 'Uhr'", locale="de"),
    }
    match ticket.request:
        case RestoreRequest() as request:
            values |= _restore(request, zone)
        case MessageRequest(text=text):
            values |= {"text": text, "conversation": ticket.conversation}
    return _BODIES[ticket.request.kind].substitute(values)


def requestor_of(ticket: Ticket) -> str | None:
    """
    The customer's address, to be known to the ticket system as theirs; None when there is none.

    Nor is there one for a message, of which nothing is proven: ticket systems answer by themselves, and whoever
    writes in the chat could have them send mail to anybody.
    """
    match ticket.request:
        case RestoreRequest(contact=contact):
            return normalise_address(contact)
        case MessageRequest():
            return None


def _restore(request: RestoreRequest, zone: ZoneInfo) -> dict[str, str]:
    return {
        "mailbox": request.mailbox,
        "folder": request.folder or "das ganze Postfach",
        "point": format_datetime(request.point.astimezone(zone), "EEEE, d. MMMM y, HH:mm 'Uhr'", locale="de"),
        "target": _TARGETS[request.target],
    }

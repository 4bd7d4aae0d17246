"""A ticket in the words of the hoster's people."""

from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from bot.tickets.model import Target, Ticket

_BODY = Template((Path(__file__).parent / "ticket.de.txt").read_text("utf-8"))
_TARGETS = {
    Target.SUBFOLDER: "in einen eigenen Unterordner",
    Target.OVERWRITE: "ersetzt den jetzigen Inhalt (der Kunde wurde gewarnt)",
}


def subject_of(ticket: Ticket) -> str:
    """With our number in brackets, by which the ticket is found again."""
    return f"Postfach wiederherstellen: {ticket.request.mailbox} [{ticket.number}]"


def body_of(ticket: Ticket, zone: ZoneInfo) -> str:
    """Plain text; times on the clocks of `zone`."""
    request = ticket.request
    return _BODY.substitute(
        number=ticket.number,
        mailbox=request.mailbox,
        folder=request.folder or "das ganze Postfach",
        point=format_datetime(request.point.astimezone(zone), "EEEE, d. MMMM y, HH:mm 'Uhr'", locale="de"),
        target=_TARGETS[request.target],
        contact=request.contact,
        opened=format_datetime(ticket.opened_at.astimezone(zone), "d. MMMM y, HH:mm 'Uhr'", locale="de"),
    )


def address_in(contact: str) -> str | None:
    """The contact, if it is an address; customers may also give a telephone number."""
    return contact if "@" in contact else None

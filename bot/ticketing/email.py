"""A ticket as a mail to the hoster's people, or to a ticket system that reads mail."""

from zoneinfo import ZoneInfo

from bot.mail.errors import MailError
from bot.mail.model import Mail
from bot.mail.ports import Mailer
from bot.ticketing.wording import body_of, subject_of
from bot.ticketing.writeonly import WriteOnly
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import Ticket


class EmailTickets(WriteOnly):
    """
    The port `bot.tickets.ports.TicketSystem` by mail.

    It cannot be searched; the Message-ID is made of the ticket's number, the same on every attempt,
    so that mail systems take the second one for the first.
    """

    def __init__(self, mailer: Mailer, to: str, zone: ZoneInfo) -> None:
        self._mailer = mailer
        self._to = to
        self._zone = zone

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        mail = Mail(ticket.number, self._to, subject_of(ticket), body_of(ticket, self._zone))
        try:
            await self._mailer.send(mail)
        except MailError as error:
            raise TicketSystemError(str(error), final=error.final) from error
        return ticket.number

    async def ping(self) -> None:
        """See the port."""
        try:
            await self._mailer.ping()
        except MailError as error:
            raise TicketSystemError(str(error)) from error

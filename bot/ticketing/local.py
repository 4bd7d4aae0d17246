"""Tickets that stay here: `python -m bot tickets` shows them and sets their states."""

from bot.ticketing.writeonly import WriteOnly
from bot.tickets.model import Ticket


class LocalTickets(WriteOnly):
    """The port `bot.tickets.ports.TicketSystem` where there is no ticket system."""

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        return ticket.number

    async def ping(self) -> None:
        """See the port."""

"""What tickets need from others; ticket systems are in `bot.ticketing`."""

from collections.abc import Sequence
from typing import Protocol

from bot.tickets.model import State, Ticket


class TicketSystem(Protocol):
    """The hoster's ticket system."""

    async def open(self, ticket: Ticket) -> str:
        """
        Open the ticket there and return its reference.

        The ticket carries its number in a field that `find` can search. Raises TicketSystemError;
        unless it is final the ticket may exist all the same.
        """

    async def find(self, number: str) -> str | None:
        """
        The reference of the ticket that carries our number, if an earlier attempt opened it.

        Systems that cannot be searched (mail, webhook) return None and make a second
        attempt harmless otherwise: by a stable Message-ID, or an idempotency key in the header.
        Raises TicketSystemError.
        """

    async def states(self, references: Sequence[str]) -> dict[str, State]:
        """The present states; what is unknown there, or has no state, is left out. Raises TicketSystemError."""

    async def ping(self) -> None:
        """Whether it answers and knows our credentials; raises TicketSystemError."""

    async def close(self) -> None:
        """Let go of connections."""

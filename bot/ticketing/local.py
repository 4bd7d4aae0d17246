"""Tickets that stay here: `python -m bot tickets` shows them and sets their states."""

from collections.abc import Awaitable, Callable, Collection, Sequence

from bot.tickets.model import State, Ticket

StatesByHand = Callable[[Collection[str]], Awaitable[dict[str, State]]]


class LocalTickets:
    """The port `bot.tickets.ports.TicketSystem` where there is no ticket system; references are our numbers."""

    def __init__(self, states_by_hand: StatesByHand) -> None:
        """`states_by_hand` gives the states that somebody set, by number."""
        self._states_by_hand = states_by_hand

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        return ticket.number

    async def find(self, number: str) -> str | None:  # noqa: ARG002 -- the port's
        """See the port: none, since opening twice is opening once."""
        return None

    async def states(self, references: Sequence[str]) -> dict[str, State]:
        """See the port."""
        return await self._states_by_hand(references)

    async def ping(self) -> None:
        """See the port."""

    async def close(self) -> None:
        """See the port."""

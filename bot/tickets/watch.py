"""Ask the ticket system how far tickets are, and tell customers what changed, where they asked."""

from collections.abc import Callable

import structlog

from bot.conversations.model import Message
from bot.loops import Loop
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import Kind, State, Ticket
from bot.tickets.ports import Tickets, TicketSystem

NEWS = {Kind.RESTORE: "utter_ticket_news", Kind.MESSAGE: "utter_message_news"}
"""The sentences that tell of a new state."""

log = structlog.get_logger(stop="tickets")


class TicketWatch(Loop):
    """Looks every `pause` seconds."""

    def __init__(
        self,
        tickets: Tickets,
        system: TicketSystem,
        teller: "TicketNews",
        pause: float,
    ) -> None:
        super().__init__()
        self._tickets = tickets
        self._system = system
        self._teller = teller
        self._pause = pause

    async def do_due(self) -> None:
        """Compare all that may still change."""
        known = {ticket.reference: ticket for ticket in await self._tickets.unfinished() if ticket.reference}
        try:
            states = await self._system.states(list(known))
        except TicketSystemError as error:
            log.warning("no states", error=str(error), retry_in=self._pause)
            return
        for reference, state in states.items():
            if known[reference].state is not state:
                await self._teller.tell(known[reference], state)

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return self._pause


class TicketNews:
    """Writes a ticket's new state, and the news of it into its conversation."""

    def __init__(self, tickets: Tickets, sentence: Callable[[str], str], said: Callable[[str, Message], None]) -> None:
        """`sentence` gives a text of the domain; `said` is told of the message that is new in a conversation."""
        self._tickets = tickets
        self._sentence = sentence
        self._said = said

    async def tell(self, ticket: Ticket, state: State) -> bool:
        """Once for each change, whoever notices it first; False if it was known."""
        words = self._sentence(NEWS[ticket.request.kind]).format(
            number=ticket.number, state=self._sentence(f"utter_ticket_{state.value}")
        )
        told = await self._tickets.change(ticket.number, state, words)
        if told is None:
            return False
        conversation, message = told
        self._said(conversation, message)
        log.info("ticket changed", number=ticket.number, state=state)
        return True

"""
Bring tickets to the ticket system, each exactly once.

Road: actions.restore → store (one transaction) → here → TicketSystem.
An attempt that failed, or died with its process, may have succeeded unheard: so every attempt looks first, and
none begins before the ticket system must be through with the one before.
"""

import asyncio
import random

import structlog

from bot.backoff import pause_after
from bot.loops import Loop
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import Due
from bot.tickets.ports import Tickets, TicketSystem
from bot.tracing import CONVERSATION, About, Kind, part

MOST_ATTEMPTS = 20
"""With pauses up to ten minutes: more than two hours."""
REQUESTS = 2
"""Of an attempt: look, then open."""
SETTLED = 4
"""After so many time-outs a request that we gave up waiting for is over, and looking for its ticket tells the truth."""

log = structlog.get_logger(stop="tickets")


class TicketLoop(Loop):
    """Delivers until it is cancelled; `wake` tells it that there is something new."""

    def __init__(self, tickets: Tickets, system: TicketSystem, chance: random.Random, timeout: float) -> None:
        """`timeout` in seconds, of each request to the ticket system."""
        super().__init__()
        self._tickets = tickets
        self._system = system
        self._chance = chance
        self._settle = SETTLED * timeout
        self._claimed = (REQUESTS + SETTLED) * timeout

    async def do_due(self) -> None:
        """Deliver until nothing is due any more."""
        while due := await self._tickets.claim(self._claimed):
            await asyncio.gather(*map(self._deliver, due))

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return await self._tickets.seconds_to_next()

    async def _deliver(self, due: Due) -> None:
        number = due.ticket.number
        try:
            reference = await self._bring(due)
        except TicketSystemError as error:
            await self._fail(due, error)
        else:
            await self._tickets.sent(number, reference)
            self.meter.delivered("tickets", "sent")
            log.info("ticket delivered", number=number, reference=reference, attempts=due.attempts + 1)

    async def _bring(self, due: Due) -> str:
        """Its reference there."""
        number = due.ticket.number
        about: About = {
            CONVERSATION: due.ticket.conversation,
            "postbote.ticket": number,
            "postbote.attempt": due.attempts + 1,
        }
        with self.tracer.begin("ticket", Kind.CONSUMER, about, parent=due.traceparent):
            with part("ticket system: find", Kind.CLIENT):
                found = await self._system.find(number)
            if found:
                return found
            with part("ticket system: open", Kind.CLIENT):
                return await self._system.open(due.ticket)

    async def _fail(self, due: Due, error: TicketSystemError) -> None:
        attempts = due.attempts + 1
        number = due.ticket.number
        if error.final or attempts >= MOST_ATTEMPTS:
            self.meter.delivered("tickets", "dead")
            log.error("dead letter", number=number, error=str(error))
            await self._tickets.failed(number, str(error), None)
            return
        self.meter.delivered("tickets", "retry")
        pause = max(pause_after(attempts, self._chance), self._settle)
        log.warning("ticket not delivered", number=number, error=str(error), retry_in=pause)
        await self._tickets.failed(number, str(error), pause)

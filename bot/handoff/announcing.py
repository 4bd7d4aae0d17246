"""
Tell other systems of hand-offs, in order, with patience.

Road: the transaction of a hand-off (bot.store.events) → here → Receiver.
"""

import asyncio
import random

import structlog

from bot.backoff import pause_after
from bot.handoff.events import Event, ReceiverError
from bot.handoff.ports import Events, Receiver
from bot.loops import Loop
from bot.tracing import CONVERSATION, About, Kind

MOST_ATTEMPTS = 20
"""With pauses up to ten minutes: more than two hours."""
LONGEST_RESPITE = 3600.0
"""Seconds: longer ones that the receiver asks for are not granted."""

log = structlog.get_logger(stop="events")


class EventLoop(Loop):
    """Sends until it is cancelled; `wake` tells it that there is something new."""

    def __init__(self, events: Events, receiver: Receiver, chance: random.Random) -> None:
        super().__init__()
        self._events = events
        self._receiver = receiver
        self._chance = chance

    async def do_due(self) -> None:
        """Send until nothing is due any more."""
        while due := await self._events.due():
            await asyncio.gather(*map(self._send, due))

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return await self._events.seconds_to_next()

    async def _send(self, event: Event) -> None:
        try:
            await self._trace(event)
        except ReceiverError as error:
            await self._fail(event, error)
        else:
            await self._events.sent(event)
            self.meter.delivered("events", "sent")
            log.info("event sent", key=event.key, type=event.type, attempts=event.attempts + 1)

    async def _trace(self, event: Event) -> None:
        about: About = {
            CONVERSATION: event.conversation,
            "postbote.event": event.type,
            "postbote.attempt": event.attempts + 1,
        }
        with self.tracer.begin("event", Kind.CLIENT, about, parent=event.traceparent):
            await self._receiver.send(event)

    async def _fail(self, event: Event, error: ReceiverError) -> None:
        attempts = event.attempts + 1
        if error.final or attempts >= MOST_ATTEMPTS:
            self.meter.delivered("events", "dead")
            log.error("dead letter", key=event.key, conversation=event.conversation, error=str(error))
            await self._events.failed(event, str(error), None)
            return
        self.meter.delivered("events", "retry")
        pause = max(pause_after(attempts, self._chance), min(error.retry_after, LONGEST_RESPITE))
        log.warning("event not sent", key=event.key, error=str(error), retry_in=pause)
        await self._events.failed(event, str(error), pause)

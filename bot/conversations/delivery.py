"""
The way home: one loop sends what the outbox holds, in order, with patience.

Road: one transaction of conversations.turn → here → Channel.send.
"""

import asyncio
import random
import time
from collections.abc import Mapping

import structlog

from bot.backoff import pause_after
from bot.conversations.errors import DeliveryError
from bot.conversations.model import Delivery
from bot.conversations.ports import Contacts, Outbox, Sender
from bot.loops import Loop
from bot.meter import Stop
from bot.tracing import CHANNEL, CONVERSATION, MESSAGE, About, Kind

MOST_ATTEMPTS = 20
"""With the pauses between them an hour and a half: so long a mail server or a vendor may be away."""
QUEUE = "messages"
"""As the meter names it."""
EVERY_PART = 2**31 - 1
"""As `parts_sent`: the message is there, and only what follows it failed."""

log = structlog.get_logger(stop="delivery")


class DeliveryLoop(Loop):
    """Sends until it is cancelled; `wake` tells it that there is something new."""

    def __init__(
        self, outbox: Outbox, channels: Mapping[str, Sender], chance: random.Random, contacts: Contacts
    ) -> None:
        super().__init__()
        self._outbox = outbox
        self._contacts = contacts
        self._channels = channels
        self._chance = chance

    def wake(self) -> None:
        """Of no use without channels to push to: every turn wakes it, which costs a twentieth of the turn."""
        if self._channels:
            super().wake()

    async def do_due(self) -> None:
        """Send until nothing is due any more."""
        while due := await self._outbox.due():
            await asyncio.gather(*map(self._deliver, due))

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return await self._outbox.seconds_to_next()

    async def _deliver(self, delivery: Delivery) -> None:
        began = time.perf_counter()
        try:
            await self._trace(delivery)
        except DeliveryError as error:
            await self._fail(delivery, error)
        except Exception as error:
            # The edge: a fault of one channel must hold up neither the others nor, for ever, this one.
            log.exception("channel failed", conversation=delivery.conversation, message=delivery.message_id)
            await self._fail(delivery, DeliveryError(f"The channel {delivery.channel} failed: {error!r}. See the log."))
        else:
            await self._outbox.sent(delivery)
            self.meter.delivered(QUEUE, "sent")
        self.meter.passed(Stop.DELIVERY, time.perf_counter() - began)

    async def _trace(self, delivery: Delivery) -> None:
        if not delivery.attempts:
            self.tracer.waited("outbox", delivery.message.at, delivery.traceparent)
        about: About = {
            CONVERSATION: delivery.conversation,
            MESSAGE: delivery.message_id,
            CHANNEL: delivery.channel,
            "postbote.attempt": delivery.attempts + 1,
        }
        with self.tracer.begin("delivery", Kind.CLIENT, about, parent=delivery.traceparent):
            await self._send(delivery)

    async def _send(self, delivery: Delivery) -> None:
        channel = self._channels[delivery.channel]
        await channel.send(delivery.address, delivery.message, delivery.parts_sent)
        if delivery.hands_over:
            try:
                await channel.hand_over(delivery.address)
            except DeliveryError as error:
                error.parts_sent = EVERY_PART
                raise

    async def _fail(self, delivery: Delivery, error: DeliveryError) -> None:
        attempts = delivery.attempts + 1
        if error.final or attempts >= MOST_ATTEMPTS:
            log.error("dead letter", conversation=delivery.conversation, message=delivery.message_id, error=str(error))
            self.meter.delivered(QUEUE, "dead")
            await self._outbox.failed(delivery, str(error), None, error.parts_sent)
            if error.gone:
                await self._contacts.gone(delivery.channel, delivery.address, str(error))
            return
        self.meter.delivered(QUEUE, "retry")
        pause = error.retry_after or pause_after(attempts, self._chance)
        told = {"conversation": delivery.conversation, "message": delivery.message_id, "error": str(error)}
        log.warning("not delivered", retry_in=pause, **told)
        await self._outbox.failed(delivery, str(error), pause, error.parts_sent)

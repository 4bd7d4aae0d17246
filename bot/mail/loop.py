"""
Send what the outbox of mails holds, with patience.

Road: identity.codes or handoff.mailed → store (one transaction) → here → Mailer.
"""

import asyncio
import random

import structlog

from bot.backoff import pause_after
from bot.clock import Clock
from bot.loops import Loop
from bot.mail.errors import MailError
from bot.mail.model import Due, Mail
from bot.mail.ports import Mailer, Mails
from bot.mail.seal import Seal
from bot.tracing import Kind

MOST_ATTEMPTS = 20
TOO_LATE = MailError("Nobody wants the mail any more: its time is over.", final=True)

log = structlog.get_logger(stop="mail")


class MailLoop(Loop):
    """Sends until it is cancelled; `wake` tells it that there is something new."""

    def __init__(self, mails: Mails, mailer: Mailer, seal: Seal, clock: Clock, chance: random.Random) -> None:
        super().__init__()
        self._mails = mails
        self._mailer = mailer
        self._seal = seal
        self._clock = clock
        self._chance = chance

    async def do_due(self) -> None:
        """Send until nothing is due any more."""
        while due := await self._mails.due():
            await asyncio.gather(*map(self._deliver, due))

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return await self._mails.seconds_to_next()

    async def _deliver(self, due: Due) -> None:
        try:
            await self._trace(due)
        except MailError as error:
            await self._fail(due, error)
        else:
            await self._mails.sent(due)
            self.meter.delivered("mails", "sent")
            log.info("mail sent", mail=due.id, attempts=due.attempts + 1)

    async def _trace(self, due: Due) -> None:
        about = {"postbote.mail": due.id, "postbote.attempt": due.attempts + 1}
        with self.tracer.begin("mail", Kind.CLIENT, about, parent=due.traceparent):
            await self._send(due)

    async def _send(self, due: Due) -> None:
        if due.letter.until <= self._clock():
            raise TOO_LATE
        letter = due.letter
        await self._mailer.send(Mail(f"mail-{due.id}", letter.to, letter.subject, self._seal.open(letter.sealed)))

    async def _fail(self, due: Due, error: MailError) -> None:
        attempts = due.attempts + 1
        if error.final or attempts >= MOST_ATTEMPTS:
            self.meter.delivered("mails", "dead")
            log.error("dead letter", mail=due.id, error=str(error))
            await self._mails.failed(due, str(error), None)
            return
        self.meter.delivered("mails", "retry")
        pause = pause_after(attempts, self._chance)
        log.warning("mail not sent", mail=due.id, error=str(error), retry_in=pause)
        await self._mails.failed(due, str(error), pause)

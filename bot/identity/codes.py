"""
One-time codes by mail to the contact address on file.

Road: actions → `MailedCodes.request` (a row, nothing else) → `CodeLoop` → outbox of mails → bot.mail.loop.

Whether there is such a mailbox is only asked in the loop, after the customer has their answer:
what the customer reads, and how fast, is the same if there is none.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.conversations.model import Message
from bot.identity.digests import Digests
from bot.identity.model import Asked, Issue
from bot.identity.ports import CodeStore, Outcome
from bot.loops import Loop
from bot.mail.model import Letter
from bot.mail.seal import Seal
from bot.mailboxes.errors import PlatformError
from bot.mailboxes.ports import Mailboxes
from bot.tracing import CONVERSATION, Kind

DIGITS = 6
LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
MOST_AN_HOUR = 3
"""For a mailbox, and for a conversation."""
ASK_AGAIN_IN = 15.0
"""Seconds, when the platform that knows the contact address is down."""

log = structlog.get_logger(stop="codes")


class MailedCodes:
    """The port `bot.identity.ports.Codes`."""

    def __init__(self, store: CodeStore, proof_lifetime: timedelta, wake: Callable[[], None], clock: Clock) -> None:
        """`wake` tells the CodeLoop that there is something to do."""
        self._store = store
        self._proof_lifetime = proof_lifetime
        self._wake = wake
        self._clock = clock

    async def request(self, conversation: str, mailbox: str) -> bool:
        """See the port."""
        is_noted = await self._store.ask(conversation, mailbox, MOST_AN_HOUR, self._clock() - timedelta(hours=1))
        if is_noted:
            self._wake()
        else:
            log.warning("too many codes within an hour", conversation=conversation)
        return is_noted

    async def check(self, conversation: str, mailbox: str, digest: str) -> Outcome:
        """See the port."""
        now = self._clock()
        return await self._store.check(
            conversation, mailbox, digest, not_before=now - LIFETIME, proven_until=now + self._proof_lifetime
        )


@dataclass(frozen=True)
class Issuer:
    """Makes codes, and the mails that bring them."""

    digests: Digests
    seal: Seal
    sentence: Callable[[str], str]
    """Gives a text of the domain."""

    def issue(self, asked: Asked, contact: str) -> Issue:
        """A new code, whose only readable copy is in the sealed letter."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        minutes = int(LIFETIME.total_seconds() / 60)
        text = self.sentence("utter_mail_code").format(mailbox=asked.mailbox, code=code, minutes=minutes)
        letter = Letter(contact, self.sentence("utter_mail_code_subject"), self.seal.close(text), asked.at + LIFETIME)
        return Issue(asked, self.digests.of(asked.conversation, code), letter)


@dataclass(frozen=True)
class Notices:
    """Whom to tell what."""

    mail: Callable[[], None]
    """There is a mail to send."""
    said: Callable[[str, Message], None]
    """There is a message in the conversation."""


class CodeLoop(Loop):
    """Decides on the codes that were asked for."""

    def __init__(self, store: CodeStore, mailboxes: Mailboxes, issuer: Issuer, notices: Notices, clock: Clock) -> None:
        super().__init__()
        self._store = store
        self._mailboxes = mailboxes
        self._issuer = issuer
        self._notices = notices
        self._clock = clock

    async def do_due(self) -> None:
        """Issue or drop until none is left that can be decided now."""
        while asked := await self._store.asked(ready_at=self._clock()):
            await asyncio.gather(*map(self._trace, asked))
            self._notices.mail()

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return await self._store.seconds_to_next()

    async def _trace(self, asked: Asked) -> None:
        about = {CONVERSATION: asked.conversation}
        with self.tracer.begin("code", Kind.CONSUMER, about, parent=asked.traceparent):
            await self._decide(asked)

    async def _decide(self, asked: Asked) -> None:
        now = self._clock()
        if asked.at + LIFETIME <= now:
            await self._store.drop(asked, "its time was over before the platform answered")
            return
        try:
            contact = await self._mailboxes.find_contact(asked.mailbox)
        except PlatformError as error:
            await self._put_off(asked, now, error)
            return
        if contact is None:
            await self._store.drop(asked, "no such mailbox, or no contact address on file")
        elif not await self._store.issue(self._issuer.issue(asked, contact), MOST_AN_HOUR, now - timedelta(hours=1)):
            log.warning("too many codes within an hour", conversation=asked.conversation)

    async def _put_off(self, asked: Asked, now: datetime, error: PlatformError) -> None:
        """The customer is told once, and would be if there were no such mailbox."""
        log.warning("no contact address yet", error=str(error), retry_in=ASK_AGAIN_IN)
        news = self._issuer.sentence("utter_code_delayed")
        if message := await self._store.put_off(asked, now + timedelta(seconds=ASK_AGAIN_IN), news):
            self._notices.said(asked.conversation, message)

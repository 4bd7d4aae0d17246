"""What could not be brought to where it belongs, and another try."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import structlog

from bot.insight.errors import UnknownLetterError

log = structlog.get_logger(stop="dead letters")


class Kind(StrEnum):
    """What does not arrive."""

    MESSAGES = "messages"
    """At a customer's channel."""
    TICKETS = "tickets"
    """In the ticket system."""
    MAILS = "mails"
    """At the mail server."""
    EVENTS = "events"
    """At other systems."""


@dataclass(frozen=True)
class DeadLetter:
    """One of them."""

    id: str
    what: str
    """A message's words, a ticket's number, a mail's subject and receiver, an event's type."""
    error: str | None
    """Why the last attempt failed."""
    at: datetime
    """When it was written; of a mail, when it was tried last."""
    attempts: int
    conversation: str | None
    can_retry: bool = True
    """Mails that nobody wants any more, such as an old code's, cannot be tried again."""


class DeadLetters(Protocol):
    """Where they are kept."""

    async def newest(self, kind: Kind, most: int) -> Sequence[DeadLetter]:
        """The newest first."""

    async def revive(self, kind: Kind, letter: str) -> bool:
        """Put it back into its queue, with all attempts before it; False when it is no dead letter (any more)."""


class DeadLetterOffice:
    """Shows dead letters, and sends them on their way again."""

    def __init__(self, letters: DeadLetters, wake: Mapping[Kind, Callable[[], None]]) -> None:
        """`wake` tells the loop that brings a kind that there is something to do."""
        self._letters = letters
        self._wake = wake

    async def newest(self, most: int) -> Mapping[Kind, Sequence[DeadLetter]]:
        """Of every kind, the newest first."""
        return {kind: await self._letters.newest(kind, most) for kind in Kind}

    async def retry(self, kind: Kind, letter: str) -> None:
        """Raises UnknownLetterError when it is no dead letter."""
        if not await self._letters.revive(kind, letter):
            raise UnknownLetterError(kind, letter)
        log.info("tried again", kind=kind, letter=letter)
        self._wake[kind]()

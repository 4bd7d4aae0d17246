"""What becomes of the wish for a one-time code."""

from dataclasses import dataclass
from datetime import datetime

from bot.mail.model import Letter


@dataclass(frozen=True)
class Asked:
    """Somebody in a conversation asked for a code for a mailbox."""

    id: int
    conversation: str
    mailbox: str
    at: datetime
    traceparent: str | None = None
    """Of the trace that it was asked in, see bot.tracing."""


@dataclass(frozen=True)
class Issue:
    """The code, as it is kept, and the mail that brings it."""

    asked: Asked
    digest: str
    letter: Letter

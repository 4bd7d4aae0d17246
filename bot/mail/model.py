"""What a mail is on its way out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """A mail that waits to be sent."""

    to: str
    subject: str
    sealed: str
    """The text, encrypted (`bot.mail.seal`); it is opened to be sent, and deleted when that is over."""
    until: datetime
    """When nobody wants it any more."""


@dataclass(frozen=True)
class Mail:
    """What goes out."""

    id: str
    """The same on every attempt, so that whoever gets it twice can tell: the Message-ID is made of it."""
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Due:
    """A letter whose time has come."""

    id: int
    letter: Letter
    attempts: int
    """How often it was tried and failed."""
    traceparent: str | None = None
    """Of the trace that it goes on in, see bot.tracing."""

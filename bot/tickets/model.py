"""What a ticket is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What is wished for."""

    RESTORE = "restore"
    MESSAGE = "message"


class Target(StrEnum):
    """Where restored mails are put."""

    SUBFOLDER = "subfolder"
    OVERWRITE = "overwrite"


class State(StrEnum):
    """How far the ticket is, in the customer's terms."""

    OPEN = "open"
    WORKING = "working"
    WAITING = "waiting"
    """For the customer's answer."""
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class RestoreRequest:
    """What is to be restored. The customer has proven that the mailbox is theirs."""

    kind: ClassVar[Kind] = Kind.RESTORE

    mailbox: str
    folder: str | None
    """None: the whole mailbox."""
    point: datetime
    """As it was then."""
    target: Target
    contact: str
    """Where the customer is reached about it."""


@dataclass(frozen=True)
class MessageRequest:
    """What is to be read and answered. Nothing of it is proven."""

    kind: ClassVar[Kind] = Kind.MESSAGE

    contact: str
    """Where the customer wants the answer."""
    text: str
    """In the customer's words."""


Request = RestoreRequest | MessageRequest


@dataclass(frozen=True)
class Ticket:
    """A request on its way to, or in, the hoster's ticket system."""

    number: str
    """Ours, told to the customer at once; made of the idempotency key, so that it is the same on every attempt."""
    request: Request
    state: State
    reference: str | None
    """The ticket system's own number, once it is known."""
    conversation: str
    opened_at: datetime


FINAL = frozenset({State.DONE, State.REFUSED})
"""States that do not change any more."""


@dataclass(frozen=True)
class Opened:
    """What became of the wish for a ticket."""

    ticket: Ticket
    is_new: bool
    """False: there was an unfinished one for the same."""


@dataclass(frozen=True)
class Due:
    """A ticket on its way to the ticket system."""

    ticket: Ticket
    attempts: int
    """How often it was tried and failed."""
    last_error: str | None
    traceparent: str | None = None
    """Of the trace that it goes on in, see bot.tracing."""

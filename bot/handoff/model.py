"""What a hand-off is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.conversations.files import Attachment
from bot.conversations.model import Author, Decision, Holder, Message, Reason


class Outcome(StrEnum):
    """How a hand-off ended."""

    RETURNED = "returned"
    """The agent gave the conversation back to the bot."""
    LEFT = "left"
    """The customer went back to the bot."""
    CLOSED = "closed"
    """The agent closed the conversation."""


@dataclass(frozen=True)
class Person:
    """An agent, as far as conversations are concerned."""

    id: int
    name: str
    """As customers see it."""


@dataclass(frozen=True)
class LastMessage:
    """The end of a transcript."""

    author: Author
    text: str
    at: datetime


@dataclass(frozen=True)
class Case:
    """A conversation as a line of the desk's lists."""

    conversation: str
    channel: str
    holder: Holder
    reason: Reason | None
    """Why people were called; None while only the bot has had it."""
    group: str | None
    """Whose turn it is to take it; None: everybody's."""
    agent: Person | None
    queued_at: datetime | None
    claimed_at: datetime | None
    waiting_since: datetime | None
    """When the customer's oldest message came that nobody has answered; None: there is none."""
    unread: int
    """How many of these there are."""
    last: LastMessage | None
    """While it waits in the queue: the customer's last one."""
    customer: str | None
    """A mailbox that was proven to be the customer's."""
    delivered_seq: int
    read_seq: int
    unreachable: str | None = None
    """Why nothing reaches the customer; None: it does."""


class DeliveryState(StrEnum):
    """How far a message to the customer has come."""

    QUEUED = "queued"
    SENT = "sent"
    """The channel has it, or it waits to be fetched."""
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True)
class TranscriptLine:
    """A message as the desk sees it: what the customer sees, and what the customer does not."""

    message: Message
    agent: Person | None
    """Who wrote it, or whom a notice is about."""
    decision: Decision | None
    """Of a customer's message: what the bot did with it; None: no turn was taken."""
    labels: tuple[str, ...]
    confidence: float | None
    delivery: DeliveryState | None
    """Of a message to the customer."""
    error: str | None
    """Why it was not delivered."""
    rating: int | None
    """What the customer thought of the answer: 1 or 5."""
    attachments: tuple[Attachment, ...] = ()
    """Files of a customer's message."""


@dataclass(frozen=True)
class Note:
    """What agents write for each other; the customer never sees it."""

    id: int
    agent: Person
    text: str
    at: datetime


@dataclass(frozen=True)
class Wish:
    """That the transcript be mailed."""

    key: str
    """The same wish again has the same key."""
    conversation: str
    mailbox: str
    """It goes to the contact address on file for this one."""


class Sending(StrEnum):
    """What becomes of such a wish."""

    SENT = "sent"
    """Or it was before, by the same key."""
    UNPROVEN = "unproven"
    """The conversation has not proven to own the mailbox."""
    NO_CONTACT = "no_contact"
    TOO_MANY = "too_many"
    """Within the last hour."""

"""What a conversation is made of: who holds it, what comes in, what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Holder(StrEnum):
    """Who answers the customer; a column of the conversation, never a paused tracker."""

    BOT = "bot"
    QUEUED = "queued"
    AGENT = "agent"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a conversation went to people."""

    ASKED = "asked"
    DECLINED = "declined"
    """Twice in a row the bot had no answer."""
    ENGINE = "engine"
    """A turn failed."""
    PROCEDURE = "procedure"
    """A procedure could not do what it is there for."""
    ANGRY = "angry"
    TAKEN = "taken"
    """An agent took it from the bot."""


class Decision(StrEnum):
    """What the dialogue did with a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    DECLINE = "decline"
    ACTION = "action"


@dataclass(frozen=True)
class Incoming:
    """A customer's message, the same shape from every channel."""

    channel: str
    """Name of the channel, such as `rest` or `web`."""
    address: str
    """Who wrote, in the channel's own terms; with `channel` it names the conversation."""
    message_id: str
    """The channel's id of the message; the same id again is the same message."""
    text: str
    choice: str | None = None
    """Id of the button that was pressed, if one was."""
    most_buttons: int | None = None
    """
    How many buttons the channel can show under a message; more than these it lists with numbers.

    The text may then be the title of a button, or its number where it had one. None: text is never taken for a choice.
    """
    longest_title: int | None = None
    """How long a button's title may be, by UTF-16 units; if one is longer, the channel lists all with numbers."""
    is_letter: bool = False
    """The text's first line alone may be such a title or number: in a letter, more stands below."""
    opens: bool = False
    """The customer opened the chat and has said nothing yet."""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    """A quick reply as the dialogue offers it."""

    title: str
    payload: str
    """What the dialogue gets back when it is chosen; never leaves the server (the store makes an opaque id of it)."""


@dataclass(frozen=True)
class Reply:
    """One message to the customer."""

    text: str
    """Markdown; each channel formats it its own way."""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Turn:
    """What the dialogue made of one message."""

    replies: tuple[Reply, ...]
    state: str | None
    """The dialogue's memory of the conversation, opaque to all others; bounded in size. None: as before it began."""
    decision: Decision
    labels: tuple[str, ...]
    """`faq/<slug>` or an intent; several where it asked back."""
    confidence: float
    awaits_code: bool = False
    """Whether the customer's next message may hold a one-time code, which is not to be stored in clear."""
    handoff: Reason | None = None
    """Why a person is to answer from now on; None: the bot goes on."""


@dataclass(frozen=True)
class Suggestion:
    """An FAQ entry that may answer a text."""

    label: str
    """`faq/<slug>`."""
    title: str
    """The entry's question."""
    text: str
    """Its answer, Markdown."""
    confidence: float
    """0 to 1: how probable it is to be what is meant."""


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    NOTICE = "notice"
    """Nobody: it tells of something that happened, such as that an agent joined."""


@dataclass(frozen=True)
class Choice:
    """A button as the customer gets it."""

    id: str
    """Opaque and not guessable; valid in its conversation only."""
    title: str


@dataclass(frozen=True)
class Offer:
    """The buttons that a conversation was offered last."""

    holder: Holder
    """Who holds the conversation now."""
    fresh: bool
    """The customer has said nothing since."""
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Asked:
    """What a message answers."""

    id: str
    """The channel's id of the customer's message."""
    text: str
    at: datetime


@dataclass(frozen=True)
class Message:
    """A line of the transcript."""

    seq: int
    """Grows within a conversation."""
    id: str
    """The channel's id of a customer's message; our own for others."""
    author: Author
    text: str
    buttons: tuple[Choice, ...]
    at: datetime
    agent: str | None = None
    """Name of the agent who wrote it."""
    rateable: bool = False
    """An answer from the FAQ: the customer may say whether it helped."""
    asked: Asked | None = None
    """On its way to a channel: what the customer had said last, for those that quote it."""


SUSPECT_AFTER = 2
"""Deaths that a message may share with its neighbours; then it is a suspect, and answers for those of its own only."""


@dataclass(frozen=True)
class Waiting:
    """A customer's message whose turn is still to be taken."""

    conversation: str
    message: int
    channel: str
    text: str
    choice: str | None
    """The payload of the button that was pressed."""
    state: str | None
    deaths: int = 0
    """How many processes died while they took its turn, beside others' or, from SUSPECT_AFTER on, alone."""
    code_digest: str | None = None
    """Of the one-time code that the text held; in the text it is masked."""
    at: datetime | None = None
    """When it was stored."""
    traceparent: str | None = None
    """Of the trace that it came in by, see bot.tracing."""
    edition: int = 0
    """Of the conversation; grows when something is erased from it, and a turn that knew more leaves no trace."""
    is_alone: bool = False
    """Whether no other message of the conversation waited when it was found."""


@dataclass(frozen=True)
class Accepted:
    """A customer's message that is stored."""

    conversation: str
    message: int
    """The store's id of the message."""
    seq: int
    done: bool
    """Whether no turn is to be taken: it was, or a person holds the conversation."""
    again: bool = False
    """The message came before."""
    returned: bool = False
    """With this message the conversation went back to the bot."""
    text: str = ""
    """As it is stored: without the one-time code, if there was one."""
    has_news: bool = True
    """Whether the customer may have been told something unasked since their last message."""
    turn: Waiting | None = None
    """The turn that is to be taken, if it is the next one and no other process may take it."""


class Status(StrEnum):
    """Where a message is on its way to a channel."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True)
class Delivery:
    """A message on its way to a channel."""

    conversation: str
    message_id: int
    channel: str
    address: str
    message: Message
    attempts: int
    """How often it was tried and failed."""
    parts_sent: int = 0
    """How many parts of a long message have arrived."""
    hands_over: bool = False
    """With it people take over in the channel's own system."""
    traceparent: str | None = None
    """Of the trace that it goes on in, see bot.tracing."""

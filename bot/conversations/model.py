"""What a conversation is made of: who holds it, what comes in, what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Holder(StrEnum):
    """Who answers the customer; a column of the conversation, never a paused tracker."""

    BOT = "bot"
    QUEUED = "queued"
    AGENT = "agent"
    CLOSED = "closed"


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
    state: str
    """The dialogue's memory of the conversation, opaque to all others; bounded in size."""
    decision: Decision
    labels: tuple[str, ...]
    """`faq/<slug>` or an intent; several where it asked back."""
    confidence: float

"""What other systems are told of a hand-off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.errors import PostboteError


class EventType(StrEnum):
    """Names as in the Bot Framework's hand-off protocol."""

    INITIATE = "handoff.initiate"
    """A person is called, with what they need to know."""
    STATUS = "handoff.status"
    """How it went on."""


class Progress(StrEnum):
    """What a `handoff.status` says."""

    ACCEPTED = "accepted"
    """An agent took the conversation."""
    FAILED = "failed"
    """It ended without one."""
    COMPLETED = "completed"
    """The agent closed it, or returned it to the bot."""


@dataclass(frozen=True)
class Event:
    """An event on its way."""

    id: int
    key: str
    """The same on every attempt, so that whoever gets it twice can tell."""
    type: EventType
    conversation: str
    at: datetime
    data: Mapping[str, Any]
    """What it says, ready for JSON; empty as soon as it is sent."""
    attempts: int
    """How often it was tried and failed."""
    last_error: str | None
    traceparent: str | None = None
    """Of the trace that it goes on in, see bot.tracing."""


class ReceiverError(PostboteError):
    """
    The other system refused an event or did not answer.

    After `final` no later try can succeed; `retry_after` are the seconds that it asks us to wait.
    """

    code = "receiver"

    def __init__(self, message: str, *, final: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.final = final
        self.retry_after = retry_after

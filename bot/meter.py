"""What is told of everything that passes a stop of the road, for whoever counts; costs a stop next to nothing."""

from enum import StrEnum
from typing import Protocol


class Stop(StrEnum):
    """Where time is measured."""

    DOOR = "door"
    """From a request or frame that brings something to its answer; at the REST door the turn is within it."""
    INTAKE = "intake"
    """Until a message is stored and acknowledged."""
    TURN = "turn"
    """From a message's turn to its replies in the database."""
    DELIVERY = "delivery"
    """One attempt to bring something to a channel, a mail server, a ticket system or another system."""


class Meter(Protocol):
    """Hears of it. What it is told is no personal data and no id: names from short lists only."""

    def passed(self, stop: Stop, seconds: float) -> None:
        """Something took so long at a stop."""

    def accepted(self, channel: str) -> None:
        """A message came in by the channel and is stored; not told when it comes again."""

    def turned(self, decision: str) -> None:
        """A turn was taken: a `Decision`, or `failed`."""

    def delivered(self, queue: str, outcome: str) -> None:
        """An attempt of the queue ended: `sent`, `retry` or `dead`."""

    def requested(self, method: str, status: int) -> None:
        """A door answered."""

    def swept(self, kind: str, rows: int) -> None:
        """So many rows of the kind were deleted, as their time was over."""


class Unmetered:
    """Counts nothing: for commands and tests."""

    def passed(self, stop: Stop, seconds: float) -> None:
        """See Meter."""

    def accepted(self, channel: str) -> None:
        """See Meter."""

    def turned(self, decision: str) -> None:
        """See Meter."""

    def delivered(self, queue: str, outcome: str) -> None:
        """See Meter."""

    def requested(self, method: str, status: int) -> None:
        """See Meter."""

    def swept(self, kind: str, rows: int) -> None:
        """See Meter."""


UNMETERED = Unmetered()

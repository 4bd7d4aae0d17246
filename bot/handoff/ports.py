"""What hand-off needs from others: `bot.store` keeps its rows, `bot.webhooks` reaches other systems."""

from collections.abc import Sequence
from typing import Protocol

from bot.handoff.events import Event


class Queue(Protocol):
    """Conversations that wait for a person."""

    async def waiting(self) -> int:
        """How many there are now."""


class Staffing(Protocol):
    """The people at the desk."""

    async def is_staffed(self) -> bool:
        """Whether there is any account of an agent that may sign in; not whether one is signed in."""


class Events(Protocol):
    """
    The outbox of events for other systems.

    What puts events into it does so within its own transaction: `bot.store.events.SqlEvents.initiate` and `status`.
    """

    async def due(self) -> Sequence[Event]:
        """What may be sent now: of each conversation the oldest event that is not sent."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

    async def sent(self, event: Event) -> None:
        """The other system has it; what it says is deleted here."""

    async def failed(self, event: Event, error: str, retry_in: float | None) -> None:
        """Not sent; try again in so many seconds, or never (None: a dead letter)."""

    async def dead(self) -> Sequence[Event]:
        """The dead letters, oldest first."""

    async def replay(self, id: int) -> bool:
        """Try a dead letter again; False if it is none."""


class Receiver(Protocol):
    """The other system."""

    async def send(self, event: Event) -> None:
        """Raises ReceiverError; unless it is final the event may have arrived all the same."""

    async def close(self) -> None:
        """Let go of connections."""

"""What waits now, and for how long: by it an operator sees that something is stuck."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.insight.dead_letters import Kind


@dataclass(frozen=True)
class Queue:
    """What is on its way to somewhere else."""

    queued: int
    dead: int
    oldest: float
    """Seconds since the first of what is queued was written, of mails since it was due; 0 when nothing is."""


@dataclass(frozen=True)
class Backlog:
    """Ages in seconds; 0 where nothing waits."""

    waiting: int
    """Messages that wait for their turn."""
    oldest_waiting: float
    handoffs: int
    """Conversations in the queue for people."""
    oldest_handoff: float
    workers: int
    """Processes that take turns and are alive."""
    queues: Mapping[Kind, Queue]


class Backlogs(Protocol):
    """Knows it."""

    async def now(self) -> Backlog:
        """Asks the database; raises what its driver raises."""

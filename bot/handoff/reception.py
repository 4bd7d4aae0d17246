"""Whether a person can be called now: there are agents, it is within hours, and the queue has room."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.handoff.hours import Hours
from bot.handoff.ports import Queue, Staffing


@dataclass(frozen=True)
class Open:
    """A person can be called."""

    position: int
    """The place in the queue that the customer would get; 1 is the first."""


@dataclass(frozen=True)
class Closed:
    """Nobody works at this time."""

    opens: datetime | None
    """When somebody does again, on the hoster's clocks; None: not within a year."""


@dataclass(frozen=True)
class Full:
    """Too many wait already."""

    waiting: int


@dataclass(frozen=True)
class Unstaffed:
    """The desk is not used: no agent has an account."""


@dataclass(frozen=True)
class Elsewhere:
    """People answer in a system of the channel's own, which knows whether they are there."""


Admission = Open | Closed | Full | Unstaffed | Elsewhere


class Reception:
    """Asked before a customer is put into the queue, and by whatever shows whether somebody is there."""

    def __init__(self, hours: Hours, queue: Queue, staffing: Staffing, limit: int, clock: Clock) -> None:
        """`limit`: so many may wait at once."""
        self._hours = hours
        self._queue = queue
        self._staffing = staffing
        self._limit = limit
        self._clock = clock

    async def admission(self, conversation: str) -> Admission:
        """What a customer who asks for a person is to be told."""
        now = self._clock()
        if await self._queue.is_elsewhere(conversation):
            return Elsewhere()
        if not await self._staffing.is_staffed():
            return Unstaffed()
        if not self._hours.is_open(now):
            return Closed(self._hours.next_opening(now))
        waiting = await self._queue.waiting()
        return Full(waiting) if waiting >= self._limit else Open(waiting + 1)

    def next_opening(self) -> datetime | None:
        """
        When people work again, on the hoster's clocks; None: they do now, or not within a year.

        Whether there is a desk does not matter: messages are read elsewhere, too.
        """
        now = self._clock()
        return None if self._hours.is_open(now) else self._hours.next_opening(now)

    async def is_open(self, conversation: str) -> bool:
        """Whether people work now, however many customers wait for them."""
        if await self._queue.is_elsewhere(conversation):
            return True
        return await self._staffing.is_staffed() and self._hours.is_open(self._clock())

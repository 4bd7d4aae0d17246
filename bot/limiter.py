"""
Count in moving windows how often something was done.

A window lies on a grid of a twelfth of its length: what was done is kept as the ends of the grid's cells with a number
each, however much it was. Within any window there is never more than the limit; room comes back a twelfth later at
most.
"""

import math
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.errors import PostboteError

CELLS = 12
"""Of a window."""
MINUTE, HOUR = 60, 3600

Cells = Sequence[tuple[float, int]]
"""When each ends, and what was counted in it; oldest first."""


class UncountedError(PostboteError):
    """A limit that must hold everywhere could not be looked at."""

    code = "uncounted"


@dataclass(frozen=True)
class Limit:
    """So much in so many seconds, for each key."""

    name: str
    amount: int
    seconds: int = MINUTE
    is_shared: bool = True
    """Counted once for all processes, where several share a database; else in each for itself."""
    is_strict: bool = False
    """Where it cannot be counted for all, nothing is allowed; else each process then counts for itself."""


class Hit(NamedTuple):
    """Something that is to be counted."""

    limit: Limit
    key: str
    """Whose."""
    cost: int = 1
    """By how much; what costs more than the limit is taken for all of it."""

    @property
    def name(self) -> str:
        """Of what is counted."""
        return f"{self.limit.name}:{self.limit.seconds}:{self.key}"

    @property
    def price(self) -> int:
        """What is counted for it."""
        return min(self.cost, self.limit.amount)

    def wait(self, cells: Cells, now: float) -> float:
        """Seconds until there is room for it; 0: there is."""
        room = self.limit.amount - self.price
        counted = sum(count for end, count in cells if end > now - self.limit.seconds)
        for end, count in cells:
            if counted <= room:
                return 0.0
            wait = end - now + self.limit.seconds
            if wait > 0:
                counted -= count
                if counted <= room:
                    return wait
        return 0.0


@dataclass(frozen=True)
class Refusal:
    """There is no room for a hit."""

    limit: Limit
    wait: float
    """Seconds."""


class Limiter(Protocol):
    """Counts hits. Here alone, or for all processes that share a database."""

    async def hit(self, *hits: Hit) -> Refusal | None:
        """
        Count each of them for which there is room; the first for which there is none is the refusal.

        Raises UncountedError for a strict limit where nobody can say how much was counted.
        """

    async def clear(self, limit: Limit, key: str) -> None:
        """As if there had been none."""


class Windows:
    """
    Counts in this process.

    The `limits` library's own storage in memory keeps every key for ever, and walks all of
    them in a new thread at every hit: with 800 conversations that was a twentieth of a turn.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # By the window's length, so that within one of these the keys' order is that in which they run out.
        self._windows: defaultdict[int, OrderedDict[str, list[tuple[float, int]]]] = defaultdict(OrderedDict)

    def hit(self, hit: Hit) -> float:
        """Count it and return 0; or do not count it, and return the seconds until there is room."""
        now, name, price = self._clock(), hit.name, hit.price
        windows = self._windows[hit.limit.seconds]
        cells = self._cells(windows, name, now - hit.limit.seconds)
        if sum([count for _, count in cells]) + price > hit.limit.amount:
            return hit.wait(cells, now)
        end = cell_end(now, hit.limit.seconds)
        if cells and cells[-1][0] == end:
            cells[-1] = (end, cells[-1][1] + price)
        else:
            cells.append((end, price))
        windows[name] = cells
        windows.move_to_end(name)
        return 0.0

    def allows(self, hit: Hit) -> bool:
        """Whether there is room for it."""
        now = self._clock()
        return not hit.wait(self._cells(self._windows[hit.limit.seconds], hit.name, now - hit.limit.seconds), now)

    def clear(self, hit: Hit) -> None:
        """As if there had been none of its key."""
        self._windows[hit.limit.seconds].pop(hit.name, None)

    def __len__(self) -> int:
        """The keys that are remembered."""
        return sum(map(len, self._windows.values()))

    @staticmethod
    def _cells(windows: OrderedDict[str, list[tuple[float, int]]], name: str, begin: float) -> list[tuple[float, int]]:
        while windows and windows[oldest := next(iter(windows))][-1][0] <= begin:
            del windows[oldest]
        cells = windows.get(name, [])
        while cells and cells[0][0] <= begin:
            del cells[0]
        return cells


class LocalLimiter:
    """The port, where one process does everything."""

    def __init__(self, windows: Windows | None = None) -> None:
        self._windows = Windows() if windows is None else windows

    async def hit(self, *hits: Hit) -> Refusal | None:
        """See the port."""
        return self.count(*hits)

    def count(self, *hits: Hit) -> Refusal | None:
        """As `hit`."""
        refusal = None
        for hit in hits:
            wait = self._windows.hit(hit)
            if wait and refusal is None:
                refusal = Refusal(hit.limit, wait)
        return refusal

    async def clear(self, limit: Limit, key: str) -> None:
        """See the port."""
        self._windows.clear(Hit(limit, key))


def cell_end(now: float, seconds: int) -> float:
    """Of the cell that `now` is in."""
    cell = seconds / CELLS
    return math.ceil(now / cell) * cell

"""Count in moving windows how often something was done, in this process."""

import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable

from limits import RateLimitItem


class Limiter:
    """
    A moving window for each key.

    The `limits` library's own storage in memory keeps every key for ever, and walks all of
    them in a new thread at every hit: with 800 conversations that was a twentieth of a turn.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # By the window's length, so that within one of these the keys' order is that in which they run out.
        self._windows: defaultdict[int, OrderedDict[str, deque[float]]] = defaultdict(OrderedDict)

    def hit(self, limit: RateLimitItem, *key: str) -> bool:
        """Count it; False, and not counted, if that would be more than the limit."""
        window = self._window(limit, *key)
        if len(window) >= limit.amount:
            return False
        window.append(self._clock())
        windows, name = self._windows[limit.get_expiry()], limit.key_for(*key)
        windows[name] = window
        windows.move_to_end(name)
        return True

    def allows(self, limit: RateLimitItem, *key: str) -> bool:
        """Whether `hit` would."""
        return len(self._window(limit, *key)) < limit.amount

    def _window(self, limit: RateLimitItem, *key: str) -> deque[float]:
        windows = self._windows[limit.get_expiry()]
        end = self._clock() - limit.get_expiry()
        self._forget(windows, end)
        window = windows.get(limit.key_for(*key), deque[float]())
        while window and window[0] <= end:
            window.popleft()
        return window

    def clear(self, limit: RateLimitItem, *key: str) -> None:
        """As if there had been none."""
        self._windows[limit.get_expiry()].pop(limit.key_for(*key), None)

    def __len__(self) -> int:
        """The keys that are remembered."""
        return sum(map(len, self._windows.values()))

    @staticmethod
    def _forget(windows: OrderedDict[str, deque[float]], end: float) -> None:
        while windows and windows[oldest := next(iter(windows))][-1] <= end:
            del windows[oldest]

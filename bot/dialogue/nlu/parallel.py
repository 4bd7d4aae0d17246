"""Do several things at once that only compute, on as many cores as there are."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST = 4
"""Processes; each keeps a part of what it works with in memory of its own."""


def each(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """`work` of each, in order; side by side where processes can be forked, which share what is in memory already."""
    count = min(MOST, len(items), len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1
    shares = [items[first::count] for first in range(count)]
    children = [_Child(work, share) for share in shares[1:]]
    done = [[work(item) for item in shares[0]], *(child.results() for child in children)] if count else []
    return [done[number % count][number // count] for number in range(len(items))]


class _Child(Generic[Item, Result]):
    """A process that does its share and ends, also where its parent has been killed meanwhile."""

    def __init__(self, work: Callable[[Item], Result], share: Sequence[Item]) -> None:
        context = multiprocessing.get_context("fork")
        self._work, self._share = work, share
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_send, args=(sender, work, share), daemon=True)
        self._process.start()
        sender.close()

    def results(self) -> list[Result]:
        """Of the child; if it died, they are worked out here, and what is wrong is raised here."""
        try:
            results: list[Result] = self._receiver.recv()
        except EOFError:
            results = [self._work(item) for item in self._share]
        self._process.join()
        return results


def _send(sender: Connection, work: Callable[[Item], Result], share: Sequence[Item]) -> None:
    sender.send([work(item) for item in share])

"""Tell those who watch a conversation in this process that something happened in it."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.conversations.model import Message


@dataclass(frozen=True)
class Said:
    """New messages, oldest first."""

    messages: Sequence[Message]


@dataclass(frozen=True)
class Typing:
    """Somebody began or ceased to write an answer."""

    on: bool


Event = Said | Typing


class News:
    """Who watches hears of what is published from then on; what came before is in the store."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)

    @contextmanager
    def watch(self, conversation: str) -> Iterator[asyncio.Queue[Event]]:
        """A queue of events, as long as the block lasts."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._watchers[conversation].add(queue)
        try:
            yield queue
        finally:
            self._watchers[conversation].discard(queue)
            if not self._watchers[conversation]:
                del self._watchers[conversation]

    def publish(self, conversation: str, event: Event) -> None:
        """Put the event into every watcher's queue."""
        for queue in self._watchers.get(conversation, ()):
            queue.put_nowait(event)

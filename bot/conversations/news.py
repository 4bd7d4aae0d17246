"""Tell those who watch conversations in this process that something happened in them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.conversations.holding import Standing
from bot.conversations.model import Author, Message


@dataclass(frozen=True)
class Said:
    """New messages, oldest first."""

    messages: Sequence[Message]


@dataclass(frozen=True)
class Typing:
    """Somebody began or ceased to write."""

    on: bool
    who: Author = Author.BOT


@dataclass(frozen=True)
class Seen:
    """The customer's device has everything up to `seq`, and shows it if `read`; or a delivery failed or succeeded."""

    seq: int
    read: bool = False


@dataclass(frozen=True)
class Noted:
    """Something was written for agents, which is not for the customer."""

    note: int
    """The note's id."""


Event = Said | Typing | Standing | Seen | Noted
Anywhere = tuple[str, Event]
"""The conversation, and what happened in it."""


class News:
    """Who watches hears of what is published from then on; what came before is in the store."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)
        self._everywhere: set[asyncio.Queue[Anywhere]] = set()

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

    @contextmanager
    def watch_all(self) -> Iterator[asyncio.Queue[Anywhere]]:
        """A queue of the events of every conversation, as long as the block lasts."""
        queue: asyncio.Queue[Anywhere] = asyncio.Queue()
        self._everywhere.add(queue)
        try:
            yield queue
        finally:
            self._everywhere.discard(queue)

    @property
    def watched(self) -> Collection[str]:
        """Conversations that somebody watches."""
        return self._watchers.keys()

    def publish(self, conversation: str, event: Event) -> None:
        """Put the event into every watcher's queue."""
        for queue in self._watchers.get(conversation, ()):
            queue.put_nowait(event)
        for everywhere in self._everywhere:
            everywhere.put_nowait((conversation, event))

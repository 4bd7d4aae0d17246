"""Tell those who watch conversations that something happened in them; in other processes, too: see relay."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
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


@dataclass(frozen=True)
class Missed:
    """Something may have happened that was not told; the store knows."""


@dataclass(frozen=True)
class Fetched:
    """It is known what became of a file that a customer attached."""

    seq: int
    """Of the message that it belongs to."""


Event = Said | Typing | Standing | Seen | Noted | Missed | Fetched
Anywhere = tuple[str, Event]
"""The conversation, and what happened in it."""


class News:
    """Who watches hears of what is published from then on; what came before is in the store."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)
        self._everywhere: set[asyncio.Queue[Anywhere]] = set()
        self._told: dict[str, int] = {}
        self.pass_on: Callable[[str, Event], None] | None = None
        """Told of what is published here, to tell other processes."""

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
                self._told.pop(conversation, None)

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

    def is_watched(self, conversation: str) -> bool:
        """Whether anybody in this process hears of it."""
        return conversation in self._watchers or bool(self._everywhere)

    def publish(self, conversation: str, event: Event) -> None:
        """Put the event into every watcher's queue, in every process."""
        self.tell(conversation, event)
        if self.pass_on:
            self.pass_on(conversation, event)

    def catch_up(self, conversation: str, seq: int) -> None:
        """Those who watch the conversation are to look by themselves, unless they were told of everything to `seq`."""
        if conversation in self._watchers and self._told.get(conversation, 0) < seq:
            self._told[conversation] = seq
            self.tell(conversation, Missed())

    def tell(self, conversation: str, event: Event) -> None:
        """Put the event into the queue of every watcher in this process."""
        if isinstance(event, Said) and conversation in self._watchers:
            known = self._told.get(conversation, 0)
            self._told[conversation] = max([known, *(message.seq for message in event.messages)])
        for queue in self._watchers.get(conversation, ()):
            queue.put_nowait(event)
        for everywhere in self._everywhere:
            everywhere.put_nowait((conversation, event))

"""News across processes, over a bus that two of them share."""

import asyncio
from contextlib import suppress
from typing import Any, cast

import pytest

from bot.conversations.bus import Heard, NoBus, Payload
from bot.conversations.model import Author
from bot.conversations.news import Event, Fetched, Missed, News, Noted, Seen, Typing
from bot.conversations.relay import Relay


class FakeBus(NoBus):
    """One process's end of it."""

    def __init__(self) -> None:
        self.others: list[FakeBus] = []
        self._heard: dict[str, Heard] = {}

    def publish(self, topic: str, payload: Payload) -> None:
        for other in self.others:
            other._heard[topic](payload)

    def hear(self, topic: str, heard: Heard) -> None:
        self._heard[topic] = heard


@pytest.mark.parametrize(
    "event",
    [Typing(on=True, who=Author.AGENT), Seen(3, read=True), Noted(4), Fetched(5), Missed()],
    ids=lambda event: type(event).__name__,
)
async def test_what_one_process_publishes_another_one_hears(event: Event) -> None:
    """As it was, once, and not back again."""
    here, there, one, other = News(), News(), FakeBus(), FakeBus()
    one.others, other.others = [other], [one]
    nothing = cast(Any, None)  # neither messages nor the queue are asked for
    relays = [Relay(here, one, nothing, nothing), Relay(there, other, nothing, nothing)]
    running = [asyncio.create_task(relay.run()) for relay in relays]
    with here.watch("c") as heard_here, there.watch("c") as heard_there:
        here.publish("c", event)
        assert await heard_there.get() == event
        assert (heard_here.get_nowait(), heard_here.empty(), heard_there.empty()) == (event, True, True)
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

"""
News across processes: what is published in one of them reaches those who watch in the others.

Messages do not travel themselves, only the numbers of them; a process in which somebody watches reads them.
"""

import asyncio
import functools
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import structlog

from bot.conversations.bus import Bus
from bot.conversations.holding import Standing
from bot.conversations.model import Author, Holder
from bot.conversations.news import Event, Fetched, Missed, News, Noted, Said, Seen, Typing
from bot.conversations.ports import Conversations, Standings
from bot.errors import UnavailableError
from bot.loops import Loop

TOPIC, WAKE = "news", "wake"

log = structlog.get_logger(stop="relay")


class Relay:
    """Between the news of this process and the bus; hears as long as `run` does."""

    def __init__(self, news: News, bus: Bus, conversations: Conversations, standings: Standings) -> None:
        self._news = news
        self._bus = bus
        self._conversations = conversations
        self._standings = standings
        self._heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        news.pass_on = self._pass_on
        bus.hear(TOPIC, self._heard.put_nowait)
        bus.when_back(self._say_missed)

    async def run(self) -> None:
        """One after the other, so that what was said in order is heard in order."""
        while True:
            heard = await self._heard.get()
            try:
                await self._tell(heard["conversation"], heard)
            except UnavailableError as error:
                log.warning("news not told", conversation=heard["conversation"], error=error.reason)
                # Who watches looks by itself then, and if it cannot either, the customer's page connects again.
                self._news.tell(heard["conversation"], Missed())
            except Exception:
                log.exception("news not told", conversation=heard["conversation"])

    def _pass_on(self, conversation: str, event: Event) -> None:
        self._bus.publish(TOPIC, {"conversation": conversation, **_encoded(event)})

    async def _tell(self, conversation: str, heard: Mapping[str, Any]) -> None:
        if heard["kind"] == "standing":
            await self._tell_places(conversation)
        if not self._news.is_watched(conversation):
            return
        if heard["kind"] == "said":
            messages = await self._conversations.messages_after(conversation, heard["first"] - 1)
            self._news.tell(conversation, Said([each for each in messages if each.seq <= heard["last"]]))
        else:
            self._news.tell(conversation, _decoded(heard))

    async def _tell_places(self, changed: str) -> None:
        """The queue's places are news for all that wait."""
        waiting = set(self._news.watched) - {changed}
        if not waiting:
            return
        for conversation, position in (await self._standings.positions()).items():
            if conversation in waiting:
                self._news.tell(conversation, Standing(Holder.QUEUED, position))

    def _say_missed(self) -> None:
        for conversation in list(self._news.watched):
            self._news.tell(conversation, Missed())


def relay_wakes(bus: Bus, loops: Sequence[Loop]) -> None:
    """A loop that is woken in one process wakes in the one where it runs."""
    by_name = {type(loop).__name__: loop for loop in loops}
    for name, loop in by_name.items():
        loop.relay = functools.partial(bus.publish, WAKE, {"loop": name})
    bus.hear(WAKE, lambda heard: by_name[heard["loop"]].wake_here() if heard["loop"] in by_name else None)


def _encoded(event: Event) -> dict[str, Any]:
    match event:
        case Said(messages):
            numbers = [message.seq for message in messages]
            return {"kind": "said", "first": min(numbers, default=0), "last": max(numbers, default=-1)}
        case Typing(on, who):
            return {"kind": "typing", "on": on, "who": who}
        case Standing(holder, position, agent):
            return {"kind": "standing", "holder": holder, "position": position, "agent": agent}
        case Seen(seq, read):
            return {"kind": "seen", "seq": seq, "read": read}
        case Noted() | Fetched():
            return {"kind": type(event).__name__.lower(), **asdict(event)}
        case Missed():
            return {"kind": "missed"}


def _decoded(heard: Mapping[str, Any]) -> Event:
    match heard["kind"]:
        case "typing":
            return Typing(heard["on"], Author(heard["who"]))
        case "standing":
            return Standing(Holder(heard["holder"]), heard["position"], heard["agent"])
        case "seen":
            return Seen(heard["seq"], heard["read"])
        case "noted":
            return Noted(heard["note"])
        case "fetched":
            return Fetched(heard["seq"])
    return Missed()

"""Send messages to a REST door as several customers would, and keep every latency."""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import aiohttp

from benchmarks.material import messages as material

DOOR = "/webhooks/rest/webhook"
TIMEOUT = aiohttp.ClientTimeout(total=120)


class SilenceError(Exception):
    """A system answered nothing; its speed is then of no interest."""


@dataclass(frozen=True)
class Load:
    """What one run showed; latencies in milliseconds."""

    latencies: tuple[float, ...]
    seconds: float

    @property
    def throughput(self) -> float:
        """Messages a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """The latency that `percent` of the messages did not exceed."""
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True)
class Answer:
    """To one message."""

    milliseconds: float
    text: str


async def say(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Answer:
    """One message. Raises SilenceError when there is no answer to it."""
    started = time.perf_counter()
    async with session.post(url + DOOR, json={"sender": sender, "message": text}) as response:
        replies = await response.json()
    milliseconds = (time.perf_counter() - started) * 1000
    if response.status != 200 or not replies:
        raise SilenceError(f"{url} answered {response.status} {replies!r} to {text!r}")
    return Answer(milliseconds, "\n".join(reply.get("text") or "" for reply in replies))


async def converse(url: str, name: str, texts: Sequence[str], turns: int) -> list[float]:
    """One conversation of `turns` messages, one after the other; their latencies in milliseconds."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        return [(await say(session, url, name, text)).milliseconds for text in islice(cycle(texts), turns)]


async def ask(url: str, texts: Sequence[str]) -> list[Answer]:
    """Each text as the first message of a customer of its own, one after the other."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        return [await say(session, url, f"asks-{number}", text) for number, text in enumerate(texts)]


async def load(url: str, texts: Sequence[str], *, clients: int, messages: int, name: str) -> Load:
    """`clients` customers at once, with a new conversation every ten messages, `messages` in all."""
    conversations = [f"{name}-{number}" for number in range(messages // 10)]
    latencies: list[float] = []

    async def customer(client: int) -> None:
        for number, conversation in enumerate(conversations[client::clients]):
            shift = (client + number) * 10 % len(texts)
            latencies.extend(await converse(url, conversation, [*texts[shift:], *texts[:shift]], 10))

    started = time.perf_counter()
    await asyncio.gather(*(customer(client) for client in range(clients)))
    return Load(tuple(latencies), time.perf_counter() - started)


if __name__ == "__main__":
    # A client in a process of its own, for `benchmarks.parts`.
    asyncio.run(load(sys.argv[1], material(), clients=1, messages=int(sys.argv[2]), name=sys.argv[2]))

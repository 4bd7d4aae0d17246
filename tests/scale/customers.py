"""Customers who wait for each answer, think, and go on; who try elsewhere, with the same id, when a door fails them."""

import asyncio
import functools
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp

from bot.faq.model import Entry
from bot.faq.reader import read_faq
from tests.conftest import PROJECT
from tests.scale.ledger import Ledger, Line

REST = "/webhooks/rest/webhook"
WEB = "/channels/web"
PATIENCE = 180.0
"""Seconds after which a customer gives an answer up, which is then lost."""
PAUSE = 0.3
"""Seconds before another try."""
TRY_AGAIN = frozenset({503, 504})
"""Honest refusals; any other status is a fault of ours."""
TIMEOUT = aiohttp.ClientTimeout(total=45)


@dataclass(frozen=True)
class Step:
    """Something to say, and what the answer must be."""

    text: str
    fits: Callable[[str], bool]
    metadata: dict[str, str] | None = None
    """Of the REST channel, beside the id."""


@functools.cache
def _entries() -> Sequence[Entry]:
    return read_faq(PROJECT / "data" / "faq").entries


def questions(chance: random.Random) -> Iterator[Step]:
    """Of the FAQ, without end; each has an answer of its own, so that one that is given to another is noticed."""
    entry = None
    while True:
        # Whoever asks the same twice in a row is offered more than the answer.
        entry = chance.choice([each for each in _entries() if each is not entry])
        yield Step(entry.question.text, entry.answer.strip().__eq__)


@dataclass(frozen=True)
class Door:
    """What all customers have in common."""

    session: aiohttp.ClientSession
    urls: Sequence[str]
    """Of the gateways."""
    ledger: Ledger
    thinking: tuple[float, float]
    """Seconds, from and to."""


@asynccontextmanager
async def opened(urls: Sequence[str], ledger: Ledger, thinking: tuple[float, float]) -> Any:
    """For customers of these gateways."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=TIMEOUT, connector=connector) as session:
        yield Door(session, urls, ledger, thinking)


class Customer(ABC):
    """One conversation."""

    kind: str
    """How it talks; its name and the ids of its messages begin so."""

    def __init__(self, door: Door, number: int, seed: int) -> None:
        """The number chooses the gateway that is tried first."""
        self.name = f"{self.kind}-{seed}-{number}"
        self.door = door
        self.chance = random.Random(seed * 100_000 + number)
        self._number = number
        self._tries = 0

    @property
    def url(self) -> str:
        """Of the gateway whose turn it is."""
        return self.door.urls[(self._number + self._tries) % len(self.door.urls)]

    async def talk(self, steps: Iterator[Step], goes_on: Callable[[], bool] = lambda: True) -> None:
        """Say each step and wait for its answer, as long as there are steps and it is to go on."""
        # At once all would come at once; later each has an own pace.
        await asyncio.sleep(self.chance.uniform(0, self.door.thinking[1]))
        for number in count():
            step = next(steps, None) if goes_on() else None
            if step is None:
                return
            line = self.door.ledger.begin(f"{self.name}-{number}", step.text, step.fits)
            try:
                async with asyncio.timeout(PATIENCE):
                    await self.say(line, step)
            except TimeoutError:
                return
            await asyncio.sleep(self.chance.uniform(*self.door.thinking))

    @abstractmethod
    async def say(self, line: Line, step: Step) -> None:
        """Until it is answered."""

    @abstractmethod
    async def close(self) -> None:
        """Hang up."""

    async def refused(self, reason: str) -> None:
        """Note it, and wait a moment before the other gateway is tried."""
        self.door.ledger.refusals[reason] += 1
        self._tries += 1
        await asyncio.sleep(PAUSE)

    async def request(self, method: str, path: str, **more: Any) -> Any:
        """What a gateway answers, whichever does."""
        while True:
            try:
                async with self.door.session.request(method, self.url + path, **more) as response:
                    if response.status < 300:
                        return await response.json()
                    reason, answer = str(response.status), await response.text()
                    if response.status not in TRY_AGAIN or '"message"' not in answer:
                        self.door.ledger.wrong.append(f"{self.name}: {response.status} {answer[:200]}")
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                reason = type(error).__name__
            await self.refused(reason)


class RestCustomer(Customer):
    """Waits on the line."""

    kind = "rest"

    async def say(self, line: Line, step: Step) -> None:
        """See Customer."""
        metadata = {"message_id": line.id, **(step.metadata or {})}
        body = {"sender": self.name, "message": line.text, "metadata": metadata}
        replies = await self.request("POST", REST, json=body)
        await self.door.ledger.answered(line, "\n".join(reply.get("text") or "" for reply in replies))

    async def close(self) -> None:
        """There is no line to hang up."""


class SocketCustomer(Customer):
    """The website's widget: is pushed to, connects again when it is cut off, and says again what was not answered."""

    kind = "socket"

    def __init__(self, door: Door, number: int, seed: int) -> None:
        """See Customer."""
        super().__init__(door, number, seed)
        self._secret = ""
        self._seen = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._line: Line | None = None
        self._done = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def say(self, line: Line, step: Step) -> None:
        """See Customer."""
        self._line = line
        self._done.clear()
        if self._listening is None:
            self._secret = (await self.request("POST", f"{WEB}/conversations"))["secret"]
            self._listening = asyncio.create_task(self._listen())
        else:
            await self._send()
        await self._done.wait()

    async def close(self) -> None:
        """See Customer. What is pushed until then is heard, and so would be an answer that comes twice."""
        if self._listening:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        while True:
            try:
                async with self.door.session.ws_connect(f"{self.url}{WEB}/socket", heartbeat=20) as socket:
                    await socket.send_json({"type": "hello", "secret": self._secret, "after": self._seen})
                    self._socket = socket
                    async for frame in socket:
                        await self._take(frame.json())
                    reason = f"closed {socket.close_code}"
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                reason = type(error).__name__
            finally:
                self._socket = None
            await self.refused(reason)

    async def _send(self) -> None:
        if self._socket and self._line and self._line.answered is None:
            # A lost connection is noticed by who listens.
            with suppress(ConnectionError, aiohttp.ClientError):
                await self._socket.send_json({"type": "say", "id": self._line.id, "text": self._line.text})

    async def _take(self, frame: dict[str, Any]) -> None:
        match frame:
            case {"type": "welcome", "messages": messages}:
                for message in messages:
                    await self._hear(message)
                await self._send()
            case {"type": "message", "message": message}:
                await self._hear(message)
            case {"type": "accepted"} if self._line:
                self._line.accepted = True
            case {"type": "error"}:
                self.door.ledger.wrong.append(f"{self.name}: {frame}")

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["seq"] <= self._seen:
            self.door.ledger.doubled.append(f"{self.name} was sent {message['seq']} again")
        self._seen = max(self._seen, message["seq"])
        if message["from"] != "bot":
            return
        if self._line is None or self._line.answered is not None:
            self.door.ledger.doubled.append(f"{self.name} got an answer to nothing: {message['text'][:80]!r}")
            return
        await self.door.ledger.answered(self._line, message["text"])
        self._done.set()


Kind = Callable[[Door, int, int], Customer]
EVERY_OTHER: Sequence[Kind] = (RestCustomer, SocketCustomer, SocketCustomer, RestCustomer)
"""Of both kinds as many, and of each as many at either gateway."""

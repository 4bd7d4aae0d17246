"""
The bus on PostgreSQL's LISTEN and NOTIFY.

https://www.postgresql.org/docs/current/sql-notify.html: payloads have 8,000 bytes at most.
"""

import asyncio
import json
import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversations.bus import Heard, Payload

CHANNEL = "postbote"
LONGEST = 7900
MOST_UNSENT = 10_000
"""Wake-ups that wait while the database is away; older ones are of no use any more."""
PAUSE = 1.0
"""Seconds before the connection is tried again."""

log = structlog.get_logger(stop="bus")


class PgBus:
    """The port `bot.conversations.bus.Bus`; works as long as `run` does."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._me = secrets.token_hex(8)
        self._heard: defaultdict[str, list[Heard]] = defaultdict(list)
        self._back: list[Callable[[], None]] = []
        self._unsent: asyncio.Queue[str] = asyncio.Queue(MOST_UNSENT)
        self._sending: list[str] = []
        """What is on its way, and is sent again by the next connection if this one is lost."""

    def publish(self, topic: str, payload: Payload) -> None:
        """See Bus."""
        text = json.dumps({"from": self._me, "topic": topic, "payload": payload}, ensure_ascii=False)
        if len(text.encode()) > LONGEST:
            raise ValueError(f"A payload of {topic} is too long for NOTIFY: {len(text)} characters.")
        if self._unsent.full():
            self._unsent.get_nowait()
        self._unsent.put_nowait(text)

    def hear(self, topic: str, heard: Heard) -> None:
        """See Bus."""
        self._heard[topic].append(heard)

    def when_back(self, call: Callable[[], None]) -> None:
        """See Bus."""
        self._back.append(call)

    async def run(self) -> None:
        """Until it is cancelled; a connection that is lost is made anew."""
        is_first = True
        while True:
            try:
                await self._connect(is_first=is_first)
                is_first = False
            except Exception as error:  # noqa: BLE001 -- the edge: whatever happened to the connection, it is made anew
                log.warning("the bus is away", error=repr(error))
                is_first = False
            await asyncio.sleep(PAUSE)

    async def _connect(self, *, is_first: bool) -> None:
        async with self._engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            lost = asyncio.Event()
            raw.add_termination_listener(lambda _: lost.set())
            await raw.add_listener(CHANNEL, self._receive)
            if not is_first:
                for call in self._back:
                    call()
            sending = asyncio.create_task(self._send(raw))
            losing = asyncio.create_task(lost.wait())
            try:
                await asyncio.wait({sending, losing}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (sending, losing):
                    task.cancel()
                await asyncio.gather(sending, losing, return_exceptions=True)
                # The pool must not hand it to others with our listeners on it.
                await connection.invalidate()

    async def _send(self, raw: Any) -> None:
        while True:
            self._sending = self._sending or [await self._unsent.get()]
            # What one message causes is published within a moment: one transaction for all of it.
            while not self._unsent.empty():
                self._sending.append(self._unsent.get_nowait())
            await raw.execute("SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text", CHANNEL, self._sending)
            self._sending = []

    def _receive(self, _connection: object, _process: int, _channel: str, text: str) -> None:
        message = json.loads(text)
        if message["from"] == self._me:
            return
        for heard in self._heard[message["topic"]]:
            heard(message["payload"])

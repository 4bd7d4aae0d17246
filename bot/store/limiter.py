"""
The limiter for all processes that share a PostgreSQL database.

One statement for all hits of a request: it takes the row of each key, so what is counted by any process is counted
once. Who has been refused is remembered here until there is room again, so a flood does not reach the database.
"""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable

import structlog
from sqlalchemy import Connection, delete, func, select, text

from bot.limiter import CELLS, Hit, Limit, LocalLimiter, Refusal, UncountedError
from bot.loops import Loop
from bot.store.database import Database
from bot.store.tables import hits

COUNT = text(
    """
    INSERT INTO hits AS old (key, ends, counts, amount, seconds, at)
    SELECT new.key, ARRAY[ceil(clock.now / new.cell) * new.cell], ARRAY[new.price], new.amount, new.seconds, clock.now
    FROM (SELECT coalesce(CAST(:now AS float8), CAST(extract(epoch FROM clock_timestamp()) AS float8)) AS now) AS clock,
        (SELECT *, CAST(seconds AS float8) / :cells AS cell FROM unnest(
            CAST(:keys AS bytea[]), CAST(:prices AS int[]), CAST(:amounts AS int[]), CAST(:seconds AS int[])
        ) AS given(key, price, amount, seconds)) AS new
    ORDER BY new.key
    ON CONFLICT (key) DO UPDATE SET
        (ends, counts) = (
            SELECT array_agg(cell."end" ORDER BY cell."end"), array_agg(cell.count ORDER BY cell."end")
            FROM (
                SELECT each."end", CAST(sum(each.count) AS int) AS count
                FROM (
                    SELECT * FROM unnest(old.ends, old.counts) AS kept("end", count)
                    UNION ALL SELECT excluded.ends[1], excluded.counts[1]
                ) AS each
                WHERE each."end" > excluded.at - excluded.seconds AND each."end" <= excluded.ends[1]
                GROUP BY each."end"
            ) AS cell
        ),
        amount = excluded.amount,
        at = excluded.at
    WHERE excluded.counts[1] + (
        SELECT coalesce(sum(kept.count), 0) FROM unnest(old.ends, old.counts) AS kept("end", count)
        WHERE kept."end" > excluded.at - excluded.seconds AND kept."end" <= excluded.ends[1]
    ) <= excluded.amount
    RETURNING key
    """
)
NOW = text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)")
MOST_REFUSED = 10_000
"""Keys that are remembered as refused."""

log = structlog.get_logger(stop="limits")


class PgLimiter:
    """The port `bot.limiter.Limiter`."""

    def __init__(self, database: Database, key: bytes, clock: Callable[[], float] | None = None) -> None:
        """`key` makes the digests; `clock` in the place of the database's is for tests."""
        self._database = database
        self._key = key
        self._clock = clock
        self._local = LocalLimiter()
        self._refused: OrderedDict[bytes, tuple[float, int]] = OrderedDict()
        self._is_away = False

    async def hit(self, *hits: Hit) -> Refusal | None:
        """See the port."""
        refusal = self._local.count(*(hit for hit in hits if not hit.limit.is_shared))
        shared = [hit for hit in hits if hit.limit.is_shared]
        if refusal or not shared:
            return refusal
        try:
            refusal = await self._hit(shared)
        except Exception as error:  # noqa: BLE001 -- the edge: whatever the driver raises, somebody waits for an answer
            self._note_away(repr(error))
            return self._hit_alone(shared)
        self._note_back()
        return refusal

    async def clear(self, limit: Limit, key: str) -> None:
        """See the port."""
        digest = self._digest(Hit(limit, key))
        self._refused.pop(digest, None)
        await self._database.write(lambda connection: connection.execute(delete(hits).where(hits.c.key == digest)))

    async def _hit(self, shared: list[Hit]) -> Refusal | None:
        by_key = {self._digest(hit): hit for hit in shared}
        for key, hit in by_key.items():
            if wait := self._remembered(key, hit.price):
                return Refusal(hit.limit, wait)
        counted = await self._database.write(lambda connection: self._count(connection, by_key))
        for key, hit in by_key.items():
            if key not in counted:
                return await self._refuse(key, hit)
        return None

    async def _refuse(self, key: bytes, hit: Hit) -> Refusal:
        wait = await self._database.read(lambda connection: self._wait(connection, key, hit))
        self._remember(key, wait, hit.price)
        return Refusal(hit.limit, wait)

    def _hit_alone(self, shared: list[Hit]) -> Refusal | None:
        strict = next((hit.limit for hit in shared if hit.limit.is_strict), None)
        if strict:
            raise UncountedError(f"The limit {strict.name} cannot be looked at now. Try again in a minute.")
        return self._local.count(*shared)

    def _count(self, connection: Connection, by_key: dict[bytes, Hit]) -> set[bytes]:
        rows = connection.scalars(
            COUNT,
            {
                "now": self._clock() if self._clock else None,
                "cells": CELLS,
                "keys": list(by_key),
                "prices": [hit.price for hit in by_key.values()],
                "amounts": [hit.limit.amount for hit in by_key.values()],
                "seconds": [hit.limit.seconds for hit in by_key.values()],
            },
        )
        return {bytes(row) for row in rows}

    def _wait(self, connection: Connection, key: bytes, hit: Hit) -> float:
        now = self._clock() if self._clock else float(connection.scalar(NOW) or 0)
        row = connection.execute(select(hits.c.ends, hits.c.counts).where(hits.c.key == key)).first()
        cells = list(zip(row.ends, row.counts, strict=True)) if row else []
        # It can have become free since; then it is free in no time.
        return hit.wait(cells, now) or 0.001

    def _remembered(self, key: bytes, price: int) -> float:
        """Seconds that so much is still refused; less might be taken."""
        until, least = self._refused.get(key, (0.0, price))
        wait = until - self._monotonic() if price >= least else 0.0
        return max(wait, 0.0)

    def _remember(self, key: bytes, wait: float, price: int) -> None:
        self._refused[key] = (self._monotonic() + wait, price)
        self._refused.move_to_end(key)
        if len(self._refused) > MOST_REFUSED:
            self._refused.popitem(last=False)

    def _monotonic(self) -> float:
        return self._clock() if self._clock else time.monotonic()

    def _digest(self, hit: Hit) -> bytes:
        return hmac.digest(self._key, hit.name.encode(), hashlib.sha256)[:16]

    def _note_away(self, error: str) -> None:
        if not self._is_away:
            self._is_away = True
            log.warning("limits are counted in this process alone, strict ones refuse", error=error)

    def _note_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("limits are counted for all processes again")


class HitsCleaning(Loop):
    """Removes what no window reaches any more."""

    PAUSE = 60.0

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def do_due(self) -> None:
        """See Loop."""
        now = func.extract("epoch", func.clock_timestamp())
        old = hits.c.at + hits.c.seconds * (1 + 1 / CELLS) < now
        await self._database.write(lambda connection: connection.execute(delete(hits).where(old)))

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return self.PAUSE

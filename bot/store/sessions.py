"""Who is signed in, and wrong passwords in a row: model ↔ rows."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.staff.model import LOCK, MOST_TRIES, Session
from bot.store.database import Database
from bot.store.staff import agent_of
from bot.store.tables import agents, sessions, sign_in_tries

MEMORY = timedelta(days=1)
"""So long tries are in a row."""


class SqlSessions:
    """The port `bot.staff.ports.SessionStore` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, agent_id: int, digest: str, csrf: str, until: datetime) -> None:
        """See the port."""
        now = self._clock()
        row = {
            "digest": digest,
            "agent_id": agent_id,
            "csrf": csrf,
            "created_at": now,
            "seen_at": now,
            "until": until,
        }

        def unit(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.until <= now))
            connection.execute(insert(sessions), row)

        await self._database.write(unit)

    async def find(self, digest: str, seen_since: datetime) -> Session | None:
        """See the port."""
        query = (
            select(agents, sessions.c.digest, sessions.c.csrf, sessions.c.until, sessions.c.seen_at.label("used_at"))
            .join_from(sessions, agents, sessions.c.agent_id == agents.c.id)
            .where(
                sessions.c.digest == digest,
                sessions.c.until > self._clock(),
                sessions.c.seen_at > seen_since,
                agents.c.active,
            )
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return Session(row.digest, row.csrf, agent_of(row), row.used_at, row.until) if row else None

    async def touch(self, digest: str) -> None:
        """See the port."""
        change = update(sessions).where(sessions.c.digest == digest).values(seen_at=self._clock())
        await self._database.write(lambda connection: connection.execute(change))

    async def end(self, digest: str) -> None:
        """See the port."""
        gone = delete(sessions).where(sessions.c.digest == digest)
        await self._database.write(lambda connection: connection.execute(gone))

    async def end_all(self, agent_id: int) -> None:
        """See the port."""
        gone = delete(sessions).where(sessions.c.agent_id == agent_id)
        await self._database.write(lambda connection: connection.execute(gone))


class SqlTries:
    """The port `bot.staff.ports.Tries` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, login: str) -> datetime | None:
        """See the port."""
        digest = _digest(login)
        try:
            return await self._database.write(lambda connection: self._begin(connection, digest))
        except IntegrityError:
            # Another process saw the first try at this login in this very moment.
            return await self._database.write(lambda connection: self._begin(connection, digest))

    def _begin(self, connection: Connection, digest: str) -> datetime | None:
        now = self._clock()
        # Locked, so that tries at the same moment are counted one after the other.
        known = connection.execute(
            select(sign_in_tries).where(sign_in_tries.c.digest == digest).with_for_update()
        ).one_or_none()
        if known is None:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.tried_at < now - MEMORY))
            connection.execute(insert(sign_in_tries), {"digest": digest, "number": 1, "tried_at": now})
            return None
        if known.locked_until and known.locked_until > now:
            until: datetime = known.locked_until
            return until
        number = 1 if known.locked_until or known.tried_at < now - MEMORY else known.number + 1
        locked_until = now + LOCK if number >= MOST_TRIES else None
        change = update(sign_in_tries).where(sign_in_tries.c.digest == digest)
        connection.execute(change.values(number=number, locked_until=locked_until, tried_at=now))
        return None

    async def forgive(self, login: str) -> None:
        """See the port."""
        gone = delete(sign_in_tries).where(sign_in_tries.c.digest == _digest(login))
        await self._database.write(lambda connection: connection.execute(gone))


def _digest(login: str) -> str:
    # Not the login as it was typed: people type passwords into the wrong field.
    return hashlib.sha256(login.lower().encode()).hexdigest()

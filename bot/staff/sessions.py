"""Who is signed in: a random cookie, of which only a digest is stored."""

import hashlib
import secrets
from datetime import timedelta

from bot.clock import Clock
from bot.staff.model import Session
from bot.staff.ports import SessionStore

BITS = 256
TOUCH_AFTER = timedelta(minutes=1)
"""So that not every request writes."""


class Sessions:
    """Begin, find and end them."""

    def __init__(self, store: SessionStore, lifetime: timedelta, idle: timedelta, clock: Clock) -> None:
        """A session ends after `lifetime`, and after `idle` without a request."""
        self._store = store
        self._lifetime = lifetime
        self._idle = idle
        self._clock = clock

    async def begin(self, agent_id: int) -> str:
        """Sign in; returns the cookie, which is new each time."""
        cookie = secrets.token_urlsafe(BITS // 8)
        csrf = secrets.token_urlsafe(BITS // 8)
        await self._store.begin(agent_id, digest_of(cookie), csrf, self._clock() + self._lifetime)
        return cookie

    async def find(self, cookie: str, *, use: bool = True) -> Session | None:
        """The session of a cookie, which counts as a use of it unless one says so; None when it is over."""
        now = self._clock()
        session = await self._store.find(digest_of(cookie), now - self._idle)
        if use and session is not None and now - session.seen_at >= TOUCH_AFTER:
            await self._store.touch(session.digest)
        return session

    async def end(self, cookie: str) -> None:
        """Sign out."""
        await self._store.end(digest_of(cookie))

    async def end_all(self, agent_id: int) -> None:
        """Sign out everywhere."""
        await self._store.end_all(agent_id)


def digest_of(cookie: str) -> str:
    """SHA-256: the cookie is random, so nothing slower is needed."""
    return hashlib.sha256(cookie.encode(errors="surrogateescape")).hexdigest()

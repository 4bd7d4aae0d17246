"""One-time codes, as digests: model ↔ rows."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from bot.clock import Clock
from bot.conversations.model import Message
from bot.identity.codes import MOST_TRIES
from bot.identity.model import Asked, Issue
from bot.identity.ports import Outcome
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.due import is_due
from bot.store.mails import post
from bot.store.proofs import prove
from bot.store.tables import codes
from bot.tracing import traceparent

BATCH = 20
NOBODYS = "0" * 64
"""Compared with where there is no code, so that it takes as long."""
UNDECIDED = codes.c.next_try_at.is_not(None)


class SqlCodes:
    """The port `bot.identity.ports.CodeStore` on SQLAlchemy."""

    def __init__(self, database: Database, conversations: SqlConversations, clock: Clock) -> None:
        self._database = database
        self._conversations = conversations
        self._clock = clock

    async def ask(self, conversation: str, mailbox: str, most: int, since: datetime) -> bool:
        """See the port."""
        now = self._clock()
        row = {
            "conversation_id": conversation,
            "mailbox": mailbox,
            "asked_at": now,
            "next_try_at": now,
            "traceparent": traceparent(),
        }

        def unit(connection: Connection) -> bool:
            counts = [_count(connection, whose, since) for whose in _whose(conversation, mailbox)]
            if max(counts) >= most:
                return False
            connection.execute(insert(codes), row)
            return True

        return await self._database.write(unit)

    async def asked(self, *, ready_at: datetime) -> Sequence[Asked]:
        """See the port."""
        query = select(codes).where(UNDECIDED, is_due(codes.c.next_try_at, ready_at)).order_by(codes.c.id).limit(BATCH)
        return await self._database.read(
            lambda connection: [
                Asked(row.id, row.conversation_id, row.mailbox, row.asked_at, row.traceparent)
                for row in connection.execute(query)
            ]
        )

    async def seconds_to_next(self) -> float | None:
        """See the port."""
        query = select(func.min(codes.c.next_try_at)).where(UNDECIDED)
        earliest = await self._database.read(lambda connection: connection.scalar(query))
        return max(0.0, (earliest - self._clock()).total_seconds()) if earliest else None

    async def put_off(self, asked: Asked, until: datetime, news: str) -> Message | None:
        """See the port."""
        this = update(codes).where(codes.c.id == asked.id, UNDECIDED)
        first = this.where(codes.c.next_try_at == codes.c.asked_at)

        def unit(connection: Connection) -> Message | None:
            if connection.execute(first.values(next_try_at=until)).rowcount:
                return self._conversations.say(connection, asked.conversation, news)
            connection.execute(this.values(next_try_at=until))
            return None

        return await self._database.write(unit)

    async def drop(self, asked: Asked, reason: str) -> None:
        """See the port."""
        change = update(codes).where(codes.c.id == asked.id).values(next_try_at=None, dropped=reason)
        await self._database.write(lambda connection: connection.execute(change))

    async def issue(self, issue: Issue, most: int, since: datetime) -> bool:
        """See the port."""
        return await self._database.write(lambda connection: self._issue(connection, issue, most, since))

    def _issue(self, connection: Connection, issue: Issue, most: int, since: datetime) -> bool:
        asked = issue.asked
        this = update(codes).where(codes.c.id == asked.id, UNDECIDED)
        for whose in _whose(asked.conversation, asked.mailbox):
            # They were counted when they were asked for, but two processes may have done so at once.
            if _count(connection, and_(whose, codes.c.digest.is_not(None)), since) >= most:
                connection.execute(this.values(next_try_at=None, dropped="too many within an hour"))
                return False
        if connection.execute(this.values(next_try_at=None, digest=issue.digest)).rowcount:
            post(connection, issue.letter, self._clock)
        return True

    async def check(
        self, conversation: str, mailbox: str, digest: str, *, not_before: datetime, proven_until: datetime
    ) -> Outcome:
        """See the port."""

        def unit(connection: Connection) -> Outcome:
            outcome = _check(connection, conversation, mailbox, digest, not_before)
            if outcome is Outcome.RIGHT:
                prove(connection, conversation, [mailbox], proven_until)
            return outcome

        return await self._database.write(unit)


def _check(connection: Connection, conversation: str, mailbox: str, digest: str, not_before: datetime) -> Outcome:
    last = (
        select(codes)
        .where(codes.c.conversation_id == conversation, codes.c.mailbox == mailbox)
        .order_by(codes.c.id.desc())
        .limit(1)
        .with_for_update()  # tries at the same moment are counted one after the other
    )
    row = connection.execute(last).first()
    if row is None or row.asked_at < not_before or row.used:
        return Outcome.EXPIRED
    if row.tries >= MOST_TRIES:
        return Outcome.EXHAUSTED
    right = hmac.compare_digest(digest, row.digest or NOBODYS)
    connection.execute(update(codes).where(codes.c.id == row.id).values(tries=row.tries + 1, used=right))
    return Outcome.RIGHT if right else Outcome.WRONG


def _whose(conversation: str, mailbox: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return codes.c.mailbox == mailbox, codes.c.conversation_id == conversation


def _count(connection: Connection, whose: ColumnElement[bool], since: datetime) -> int:
    return int(connection.scalar(select(func.count()).where(whose, codes.c.asked_at > since)) or 0)

"""What could not be brought to where it belongs: rows of four tables → dead letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, literal, select, true, update

from bot.clock import Clock
from bot.conversations.model import Status
from bot.insight.dead_letters import DeadLetter, Kind
from bot.store.database import Database
from bot.store.tables import events, mails, messages, outbox, tickets

LONGEST = 200
"""Characters of a message that are shown."""


@dataclass(frozen=True)
class _Queue:
    """A table of what is on its way."""

    table: Table
    key: ColumnElement[Any]
    what: ColumnElement[Any]
    at: ColumnElement[Any]
    conversation: ColumnElement[Any]


def _text_of_message(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(column).where(messages.c.id == outbox.c.message_id).scalar_subquery()


QUEUES: Mapping[Kind, _Queue] = {
    Kind.MESSAGES: _Queue(
        outbox,
        outbox.c.message_id,
        _text_of_message(func.substr(messages.c.text, 1, LONGEST)),
        _text_of_message(messages.c.created_at),
        outbox.c.conversation_id,
    ),
    Kind.TICKETS: _Queue(tickets, tickets.c.number, tickets.c.number, tickets.c.opened_at, tickets.c.conversation_id),
    Kind.MAILS: _Queue(
        mails, mails.c.id, mails.c.subject + literal(" → ") + mails.c.recipient, mails.c.next_try_at, literal(None)
    ),
    Kind.EVENTS: _Queue(events, events.c.id, events.c.type, events.c.created_at, events.c.conversation_id),
}


class SqlDeadLetters:
    """The port `bot.insight.dead_letters.DeadLetters` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def newest(self, kind: Kind, most: int) -> Sequence[DeadLetter]:
        """See the port."""
        queue = QUEUES[kind]
        query = (
            select(
                queue.key.label("key"),
                queue.what.label("what"),
                queue.table.c.last_error,
                queue.at.label("at"),
                queue.table.c.attempts,
                queue.conversation.label("conversation"),
                self._wanted(kind).label("wanted"),
            )
            .where(queue.table.c.status == Status.DEAD)
            .order_by(queue.at.desc(), queue.key.desc())
            .limit(most)
        )
        return await self._database.report(lambda connection: [_letter(row) for row in connection.execute(query)])

    async def revive(self, kind: Kind, letter: str) -> bool:
        """See the port."""
        queue = QUEUES[kind]
        if kind is not Kind.TICKETS and not (letter.isascii() and letter.isdecimal() and len(letter) < 10):
            return False
        key = letter if kind is Kind.TICKETS else int(letter)
        change = (
            update(queue.table)
            .where(queue.key == key, queue.table.c.status == Status.DEAD, self._wanted(kind))
            .values(status=Status.QUEUED, attempts=0, next_try_at=self._clock())
        )
        return await self._database.write(lambda connection: connection.execute(change).rowcount == 1)

    def _wanted(self, kind: Kind) -> ColumnElement[bool]:
        if kind is Kind.MAILS:
            return and_(mails.c.until > self._clock(), mails.c.sealed != "")
        return true()


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        id=str(row.key),
        what=row.what,
        error=row.last_error,
        at=row.at,
        attempts=row.attempts,
        conversation=row.conversation,
        can_retry=bool(row.wanted),
    )

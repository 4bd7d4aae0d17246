"""The outbox of mails: model ↔ rows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from bot.clock import Clock
from bot.conversations.model import Status
from bot.mail.model import Due, Letter
from bot.store.database import Database
from bot.store.due import is_due
from bot.store.tables import mails
from bot.tracing import traceparent

BATCH = 20
QUEUED = mails.c.status == Status.QUEUED


class SqlMails:
    """The port `bot.mail.ports.Mails` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def due(self) -> Sequence[Due]:
        """See the port."""
        query = (
            select(mails).where(QUEUED, is_due(mails.c.next_try_at, self._clock())).order_by(mails.c.id).limit(BATCH)
        )
        return await self._database.read(
            lambda connection: [
                Due(row.id, Letter(row.recipient, row.subject, row.sealed, row.until), row.attempts, row.traceparent)
                for row in connection.execute(query)
            ]
        )

    async def seconds_to_next(self) -> float | None:
        """See the port."""
        query = select(func.min(mails.c.next_try_at)).where(QUEUED)
        earliest = await self._database.read(lambda connection: connection.scalar(query))
        return max(0.0, (earliest - self._clock()).total_seconds()) if earliest else None

    async def sent(self, due: Due) -> None:
        """See the port."""
        await self._update(due, status=Status.SENT, sealed="")

    async def failed(self, due: Due, error: str, retry_in: float | None) -> None:
        """See the port."""
        values: dict[str, Any] = {"attempts": due.attempts + 1, "last_error": error}
        if retry_in is None:
            values |= {"status": Status.DEAD}
        else:
            values["next_try_at"] = self._clock() + timedelta(seconds=retry_in)
        await self._update(due, **values)

    async def _update(self, due: Due, **values: Any) -> None:
        change = update(mails).where(mails.c.id == due.id).values(**values)
        # A dead letter may be tried again, but not when nobody wants it any more.
        forgotten = update(mails).where(mails.c.status == Status.DEAD, mails.c.until <= self._clock()).values(sealed="")

        def unit(connection: Connection) -> None:
            connection.execute(change)
            connection.execute(forgotten.where(mails.c.sealed != ""))

        await self._database.write(unit)


def post(connection: Connection, letter: Letter, clock: Clock) -> None:
    """Queue a letter, within a transaction of another room."""
    row = {
        "recipient": letter.to,
        "subject": letter.subject,
        "sealed": letter.sealed,
        "until": letter.until,
        "status": Status.QUEUED,
        "next_try_at": clock(),
        "traceparent": traceparent(),
    }
    connection.execute(insert(mails), row)

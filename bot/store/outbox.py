"""The outbox: model ↔ rows."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, true, update

from bot.clock import Clock
from bot.conversations.model import Asked, Author, Choice, Delivery, Message, Status
from bot.store.database import Database
from bot.store.tables import conversations, messages, outbox

BATCH = 100
QUEUED = outbox.c.status == Status.QUEUED
# Only the head of each conversation's queue: what was said first arrives first.
_heads = select(func.min(outbox.c.message_id)).where(QUEUED).group_by(outbox.c.conversation_id)
_asked = messages.alias()
_said_before = (
    select(_asked.c.id)
    .where(
        _asked.c.conversation_id == messages.c.conversation_id,
        _asked.c.author == Author.CUSTOMER,
        _asked.c.seq < messages.c.seq,
    )
    .order_by(_asked.c.seq.desc())
    .limit(1)
    .correlate(messages)
    .scalar_subquery()
)
_question = messages.alias()
_due = (
    select(
        outbox.c.conversation_id,
        outbox.c.message_id,
        conversations.c.channel,
        conversations.c.address,
        outbox.c.attempts,
        outbox.c.parts_sent,
        outbox.c.hands_over,
        outbox.c.traceparent,
        messages.c.seq,
        messages.c.author,
        messages.c.text,
        messages.c.buttons,
        messages.c.created_at,
        _question.c.channel_message_id.label("asked_id"),
        _question.c.text.label("asked"),
        _question.c.created_at.label("asked_at"),
    )
    .join(messages, messages.c.id == outbox.c.message_id)
    .join(conversations, conversations.c.id == outbox.c.conversation_id)
    # What an agent says answers nothing by name: then it is the customer's last message before it.
    .outerjoin(_question, _question.c.id == func.coalesce(messages.c.answers, _said_before))
    .where(outbox.c.message_id.in_(_heads))
    .order_by(outbox.c.message_id)
    .limit(BATCH)
)


class SqlOutbox:
    """The port `bot.conversations.ports.Outbox` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock, channels: Collection[str] | None = None) -> None:
        """`channels`: whose messages are asked for, as those of a channel that is not set up (any more) wait."""
        self._database = database
        self._clock = clock
        self._ours = true() if channels is None else conversations.c.channel.in_(channels)

    async def due(self) -> Sequence[Delivery]:
        """What may be sent now: of each conversation the oldest message that is not sent."""
        # What was never tried is due, whatever the clock said when it was written.
        query = _due.where(or_(outbox.c.next_try_at <= self._clock(), outbox.c.attempts == 0), self._ours)
        return await self._database.look_up(lambda connection: _deliveries(connection, query))

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""
        waiting = select(func.min(outbox.c.next_try_at)).join(conversations)
        query = waiting.where(outbox.c.message_id.in_(_heads), self._ours)
        earliest = await self._database.look_up(lambda connection: connection.scalar(query))
        return max(0.0, (earliest - self._clock()).total_seconds()) if earliest else None

    async def sent(self, delivery: Delivery) -> None:
        """The channel has taken it."""
        await self._update(delivery, status=Status.SENT, sent_at=self._clock())

    async def failed(self, delivery: Delivery, error: str, retry_in: float | None, parts_sent: int = 0) -> None:
        """See the port."""
        fate = (
            {"status": Status.DEAD}
            if retry_in is None
            else {"next_try_at": self._clock() + timedelta(seconds=retry_in)}
        )
        values = {"attempts": delivery.attempts + 1, "last_error": error, "parts_sent": parts_sent}
        await self._update(delivery, **values, **fate)

    async def _update(self, delivery: Delivery, **values: object) -> None:
        query = update(outbox).where(outbox.c.message_id == delivery.message_id).values(**values)
        await self._database.write(lambda connection: connection.execute(query))


def _deliveries(connection: Connection, query: Select[Any]) -> Sequence[Delivery]:
    return [
        Delivery(
            conversation=row.conversation_id,
            message_id=row.message_id,
            channel=row.channel,
            address=row.address,
            message=Message(
                seq=row.seq,
                id=str(row.message_id),
                author=Author(row.author),
                text=row.text,
                buttons=tuple(Choice(**button) for button in row.buttons or ()),
                at=row.created_at,
                asked=Asked(row.asked_id, row.asked, row.asked_at) if row.asked_id else None,
            ),
            attempts=row.attempts,
            parts_sent=row.parts_sent,
            hands_over=row.hands_over,
            traceparent=row.traceparent,
        )
        for row in connection.execute(query)
    ]

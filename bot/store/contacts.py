"""Whether customers of channels can be reached, and when they last were: model ↔ rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from bot.clock import Clock
from bot.conversations.errors import UNTIL_THEY_WRITE
from bot.conversations.model import Author, Status
from bot.store.database import Database
from bot.store.tables import conversations, messages, outbox


@dataclass(frozen=True)
class Traffic:
    """What a channel's conversations show of it."""

    last_in: datetime | None
    """When a customer last wrote."""
    last_out: datetime | None
    """When a message of ours was last brought to the vendor."""
    waiting: int
    """Messages of ours on their way."""
    dead: int
    """Messages that did not arrive and are not tried any more."""
    unreachable: int
    """Customers that nothing reaches."""


class SqlContacts:
    """The port `bot.conversations.ports.Contacts` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def gone(self, channel: str, address: str, reason: str) -> None:
        """See the port."""

        def unit(connection: Connection) -> None:
            key = (conversations.c.channel == channel, conversations.c.address == address)
            connection.execute(update(conversations).where(*key).values(unreachable=reason))
            theirs = select(conversations.c.id).where(*key)
            waiting = (outbox.c.status == Status.QUEUED, outbox.c.conversation_id.in_(theirs))
            connection.execute(update(outbox).where(*waiting).values(status=Status.DEAD, last_error=reason))

        await self._database.write(unit)

    async def back(self, channel: str, address: str) -> None:
        """See the port."""
        theirs = (conversations.c.channel == channel, conversations.c.address == address)
        late = self._clock() + timedelta(seconds=UNTIL_THEY_WRITE / 2)
        held = (outbox.c.status == Status.QUEUED, outbox.c.next_try_at > late)
        # Read first, because nearly always there is nothing to write.
        waits = select(outbox.c.message_id).where(outbox.c.conversation_id == conversations.c.id, *held).exists()
        query = select(conversations.c.id).where(*theirs, or_(conversations.c.unreachable.is_not(None), waits))
        conversation = await self._database.read(lambda connection: connection.scalar(query))
        if conversation is None:
            return

        def unit(connection: Connection) -> None:
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(unreachable=None))
            queued = update(outbox).where(outbox.c.conversation_id == conversation, *held)
            connection.execute(queued.values(next_try_at=self._clock()))

        await self._database.write(unit)

    async def failed(self, channel: str, address: str, message: int, reason: str) -> None:
        """See the port; a message of another conversation is left alone, whatever the vendor gave back."""
        theirs = select(conversations.c.id).where(
            conversations.c.channel == channel, conversations.c.address == address
        )
        query = (
            update(outbox)
            .where(outbox.c.message_id == message, outbox.c.conversation_id.in_(theirs))
            .values(status=Status.DEAD, last_error=reason)
        )
        await self._database.write(lambda connection: connection.execute(query))

    async def traffic(self) -> Mapping[str, Traffic]:
        """By channel."""
        return await self._database.report(_traffic)


def _traffic(connection: Connection) -> Mapping[str, Traffic]:
    by = conversations.c.channel
    ins = select(by, func.max(messages.c.created_at)).join(messages).where(messages.c.author == Author.CUSTOMER)
    last_in = _pairs(connection, ins.group_by(by))
    sent = select(by, func.max(outbox.c.sent_at)).join(outbox, outbox.c.conversation_id == conversations.c.id)
    last_out = _pairs(connection, sent.group_by(by))
    counts = select(by, func.count()).join(outbox, outbox.c.conversation_id == conversations.c.id).group_by(by)
    waiting = _pairs(connection, counts.where(outbox.c.status == Status.QUEUED))
    dead = _pairs(connection, counts.where(outbox.c.status == Status.DEAD))
    gone = select(by, func.count()).where(conversations.c.unreachable.is_not(None)).group_by(by)
    unreachable = _pairs(connection, gone)
    names = {*last_in, *last_out, *waiting, *dead, *unreachable}
    return {
        name: Traffic(
            last_in.get(name),
            last_out.get(name),
            waiting.get(name, 0),
            dead.get(name, 0),
            unreachable.get(name, 0),
        )
        for name in names
    }


def _pairs(connection: Connection, query: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in connection.execute(query)}

"""What customers attached: model ↔ rows."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Update, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.files import Attachment, Expected, File, FileState
from bot.conversations.model import Message
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.tables import attachments, conversations, messages

BATCH = 4
"""Files that are in memory at once."""
LONGEST_NAME = 255
AT_ONCE = 500
"""Messages that are asked about in one query; databases take so many values, and not many more."""
WAITING = attachments.c.state == FileState.WAITING
_shown = select(
    attachments.c.id,
    attachments.c.message_id,
    attachments.c.name,
    attachments.c.type,
    attachments.c.size,
    attachments.c.state,
    attachments.c.reason,
).order_by(attachments.c.id)
_due = (
    select(
        attachments.c.id,
        attachments.c.name,
        attachments.c.type,
        attachments.c.size,
        attachments.c.reference,
        attachments.c.attempts,
        messages.c.conversation_id,
        messages.c.seq,
        conversations.c.channel,
    )
    .join(messages, messages.c.id == attachments.c.message_id)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .where(WAITING)
    .order_by(attachments.c.next_try_at, attachments.c.id)
    .limit(BATCH)
)


class SqlAttachments:
    """The port `bot.conversations.ports.AttachmentStore` on SQLAlchemy."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        transcripts: SqlConversations,
        channels: Collection[str] | None = None,
    ) -> None:
        """`channels`: whose files are fetched, as those of a channel that is not set up (any more) wait."""
        self._database = database
        self._clock = clock
        self._transcripts = transcripts
        self._ours = true() if channels is None else conversations.c.channel.in_(channels)

    async def expect(self, message: int, channel: str, files: Sequence[File]) -> None:  # noqa: ARG002 -- the message's
        """See the port."""

        def unit(connection: Connection) -> None:
            known = set(connection.scalars(select(attachments.c.key).where(attachments.c.message_id == message)).all())
            for file in files:
                if (key := _key(file)) not in known:
                    known.add(key)
                    connection.execute(insert(attachments), self._row(message, key, file))

        try:
            await self._database.write(unit)
        except IntegrityError:
            # Another process was told of the same in this very moment.
            await self._database.write(unit)

    def _row(self, message: int, key: str, file: File) -> dict[str, Any]:
        return {
            "message_id": message,
            "key": key,
            "name": _printable(file.name)[:LONGEST_NAME] or "-",
            "type": _printable(file.type)[:LONGEST_NAME],
            "size": file.size,
            "reference": file.reference,
            "state": FileState.WAITING,
            "next_try_at": self._clock(),
        }

    async def due(self) -> Sequence[Expected]:
        """See the port."""
        # What was never tried is due, whatever the clock said when it was written.
        due = or_(attachments.c.next_try_at <= self._clock(), attachments.c.attempts == 0)
        query = _due.where(due, self._ours)
        return await self._database.read(
            lambda connection: [
                Expected(
                    id=row.id,
                    conversation=row.conversation_id,
                    seq=row.seq,
                    channel=row.channel,
                    file=File(row.name, row.type, row.size, row.reference),
                    attempts=row.attempts,
                )
                for row in connection.execute(query)
            ]
        )

    async def seconds_to_next(self) -> float | None:
        """See the port."""
        waiting = (
            select(func.min(attachments.c.next_try_at)).select_from(attachments).join(messages).join(conversations)
        )
        query = waiting.where(WAITING, self._ours)
        earliest = await self._database.read(lambda connection: connection.scalar(query))
        return max(0.0, (earliest - self._clock()).total_seconds()) if earliest else None

    async def kept(self, expected: Expected, type: str, content: bytes) -> None:
        """See the port."""
        values = {"state": FileState.KEPT, "type": type, "size": len(content), "content": content, "reason": None}
        await self._update(expected, next_try_at=None, **values)

    async def refused(self, expected: Expected, state: FileState, reason: str, words: str) -> Message | None:
        """See the port."""
        change = _change(expected, state=state, reason=reason, next_try_at=None)

        def unit(connection: Connection) -> Message | None:
            if not connection.execute(change).rowcount:
                return None
            return self._transcripts.say(connection, expected.conversation, words)

        return await self._database.write(unit)

    async def failed(self, expected: Expected, error: str, retry_in: float) -> None:
        """See the port."""
        again = self._clock() + timedelta(seconds=retry_in)
        await self._update(expected, attempts=expected.attempts + 1, reason=error, next_try_at=again)

    async def find(self, conversation: str, id: int) -> tuple[Attachment, bytes] | None:
        """See the port."""
        query = (
            _shown.add_columns(attachments.c.content)
            .join(messages, messages.c.id == attachments.c.message_id)
            .where(attachments.c.id == id, attachments.c.state == FileState.KEPT)
            .where(messages.c.conversation_id == conversation)
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return (_attachment(row), row.content) if row else None

    async def _update(self, expected: Expected, **values: Any) -> None:
        query = _change(expected, **values)
        await self._database.write(lambda connection: connection.execute(query))


def _change(expected: Expected, **values: Any) -> Update:
    # What another process has dealt with meanwhile is left as it is.
    return update(attachments).where(attachments.c.id == expected.id, WAITING).values(**values)


def attachments_of(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[Attachment]]:
    """By message."""
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    for start in range(0, len(ids), AT_ONCE):
        for row in connection.execute(_shown.where(attachments.c.message_id.in_(ids[start : start + AT_ONCE]))):
            found[row.message_id].append(_attachment(row))
    return found


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(row.id, row.name, row.type, row.size, FileState(row.state), row.reason)


def _key(file: File) -> str:
    return hashlib.sha256(file.reference.encode()).hexdigest()


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())

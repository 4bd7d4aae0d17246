"""Conversations as the desk sees them: with what the bot understood, how messages fared, and notes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from bot.clock import Clock
from bot.conversations.files import Attachment
from bot.conversations.model import Author, Decision, Status
from bot.handoff.errors import UnknownConversationError
from bot.handoff.model import DeliveryState, Note, Person, TranscriptLine
from bot.store.attachments import attachments_of
from bot.store.database import Database
from bot.store.messages import TRANSCRIPT, insert_row, message_of
from bot.store.tables import agents, conversations, messages, notes, outbox, ratings

FATES = {
    Status.QUEUED: DeliveryState.QUEUED,
    Status.SENT: DeliveryState.SENT,
    Status.DEAD: DeliveryState.FAILED,
}
_lines = (
    TRANSCRIPT.add_columns(
        messages.c.agent_id,
        messages.c.decision,
        messages.c.confidence,
        outbox.c.status,
        outbox.c.last_error,
        ratings.c.stars,
        conversations.c.delivered_seq,
        conversations.c.read_seq,
    )
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .outerjoin(outbox, outbox.c.message_id == messages.c.id)
    .outerjoin(ratings, ratings.c.message_id == messages.c.id)
)
_notes = (
    select(notes.c.id, notes.c.agent_id, agents.c.name, notes.c.text, notes.c.created_at)
    .join(agents, agents.c.id == notes.c.agent_id)
    .order_by(notes.c.id)
)


class SqlTranscripts:
    """The port `bot.handoff.ports.Transcripts` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def last(self, conversation: str, most: int, before: int | None = None) -> Sequence[TranscriptLine]:
        """See the port."""
        query = _lines.where(messages.c.conversation_id == conversation)
        if before is not None:
            query = query.where(messages.c.seq < before)
        newest = query.order_by(None).order_by(messages.c.seq.desc()).limit(most)
        return list(reversed(await self._read(newest)))

    async def lines(self, conversation: str, seqs: Sequence[int]) -> Sequence[TranscriptLine]:
        """See the port."""
        return await self._read(_lines.where(messages.c.conversation_id == conversation, messages.c.seq.in_(seqs)))

    async def _read(self, query: Select[Any]) -> Sequence[TranscriptLine]:
        def unit(connection: Connection) -> Sequence[TranscriptLine]:
            rows = connection.execute(query).all()
            files = attachments_of(connection, [row.id for row in rows if row.author == Author.CUSTOMER])
            return [_line(row, files.get(row.id, ())) for row in rows]

        return await self._database.read(unit)

    async def retry(self, conversation: str, seq: int) -> bool:
        """See the port."""
        message = select(messages.c.id).where(messages.c.conversation_id == conversation, messages.c.seq == seq)
        query = (
            update(outbox)
            .where(outbox.c.message_id == message.scalar_subquery(), outbox.c.status == Status.DEAD)
            .values(status=Status.QUEUED, attempts=0, next_try_at=self._clock())
        )
        return bool(await self._database.write(lambda connection: connection.execute(query).rowcount))

    async def note(self, conversation: str, person: Person, text: str) -> Note:
        """See the port."""

        def unit(connection: Connection) -> Note:
            if connection.scalar(select(conversations.c.id).where(conversations.c.id == conversation)) is None:
                raise UnknownConversationError(conversation)
            now = self._clock()
            row = {"conversation_id": conversation, "agent_id": person.id, "text": text, "created_at": now}
            return Note(insert_row(connection, notes, row), person, text, now)

        return await self._database.write(unit)

    async def notes(self, conversation: str) -> Sequence[Note]:
        """See the port."""
        query = _notes.where(notes.c.conversation_id == conversation)
        return await self._database.read(
            lambda connection: [
                Note(row.id, Person(row.agent_id, row.name), row.text, row.created_at)
                for row in connection.execute(query)
            ]
        )


def _line(row: Row[Any], files: Sequence[Attachment]) -> TranscriptLine:
    is_customers = row.author == Author.CUSTOMER
    return TranscriptLine(
        message=message_of(row),
        agent=Person(row.agent_id, row.agent) if row.agent_id else None,
        decision=Decision(row.decision) if row.decision else None,
        labels=tuple(row.labels or ()) if is_customers else (),
        confidence=row.confidence,
        delivery=None if is_customers else _delivery(row),
        error=row.last_error if row.status == Status.DEAD else None,
        rating=row.stars,
        attachments=tuple(files),
    )


def _delivery(row: Row[Any]) -> DeliveryState:
    if row.seq <= row.read_seq:
        return DeliveryState.READ
    if row.seq <= row.delivered_seq:
        return DeliveryState.DELIVERED
    return FATES[Status(row.status)] if row.status else DeliveryState.SENT

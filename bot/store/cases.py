"""Conversations as the desk's lists show them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, func, select

from bot.clock import Clock
from bot.conversations.model import Author, Holder, Reason
from bot.handoff.errors import UnknownConversationError
from bot.handoff.model import Case, LastMessage, Person
from bot.store.database import Database
from bot.store.holding import OPEN
from bot.store.tables import agents, conversations, handoffs, messages, proofs

_answers = messages.alias()
_asks = messages.alias()
_last_answer = (
    select(func.coalesce(func.max(_answers.c.seq), 0))
    .where(_answers.c.conversation_id == conversations.c.id, _answers.c.author.in_([Author.BOT, Author.AGENT]))
    .scalar_subquery()
)
_unanswered = and_(
    _asks.c.conversation_id == conversations.c.id, _asks.c.author == Author.CUSTOMER, _asks.c.seq > _last_answer
)
_unread = select(func.count()).select_from(_asks).where(_unanswered).correlate(conversations).scalar_subquery()
_waiting_since = select(func.min(_asks.c.created_at)).where(_unanswered).correlate(conversations).scalar_subquery()

_asked_last = (
    select(func.max(_asks.c.seq))
    .where(_asks.c.conversation_id == conversations.c.id, _asks.c.author == Author.CUSTOMER)
    .correlate(conversations)
    .scalar_subquery()
)
# Who waits is known by what they want, not by what the bot said to it.
_shown_last = case((conversations.c.holder == Holder.QUEUED, _asked_last), else_=conversations.c.last_seq)


class SqlCases:
    """The port `bot.handoff.ports.Cases` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def case(self, conversation: str) -> Case:
        """See the port."""
        found = await self._read(self._cases().where(conversations.c.id == conversation))
        if not found:
            raise UnknownConversationError(conversation)
        return found[0]

    async def waiting(self) -> Sequence[Case]:
        """See the port."""
        queue = self._cases().where(conversations.c.holder == Holder.QUEUED)
        return await self._read(queue.order_by(handoffs.c.queued_at, handoffs.c.id))

    async def held_by(self, person: int) -> Sequence[Case]:
        """See the port."""
        return await self._read(self._cases().where(handoffs.c.agent_id == person).order_by(handoffs.c.id))

    async def active(self, since: datetime, most: int) -> Sequence[Case]:
        """See the port."""
        query = self._cases().where(
            conversations.c.updated_at >= since, conversations.c.last_seq > 0, conversations.c.holder != Holder.CLOSED
        )
        return await self._read(query.order_by(conversations.c.updated_at.desc()).limit(most))

    def _cases(self) -> Select[Any]:
        customer = (
            select(func.min(proofs.c.mailbox))
            .where(proofs.c.conversation_id == conversations.c.id, proofs.c.until > self._clock())
            .scalar_subquery()
        )
        last = and_(messages.c.conversation_id == conversations.c.id, messages.c.seq == _shown_last)
        return (
            select(
                conversations.c.id,
                conversations.c.channel,
                conversations.c.holder,
                conversations.c.delivered_seq,
                conversations.c.read_seq,
                conversations.c.unreachable,
                handoffs.c.reason,
                handoffs.c.group,
                handoffs.c.agent_id,
                handoffs.c.queued_at,
                handoffs.c.claimed_at,
                agents.c.name,
                messages.c.author,
                messages.c.text,
                messages.c.created_at,
                _unread.label("unread"),
                _waiting_since.label("waiting_since"),
                customer.label("customer"),
            )
            .outerjoin(handoffs, and_(handoffs.c.conversation_id == conversations.c.id, OPEN))
            .outerjoin(agents, agents.c.id == handoffs.c.agent_id)
            .outerjoin(messages, last)
        )

    async def _read(self, query: Select[Any]) -> Sequence[Case]:
        def unit(connection: Connection) -> Sequence[Case]:
            return [_case(row) for row in connection.execute(query)]

        return await self._database.read(unit)


def _case(row: Row[Any]) -> Case:
    return Case(
        conversation=row.id,
        channel=row.channel,
        holder=Holder(row.holder),
        reason=Reason(row.reason) if row.reason else None,
        group=row.group,
        agent=Person(row.agent_id, row.name) if row.agent_id else None,
        queued_at=row.queued_at,
        claimed_at=row.claimed_at,
        waiting_since=row.waiting_since,
        unread=row.unread,
        last=LastMessage(Author(row.author), row.text, row.created_at) if row.author else None,
        customer=row.customer,
        delivered_seq=row.delivered_seq,
        read_seq=row.read_seq,
        unreachable=row.unreachable,
    )

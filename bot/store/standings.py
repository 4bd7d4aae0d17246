"""Who holds a conversation, its place in the queue, and what the customer has seen: model ↔ rows."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, select, update

from bot.conversations.holding import Standing
from bot.conversations.model import Holder
from bot.store.database import Database
from bot.store.holding import OPEN
from bot.store.tables import agents, conversations, handoffs, messages

_standing = (
    select(conversations.c.holder, handoffs.c.id, agents.c.name)
    .outerjoin(handoffs, and_(handoffs.c.conversation_id == conversations.c.id, OPEN))
    .outerjoin(agents, agents.c.id == handoffs.c.agent_id)
    .where(conversations.c.id == bindparam("conversation"))
)
QUEUE = (
    select(handoffs.c.conversation_id)
    .where(OPEN, handoffs.c.agent_id.is_(None))
    .order_by(handoffs.c.queued_at, handoffs.c.id)
)


class SqlStandings:
    """The port `bot.conversations.ports.Standings` on SQLAlchemy."""

    def __init__(self, database: Database, elsewhere: Collection[str] = ()) -> None:
        """`elsewhere` names the channels where people answer in a system of their own."""
        self._database = database
        self._elsewhere = frozenset(elsewhere)

    async def standing(self, conversation: str) -> Standing:
        """Who holds it, and its place in the queue."""
        return await self._database.read(lambda connection: _read_standing(connection, conversation))

    async def positions(self) -> Mapping[str, int]:
        """The place of each conversation in the queue, from 1."""
        queue = await self._database.read(lambda connection: connection.scalars(QUEUE).all())
        return {conversation: place for place, conversation in enumerate(queue, 1)}

    async def last_seqs(self, named: Collection[str]) -> Mapping[str, int]:
        """See the port."""
        query = select(conversations.c.id, conversations.c.last_seq).where(conversations.c.id.in_(named))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.id: row.last_seq for row in rows}

    async def waiting(self) -> int:
        """How many conversations are in the queue."""
        count = select(func.count()).select_from(QUEUE.order_by(None).subquery())
        return int(await self._database.read(lambda connection: connection.scalar(count)) or 0)

    async def is_elsewhere(self, conversation: str) -> bool:
        """See bot.handoff.ports.Queue."""
        if not self._elsewhere:
            return False
        query = select(conversations.c.channel).where(conversations.c.id == conversation)
        return await self._database.read(lambda connection: connection.scalar(query)) in self._elsewhere

    async def delivered(self, conversation: str) -> int:
        """Up to which `seq` the customer's device is known to have everything."""
        query = select(conversations.c.delivered_seq).where(conversations.c.id == conversation)
        return int(await self._database.read(lambda connection: connection.scalar(query)) or 0)

    async def seen_until(self, conversation: str, moment: datetime, *, read: bool) -> bool:
        """See the port."""
        said = select(func.max(messages.c.seq)).where(
            messages.c.conversation_id == conversation, messages.c.created_at <= moment
        )
        seq = await self._database.read(lambda connection: connection.scalar(said))
        return bool(seq) and await self.seen(conversation, seq, read=read)

    async def seen(self, conversation: str, seq: int, *, read: bool) -> bool:
        """The customer's device has everything up to `seq`, and shows it if `read`; False if that was known."""
        column = conversations.c.read_seq if read else conversations.c.delivered_seq
        query = (
            update(conversations)
            .where(conversations.c.id == conversation, column < seq, conversations.c.last_seq >= seq)
            .values({column: seq})
        )
        return bool(await self._database.write(lambda connection: connection.execute(query).rowcount))


def _read_standing(connection: Connection, conversation: str) -> Standing:
    row = connection.execute(_standing, {"conversation": conversation}).one()
    holder = Holder(row.holder)
    if holder is not Holder.QUEUED:
        return Standing(holder, agent=row.name)
    queue = connection.scalars(QUEUE).all()
    return Standing(holder, position=queue.index(conversation) + 1)

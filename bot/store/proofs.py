"""Which mailboxes a conversation has proven to own, and until when: model ↔ rows."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.clock import Clock
from bot.store.database import Database
from bot.store.tables import proofs

_of = select(proofs.c.mailbox).where(
    proofs.c.conversation_id == bindparam("conversation"), proofs.c.until > bindparam("now")
)


class SqlProofs:
    """The port `bot.identity.ports.Proofs` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, conversation: str) -> frozenset[str]:
        """The mailboxes whose proof still holds."""
        key = {"conversation": conversation, "now": self._clock()}
        return frozenset(await self._database.look_up(lambda connection: connection.scalars(_of, key).all()))

    async def add(self, conversation: str, mailboxes: Collection[str], until: datetime) -> None:
        """Take the place of older proofs for the same mailboxes."""
        await self._database.write(lambda connection: prove(connection, conversation, mailboxes, until))


def prove(connection: Connection, conversation: str, mailboxes: Collection[str], until: datetime) -> None:
    """Write proofs, within a transaction of another room."""
    connection.execute(delete(proofs).where(proofs.c.conversation_id == conversation, proofs.c.mailbox.in_(mailboxes)))
    rows = [{"conversation_id": conversation, "mailbox": mailbox, "until": until} for mailbox in mailboxes]
    connection.execute(insert(proofs), rows)

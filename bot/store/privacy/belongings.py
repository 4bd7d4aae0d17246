"""Delete conversations with all that hangs on them."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from bot.store.tables import audit, conversations, messages, metadata, proposals

AT_ONCE = 50
"""Conversations in one transaction."""


def delete_conversations(connection: Connection, ids: Sequence[str]) -> Counter[str]:
    """
    How many rows of each table, by name; what the audit log says of them stays, without their ids.

    Whoever writes into one of them at the same moment either did so before, or finds it gone.
    """
    here = conversations.c.id.in_(ids)
    connection.execute(select(conversations.c.id).where(here).order_by(conversations.c.id).with_for_update())
    connection.execute(update(audit).where(audit.c.conversation_id.in_(ids)).values(conversation_id=None))
    counts: Counter[str] = Counter()
    if trimmed := _trim_proposals(connection, ids):
        counts[proposals.name] = trimmed
    for table in reversed(metadata.sorted_tables):
        condition = here if table is conversations else hangs_on(table, ids)
        if condition is not None and (rows := connection.execute(delete(table).where(condition)).rowcount):
            counts[table.name] = rows
    return counts


def _trim_proposals(connection: Connection, ids: Sequence[str]) -> int:
    """What agents made of questions that go: without them, or away with the last of them. How many went."""
    gone = set(connection.scalars(select(messages.c.id).where(messages.c.conversation_id.in_(ids))))
    deleted = 0
    for row in connection.execute(select(proposals.c.id, proposals.c.change)).all():
        named = row.change.get("messages", []) if isinstance(row.change, dict) else []
        left = [message for message in named if message not in gone]
        if len(left) == len(named):
            continue
        here = proposals.c.id == row.id
        if left:
            connection.execute(update(proposals).where(here).values(change=row.change | {"messages": left}))
        else:
            connection.execute(delete(proposals).where(here))
            deleted += 1
    return deleted


def hangs_on(table: Table, ids: Sequence[str]) -> ColumnElement[bool] | None:
    """The table's rows of these conversations; None where it has no such rows."""
    if table in {audit, conversations}:
        return None
    if "conversation_id" in table.c:
        return table.c.conversation_id.in_(ids)
    if "message_id" in table.c:
        return table.c.message_id.in_(select(messages.c.id).where(messages.c.conversation_id.in_(ids)))
    return None

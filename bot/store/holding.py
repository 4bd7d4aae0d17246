"""Change who holds a conversation; within a transaction of another module of this room."""

from datetime import datetime

from sqlalchemy import Connection, and_, insert, update

from bot.conversations.holding import Change, allowed_from, holder_after
from bot.conversations.model import Author, Reason
from bot.handoff.model import Outcome
from bot.store.tables import conversations, handoffs, messages

WAITING = and_(messages.c.done_at.is_(None), messages.c.author == Author.CUSTOMER)
"""A customer's message whose turn is still to be taken."""
OPEN = handoffs.c.ended_at.is_(None)


def change_holder(connection: Connection, conversation: str, change: Change, now: datetime) -> bool:
    """False, and nothing happens, when the conversation is not held by one from whom the change may come."""
    query = (
        update(conversations)
        .where(conversations.c.id == conversation, conversations.c.holder.in_(allowed_from(change)))
        .values(holder=holder_after(change), updated_at=now)
    )
    return bool(connection.execute(query).rowcount)


def begin_handoff(
    connection: Connection, conversation: str, reason: Reason, now: datetime, agent: int | None = None
) -> None:
    """Into the queue, or at once to an agent. What waits for the bot's turn is for people from now on."""
    row = {
        "conversation_id": conversation,
        "reason": reason,
        "queued_at": now,
        "agent_id": agent,
        "claimed_at": now if agent else None,
    }
    connection.execute(insert(handoffs), row)
    settle_waiting(connection, conversation, now)


def end_handoff(
    connection: Connection, conversation: str, outcome: Outcome, now: datetime, close_reason: str | None = None
) -> None:
    """The open one; the conversation's holder is changed apart from it."""
    query = update(handoffs).where(handoffs.c.conversation_id == conversation, OPEN)
    connection.execute(query.values(ended_at=now, outcome=outcome, close_reason=close_reason))


def settle_waiting(connection: Connection, conversation: str, now: datetime) -> None:
    """No turn will be taken of what the customer has said so far."""
    query = update(messages).where(messages.c.conversation_id == conversation, WAITING)
    connection.execute(query.values(done_at=now, code_digest=None))

"""Change who holds a conversation; within a transaction of another module of this room."""

from sqlalchemy import Connection, and_, insert, literal_column, select, update

from bot.clock import Clock
from bot.conversations.holding import Change, allowed_from, holder_after
from bot.conversations.model import Author, Reason
from bot.handoff.events import Progress
from bot.handoff.model import Outcome
from bot.store.events import SqlEvents
from bot.store.tables import conversations, handoffs, messages

# As a part of the statement, and no parameter of it: only then the index ix_messages_waiting is used.
BY_CUSTOMER = messages.c.author == literal_column(f"'{Author.CUSTOMER}'")
WAITING = and_(messages.c.done_at.is_(None), BY_CUSTOMER)
"""A customer's message whose turn is still to be taken."""
OPEN = handoffs.c.ended_at.is_(None)


class Holding:
    """Each method keeps the conversation's holder, its hand-off, and what other systems are told in step."""

    def __init__(self, clock: Clock, events: SqlEvents) -> None:
        self._clock = clock
        self._events = events

    def reopen(self, connection: Connection, conversation: str) -> bool:
        """The customer writes after the end; False if it was not closed."""
        return self._change(connection, conversation, Change.REOPEN)

    def call(self, connection: Connection, conversation: str, reason: Reason) -> bool:
        """Into the queue; False if the bot does not hold it."""
        if not self._change(connection, conversation, Change.CALL):
            return False
        self._begin(connection, conversation, reason)
        return True

    def take_from_bot(self, connection: Connection, conversation: str, agent: int) -> bool:
        """At once to an agent; False if the bot does not hold it."""
        if not self._change(connection, conversation, Change.TAKE):
            return False
        self._begin(connection, conversation, Reason.TAKEN, agent)
        self._events.status(connection, conversation, Progress.ACCEPTED, agent)
        return True

    def give(self, connection: Connection, conversation: str, agent: int, change: Change) -> None:
        """Out of the queue, or from a colleague."""
        self._update(connection, conversation, agent_id=agent, group=None, claimed_at=self._clock())
        self._change(connection, conversation, change)
        if change is Change.TAKE:
            self._events.status(connection, conversation, Progress.ACCEPTED, agent)

    def put_back(self, connection: Connection, conversation: str, group: str | None) -> None:
        """Into the queue, at its old place."""
        self._update(connection, conversation, agent_id=None, group=group, claimed_at=None)
        self._change(connection, conversation, Change.QUEUE)

    def end(self, connection: Connection, conversation: str, outcome: Outcome, close_reason: str | None = None) -> bool:
        """Back to the bot, or closed; False if people do not hold it."""
        change = Change.CLOSE if outcome is Outcome.CLOSED else Change.RETURN
        if not self._change(connection, conversation, change):
            return False
        agent = connection.scalar(select(handoffs.c.agent_id).where(handoffs.c.conversation_id == conversation, OPEN))
        ended = {"ended_at": self._clock(), "outcome": outcome, "close_reason": close_reason}
        self._update(connection, conversation, **ended)
        progress = Progress.COMPLETED if agent else Progress.FAILED
        self._events.status(connection, conversation, progress, agent, close_reason or outcome)
        return True

    def _change(self, connection: Connection, conversation: str, change: Change) -> bool:
        query = (
            update(conversations)
            .where(conversations.c.id == conversation, conversations.c.holder.in_(allowed_from(change)))
            .values(holder=holder_after(change), updated_at=self._clock())
        )
        return bool(connection.execute(query).rowcount)

    def _begin(self, connection: Connection, conversation: str, reason: Reason, agent: int | None = None) -> None:
        now = self._clock()
        row = {
            "conversation_id": conversation,
            "reason": reason,
            "queued_at": now,
            "agent_id": agent,
            "claimed_at": now if agent else None,
        }
        connection.execute(insert(handoffs), row)
        # What waits for the bot's turn is for people from now on.
        waiting = update(messages).where(messages.c.conversation_id == conversation, WAITING)
        connection.execute(waiting.values(done_at=now, code_digest=None))
        self._events.initiate(connection, conversation, reason)

    def _update(self, connection: Connection, conversation: str, **values: object) -> None:
        query = update(handoffs).where(handoffs.c.conversation_id == conversation, OPEN)
        connection.execute(query.values(**values))

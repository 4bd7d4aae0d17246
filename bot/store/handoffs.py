"""Who holds what: each act of an agent is one transaction."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, func, or_, select, update

from bot.clock import Clock
from bot.conversations.holding import Change
from bot.conversations.model import Author, Holder, Message, Reply
from bot.handoff.errors import (
    ClosedError,
    NoSeatError,
    NotYoursError,
    TakenError,
    UnknownConversationError,
    UnknownReceiverError,
)
from bot.handoff.model import Outcome, Person
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.holding import OPEN, Holding
from bot.store.messages import TRANSCRIPT, read_messages
from bot.store.tables import agents, conversations, handoffs, messages

T = TypeVar("T")
WAITS = handoffs.c.agent_id.is_(None)


class SqlHandoffs:
    """The port `bot.handoff.ports.Handoffs` on SQLAlchemy."""

    def __init__(self, database: Database, conversations: SqlConversations, holding: Holding, clock: Clock) -> None:
        self._database = database
        self._conversations = conversations
        self._holding = holding
        self._clock = clock

    async def take(self, conversation: str, person: Person, notice: Reply) -> Message | None:
        """See the port."""

        def unit(connection: Connection) -> Message | None:
            _check_seat(connection, person, conversation)
            holder = _holder(connection, conversation)
            if holder is None:
                if not self._holding.take_from_bot(connection, conversation, person.id):
                    raise ClosedError
            elif holder.agent_id == person.id:
                return None
            elif holder.agent_id is not None:
                raise TakenError(holder.name)
            else:
                self._holding.give(connection, conversation, person.id, Change.TAKE)
            return self._notice(connection, conversation, person.id, notice)

        return await self._database.write(unit)

    async def take_next(self, person: Person, notice: Reply) -> tuple[str, Message] | None:
        """See the port."""

        def unit(connection: Connection) -> tuple[str, Message] | None:
            groups = _check_seat(connection, person)
            # Several agents ask at once: each gets the first that no other is taking in this moment. The holder is
            # asked for because PostgreSQL looks again at the row that it locks, and at no other row of the query.
            first = (
                select(handoffs.c.conversation_id)
                .join(conversations)
                .where(OPEN, WAITS, conversations.c.holder == Holder.QUEUED)
                .where(or_(handoffs.c.group.is_(None), handoffs.c.group.in_(groups)))
                .order_by(handoffs.c.queued_at, handoffs.c.id)
                .limit(1)
                .with_for_update(of=conversations, skip_locked=True)
            )
            conversation = connection.scalar(first)
            if conversation is None:
                return None
            self._holding.give(connection, conversation, person.id, Change.TAKE)
            return conversation, self._notice(connection, conversation, person.id, notice)

        return await self._database.write(unit)

    async def say(self, conversation: str, person: Person, key: str, text: str) -> tuple[Message, bool]:
        """See the port."""

        def unit(connection: Connection) -> tuple[Message, bool]:
            same = TRANSCRIPT.where(
                messages.c.conversation_id == conversation,
                messages.c.channel_message_id == key,
                messages.c.agent_id == person.id,
            )
            if known := read_messages(connection, same):
                return known[0], False
            _check_holds(connection, conversation, person)
            answered = func.coalesce(handoffs.c.answered_at, self._clock())
            mine = update(handoffs).where(handoffs.c.conversation_id == conversation, OPEN)
            connection.execute(mine.values(answered_at=answered))
            about = {"agent": person.id, "agent_name": person.name, "key": key}
            return self._conversations.write(connection, conversation, Reply(text), Author.AGENT, **about), True

        return await self._database.write(unit)

    async def hand(self, conversation: str, person: Person, receiver: int, notice: Reply) -> Message:
        """See the port."""

        def unit(connection: Connection) -> Message:
            _check_holds(connection, conversation, person)
            found = select(agents.c.id).where(agents.c.id == receiver, agents.c.active)
            if receiver == person.id or connection.scalar(found) is None:
                raise UnknownReceiverError(f"Agent {receiver}")
            self._holding.give(connection, conversation, receiver, Change.HAND)
            return self._notice(connection, conversation, receiver, notice)

        return await self._database.write(unit)

    async def queue(self, conversation: str, person: Person, group: str | None, notice: Reply) -> Message:
        """See the port."""

        def unit(connection: Connection) -> Message:
            _check_holds(connection, conversation, person)
            if group is not None and group not in _groups(connection):
                raise UnknownReceiverError(f"Group {group}")
            self._holding.put_back(connection, conversation, group)
            return self._notice(connection, conversation, person.id, notice)

        return await self._database.write(unit)

    async def give_back(self, conversation: str, person: Person, notice: Reply) -> Message:
        """See the port."""

        def unit(connection: Connection) -> Message:
            _check_holds(connection, conversation, person)
            self._holding.end(connection, conversation, Outcome.RETURNED)
            return self._notice(connection, conversation, person.id, notice)

        return await self._database.write(unit)

    async def close(
        self, conversation: str, person: Person, reason: str, notices: Sequence[Reply]
    ) -> Sequence[Message]:
        """See the port."""

        def unit(connection: Connection) -> Sequence[Message]:
            _check_holds(connection, conversation, person)
            self._holding.end(connection, conversation, Outcome.CLOSED, reason)
            return [self._notice(connection, conversation, person.id, notice) for notice in notices]

        return await self._database.write(unit)

    async def abandon(self, person: int, notice: Reply) -> Sequence[tuple[str, Message]]:
        """See the port."""

        def unit(connection: Connection) -> Sequence[tuple[str, Message]]:
            query = (
                select(handoffs.c.conversation_id)
                .join(conversations)
                .where(OPEN, handoffs.c.agent_id == person, conversations.c.holder == Holder.AGENT)
                .order_by(handoffs.c.id)
                .with_for_update(of=conversations)
            )
            held = connection.scalars(query).all()
            for conversation in held:
                self._holding.put_back(connection, conversation, None)
            return [(one, self._notice(connection, one, person, notice)) for one in held]

        return await self._database.write(unit)

    async def check_holds(self, conversation: str, person: Person) -> None:
        """See the port."""
        await self._database.write(lambda connection: _check_holds(connection, conversation, person))

    async def find_person(self, person: int) -> Person | None:
        """See the port."""
        query = select(agents.c.id, agents.c.name).where(agents.c.id == person, agents.c.active)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return Person(row.id, row.name) if row else None

    def _notice(self, connection: Connection, conversation: str, agent: int, notice: Reply) -> Message:
        author = Author.BOT if notice.buttons else Author.NOTICE
        return self._conversations.write(connection, conversation, notice, author, agent=agent)


def _holder(connection: Connection, conversation: str) -> Row[Any] | None:
    """The agent of the open hand-off, by id and name. Raises UnknownConversationError."""
    # The conversation's row is the lock of all that happens in it: whoever writes in it changes this row first.
    locked = select(conversations.c.id).where(conversations.c.id == conversation).with_for_update()
    if connection.scalar(locked) is None:
        raise UnknownConversationError(conversation)
    query = select(handoffs.c.agent_id, agents.c.name).outerjoin(agents)
    return connection.execute(query.where(handoffs.c.conversation_id == conversation, OPEN)).first()


def _check_holds(connection: Connection, conversation: str, person: Person) -> None:
    holder = _holder(connection, conversation)
    if holder is None or holder.agent_id != person.id:
        raise NotYoursError


def _check_seat(connection: Connection, person: Person, conversation: str | None = None) -> Sequence[str]:
    """The person's groups. Raises NoSeatError, unless the person has the conversation already."""
    # Locked, so that one agent's simultaneous claims are counted one after the other.
    agent = connection.execute(
        select(agents.c.seats, agents.c.groups).where(agents.c.id == person.id).with_for_update()
    ).one()
    held = connection.scalars(select(handoffs.c.conversation_id).where(OPEN, handoffs.c.agent_id == person.id)).all()
    if conversation not in held and len(held) >= agent.seats:
        raise NoSeatError(agent.seats)
    groups: Sequence[str] = agent.groups
    return groups


def _groups(connection: Connection) -> set[str]:
    listed = connection.scalars(select(agents.c.groups).where(agents.c.active))
    return {group for groups in listed for group in groups}

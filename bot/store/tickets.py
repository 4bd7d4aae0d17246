"""Tickets: model ↔ rows."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.model import Message, Status
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.due import is_due
from bot.store.tables import tickets
from bot.tickets.model import FINAL, Due, Kind, MessageRequest, Opened, Request, RestoreRequest, State, Target, Ticket
from bot.tickets.numbers import number_of
from bot.tracing import traceparent

BATCH = 20
QUEUED = tickets.c.status == Status.QUEUED
NOT_FINAL = tickets.c.state.not_in(FINAL)


class SqlTickets:
    """The port `bot.tickets.ports.Tickets` on SQLAlchemy."""

    def __init__(self, database: Database, conversations: SqlConversations, clock: Clock) -> None:
        self._database = database
        self._conversations = conversations
        self._clock = clock

    async def open(self, key: str, conversation: str, request: Request) -> Opened:
        """See the port."""

        def unit(connection: Connection) -> Opened:
            return self._open(connection, key, conversation, request)

        try:
            return await self._database.write(unit)
        except IntegrityError:
            # Another process opened the same ticket in this very moment.
            return await self._database.write(unit)

    def _open(self, connection: Connection, key: str, conversation: str, request: Request) -> Opened:
        if row := connection.execute(select(tickets).where(tickets.c.key == key)).one_or_none():
            return Opened(_ticket(row), is_new=True)
        if isinstance(request, RestoreRequest) and (row := _find_same(connection, request)):
            return Opened(_ticket(row), is_new=False)
        now = self._clock()
        ticket = Ticket(_free_number(connection, key), request, State.OPEN, None, conversation, now)
        values = {
            "number": ticket.number,
            "key": key,
            "conversation_id": conversation,
            "kind": request.kind,
            **asdict(request),
            "state": ticket.state,
            "opened_at": now,
            "updated_at": now,
            "status": Status.QUEUED,
            "next_try_at": now,
            "traceparent": traceparent(),
        }
        connection.execute(insert(tickets), values)
        return Opened(ticket, is_new=True)

    async def find(self, number: str) -> Ticket | None:
        """See the port."""
        found = await self._tickets(select(tickets).where(tickets.c.number == number))
        return found[0] if found else None

    async def of_mailboxes(self, mailboxes: Collection[str]) -> Sequence[Ticket]:
        """See the port."""
        query = select(tickets).where(tickets.c.mailbox.in_(mailboxes))
        return await self._tickets(query.order_by(tickets.c.opened_at.desc()))

    async def of_conversation(self, conversation: str) -> Sequence[Ticket]:
        """See the port."""
        query = select(tickets).where(tickets.c.conversation_id == conversation)
        return await self._tickets(query.order_by(tickets.c.opened_at.desc()))

    async def unfinished(self) -> Sequence[Ticket]:
        """See the port."""
        return await self._tickets(select(tickets).where(NOT_FINAL, tickets.c.reference.is_not(None)))

    async def claim(self, seconds: float) -> Sequence[Due]:
        """See the port."""
        now = self._clock()
        query = (
            select(tickets)
            .where(QUEUED, is_due(tickets.c.next_try_at, now))
            .order_by(tickets.c.next_try_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )

        def unit(connection: Connection) -> Sequence[Due]:
            dues = [_due(row) for row in connection.execute(query)]
            if dues:
                claimed = tickets.c.number.in_([due.ticket.number for due in dues])
                connection.execute(update(tickets).where(claimed).values(next_try_at=now + timedelta(seconds=seconds)))
            return dues

        return await self._database.write(unit)

    async def dead(self) -> Sequence[Due]:
        """See the port."""
        query = select(tickets).where(tickets.c.status == Status.DEAD).order_by(tickets.c.opened_at)
        return await self._database.read(lambda connection: [_due(row) for row in connection.execute(query)])

    async def seconds_to_next(self) -> float | None:
        """See the port."""
        query = select(func.min(tickets.c.next_try_at)).where(QUEUED)
        earliest = await self._database.read(lambda connection: connection.scalar(query))
        return max(0.0, (earliest - self._clock()).total_seconds()) if earliest else None

    async def sent(self, number: str, reference: str) -> None:
        """See the port."""
        await self._update(number, status=Status.SENT, reference=reference, last_error=None)

    async def failed(self, number: str, error: str, retry_in: float | None) -> None:
        """See the port."""
        values: dict[str, Any] = {"attempts": tickets.c.attempts + 1, "last_error": error}
        if retry_in is None:
            values["status"] = Status.DEAD
        else:
            values["next_try_at"] = self._clock() + timedelta(seconds=retry_in)
        await self._update(number, **values)

    async def replay(self, number: str) -> bool:
        """See the port."""
        change = (
            update(tickets)
            .where(tickets.c.number == number, tickets.c.status == Status.DEAD)
            .values(status=Status.QUEUED, attempts=0, next_try_at=self._clock())
        )
        return await self._database.write(lambda connection: connection.execute(change).rowcount == 1)

    async def change(self, number: str, state: State, news: str) -> tuple[str, Message] | None:
        """See the port."""
        return await self._database.write(lambda connection: self._change(connection, number, state, news))

    def _change(self, connection: Connection, number: str, state: State, news: str) -> tuple[str, Message] | None:
        change = (
            update(tickets)
            .where(tickets.c.number == number, tickets.c.state != state)
            .values(state=state, updated_at=self._clock())
            .returning(tickets.c.conversation_id)
        )
        conversation = connection.scalar(change)
        if conversation is None:
            return None
        return conversation, self._conversations.say(connection, conversation, news)

    async def set_by_hand(self, number: str, state: State) -> bool:
        """What LocalTickets will report of it; False if there is no such ticket."""
        change = update(tickets).where(tickets.c.number == number).values(set_by_hand=state)
        return await self._database.write(lambda connection: connection.execute(change).rowcount == 1)

    async def states_by_hand(self, numbers: Collection[str]) -> dict[str, State]:
        """Those that were set."""
        query = select(tickets.c.number, tickets.c.set_by_hand).where(
            tickets.c.number.in_(numbers), tickets.c.set_by_hand.is_not(None)
        )
        return await self._database.read(
            lambda connection: {number: State(state) for number, state in connection.execute(query)}
        )

    async def everything(self) -> Sequence[tuple[Ticket, Status, str | None]]:
        """All tickets with their way to the ticket system and its last error, newest first."""
        query = select(tickets).order_by(tickets.c.opened_at.desc())
        return await self._database.read(
            lambda connection: [(_ticket(row), Status(row.status), row.last_error) for row in connection.execute(query)]
        )

    async def _update(self, number: str, **values: Any) -> None:
        change = update(tickets).where(tickets.c.number == number).values(updated_at=self._clock(), **values)
        await self._database.write(lambda connection: connection.execute(change))

    async def _tickets(self, query: Select[Any]) -> Sequence[Ticket]:
        return await self._database.read(lambda connection: [_ticket(row) for row in connection.execute(query)])


def _free_number(connection: Connection, key: str) -> str:
    taken = select(tickets.c.number)
    numbers = (number_of(key, attempt) for attempt in count())
    return next(number for number in numbers if not connection.scalar(taken.where(tickets.c.number == number)))


def _due(row: Row[Any]) -> Due:
    return Due(_ticket(row), row.attempts, row.last_error, row.traceparent)


def _find_same(connection: Connection, request: RestoreRequest) -> Row[Any] | None:
    same = select(tickets).where(
        tickets.c.mailbox == request.mailbox,
        tickets.c.folder.is_not_distinct_from(request.folder),
        tickets.c.point == request.point,
        NOT_FINAL,
    )
    return connection.execute(same).first()


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(row.number, _request(row), State(row.state), row.reference, row.conversation_id, row.opened_at)


def _request(row: Row[Any]) -> Request:
    match Kind(row.kind):
        case Kind.RESTORE:
            return RestoreRequest(row.mailbox, row.folder, row.point, Target(row.target), row.contact)
        case Kind.MESSAGE:
            return MessageRequest(row.contact, row.text)

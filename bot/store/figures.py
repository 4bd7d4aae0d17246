"""Count what happened: rows → figures. The database counts; no message is loaded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Connection, FromClause, Integer, Row, Select, and_, case, column, func, or_, select, values

from bot.conversations.model import Author, Decision, Reason
from bot.handoff.model import Outcome
from bot.insight.model import Count, Day, Selection, Volume, Waits
from bot.store.database import Database
from bot.store.letters import lowered
from bot.store.selection import in_channel, within
from bot.store.tables import Moment, conversations, handoffs, messages

FAILED = "failed"
"""Label of a message whose turn failed (bot.conversations.turn): no question without an answer."""
Stretch = tuple[datetime, datetime]
"""From a moment to before another one."""
_label = messages.c.labels[0].as_string()


class SqlFigures:
    """The port `bot.insight.ports.Figures` on SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_day(self, days: Sequence[Day], channel: str | None) -> Mapping[date, Sequence[Volume]]:
        """See the port."""
        stretches = [(day.begin, day.end) for day in days]
        counted = await self._database.report(lambda connection: _volumes(connection, stretches, channel))
        return {days[number].date: volumes for number, volumes in counted.items()}

    async def volumes(self, selection: Selection) -> Sequence[Volume]:
        """See the port."""
        stretch = (selection.begin, selection.end)
        counted = await self._database.report(lambda connection: _volumes(connection, [stretch], selection.channel))
        return counted.get(0, ())

    async def reasons(self, selection: Selection) -> Sequence[Count]:
        """See the port."""
        called = within(selection, handoffs.c.queued_at, handoffs.c.conversation_id)
        return await self._count(select(handoffs.c.reason.label("what"), func.count()).where(called))

    async def waits(self, selection: Selection) -> Waits:
        """See the port."""
        query = select(handoffs.c.queued_at, handoffs.c.answered_at).where(
            within(selection, handoffs.c.queued_at, handoffs.c.conversation_id),
            handoffs.c.answered_at.is_not(None),
            handoffs.c.reason != Reason.TAKEN,
        )
        # SQLite has no percentiles; of hand-offs there are few beside messages.
        rows = await self._database.report(lambda connection: connection.execute(query).all())
        seconds = [(row.answered_at - row.queued_at).total_seconds() for row in rows]
        return Waits(median(seconds), _p90(seconds)) if seconds else Waits(None, None)

    async def asked(self, selection: Selection, most: int) -> Sequence[Count]:
        """See the port."""
        answered = (_customers(selection), messages.c.decision == Decision.ANSWER)
        return await self._count(select(_label.label("what"), func.count()).where(*answered), most)

    async def declined(self, selection: Selection, most: int) -> Sequence[Count]:
        """See the port."""
        # A pressed button is no question.
        unanswered = (
            _customers(selection),
            messages.c.decision == Decision.DECLINE,
            _label != FAILED,
            messages.c.choice.is_(None),
        )
        question = lowered(func.trim(messages.c.text))
        return await self._count(
            select(func.min(messages.c.text).label("what"), func.count()).where(*unanswered), most, question
        )

    async def _count(self, query: Select[Any], most: int | None = None, by: Any = None) -> Sequence[Count]:
        what, count = query.selected_columns
        ordered = query.group_by(what if by is None else by).order_by(count.desc(), what).limit(most)
        return await self._database.report(
            lambda connection: [Count(what, count) for what, count in connection.execute(ordered)]
        )


def _customers(selection: Selection) -> Any:
    return and_(
        messages.c.author == Author.CUSTOMER, within(selection, messages.c.created_at, messages.c.conversation_id)
    )


def _volumes(
    connection: Connection, stretches: Sequence[Stretch], channel: str | None
) -> Mapping[int, Sequence[Volume]]:
    """Of each stretch, by its number, the channels in which something happened, by name."""
    # SQLite knows VALUES with names of columns only in front of the query.
    limits = (
        values(column("number", Integer), column("begin", Moment), column("end", Moment))
        .data([(number, begin, end) for number, (begin, end) in enumerate(stretches)])
        .cte("stretches")
    )
    counted: defaultdict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for query in (_talks(limits, channel), _calls(limits, channel), _closings(limits, channel)):
        for row in connection.execute(query):
            counted[row.number, row.channel] |= _counts(row)
    volumes: defaultdict[int, list[Volume]] = defaultdict(list)
    for number, name in sorted(counted):
        volumes[number].append(Volume(name, **counted[number, name]))
    return volumes


def _counts(row: Row[Any]) -> dict[str, int]:
    return {name: int(value) for name, value in row._mapping.items() if name not in {"number", "channel"}}


def _talks(limits: FromClause, channel: str | None) -> Select[Any]:
    """Of each stretch and channel: conversations, messages, and those that the bot solved."""
    decided = case((messages.c.decision.is_not(None), messages.c.seq))
    talks = (
        select(
            limits.c.number,
            messages.c.conversation_id,
            func.count().label("messages"),
            func.max(decided).label("last"),
        )
        .join(messages, and_(messages.c.created_at >= limits.c.begin, messages.c.created_at < limits.c.end))
        .where(messages.c.author == Author.CUSTOMER, in_channel(channel, messages.c.conversation_id))
        .group_by(limits.c.number, messages.c.conversation_id)
        .subquery()
    )
    last = messages.alias()
    # What people had, even for a part of the stretch, the bot did not solve.
    held = (
        select(handoffs.c.id)
        .where(
            handoffs.c.conversation_id == talks.c.conversation_id,
            handoffs.c.queued_at < limits.c.end,
            or_(handoffs.c.ended_at.is_(None), handoffs.c.ended_at >= limits.c.begin),
        )
        .exists()
    )
    # NULL is no decision yet.
    solved = case((and_(last.c.decision != Decision.DECLINE, ~held), 1), else_=0)
    return (
        select(
            talks.c.number,
            conversations.c.channel,
            func.count().label("conversations"),
            func.sum(talks.c.messages).label("messages"),
            func.sum(solved).label("solved"),
        )
        .join(limits, limits.c.number == talks.c.number)
        .join(conversations, conversations.c.id == talks.c.conversation_id)
        .outerjoin(last, and_(last.c.conversation_id == talks.c.conversation_id, last.c.seq == talks.c.last))
        .group_by(talks.c.number, conversations.c.channel)
    )


def _calls(limits: FromClause, channel: str | None) -> Select[Any]:
    began = and_(handoffs.c.queued_at >= limits.c.begin, handoffs.c.queued_at < limits.c.end)
    return _handoffs(limits, channel, began, "handoffs")


def _closings(limits: FromClause, channel: str | None) -> Select[Any]:
    ended = and_(handoffs.c.ended_at >= limits.c.begin, handoffs.c.ended_at < limits.c.end)
    return _handoffs(limits, channel, and_(ended, handoffs.c.outcome == Outcome.CLOSED), "closed")


def _handoffs(limits: FromClause, channel: str | None, condition: Any, name: str) -> Select[Any]:
    return (
        select(limits.c.number, conversations.c.channel, func.count().label(name))
        .join(handoffs, condition)
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(in_channel(channel, conversations.c.id))
        .group_by(limits.c.number, conversations.c.channel)
    )


def _p90(seconds: Sequence[float]) -> float:
    """So long at most nine of ten waited, interpolated."""
    return quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]

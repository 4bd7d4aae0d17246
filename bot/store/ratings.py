"""What customers think: model ↔ rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from bot.clock import Clock
from bot.conversations.model import Author
from bot.handoff.model import Person
from bot.insight.errors import NotRateableError
from bot.insight.model import FEWEST_STARS, MOST_STARS, AgentsRating, EntrysRating, Mean, Rating, Selection
from bot.store.database import Database
from bot.store.selection import within
from bot.store.tables import agents, conversations, handoffs, messages, ratings

_label = messages.c.labels[0].as_string()
_answers = select(messages.c.id, _label.label("label")).where(messages.c.author == Author.BOT, _label.like("faq/%"))
_count = func.count().label("rated")
_mean = func.avg(ratings.c.stars).label("mean")


class SqlRatings:
    """The port `bot.insight.ports.Ratings` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def rate_answer(self, conversation: str, seq: int, *, up: bool) -> None:
        """See the port."""

        def unit(connection: Connection) -> None:
            answer = connection.execute(
                _answers.where(messages.c.conversation_id == conversation, messages.c.seq == seq)
            ).first()
            if answer is None:
                raise NotRateableError(seq)
            stars = MOST_STARS if up else FEWEST_STARS
            values = {"message_id": answer.id, "label": answer.label, "stars": stars}
            self._replace(connection, conversation, values, ratings.c.message_id == answer.id)

        await self._database.write(unit)

    async def rate_conversation(self, conversation: str, stars: int, comment: str | None = None) -> None:
        """See the port."""
        if not FEWEST_STARS <= stars <= MOST_STARS:
            raise ValueError(f"{stars} stars: {FEWEST_STARS} to {MOST_STARS} are allowed.")

        def unit(connection: Connection) -> None:
            handoff, agent = _last_handoff(connection, conversation)
            values = {"handoff_id": handoff, "agent_id": agent, "stars": stars, "comment": comment}
            self._replace(connection, conversation, values, _of_conversation(conversation, handoff))

        await self._database.write(unit)

    async def is_rated(self, conversation: str) -> bool:
        """See the port."""

        def unit(connection: Connection) -> bool:
            handoff, _ = _last_handoff(connection, conversation)
            return connection.scalar(select(ratings.c.id).where(_of_conversation(conversation, handoff))) is not None

        return await self._database.read(unit)

    def _replace(
        self, connection: Connection, conversation: str, values: dict[str, Any], same: ColumnElement[bool]
    ) -> None:
        # Ratings of one conversation at the same moment are written one after the other.
        connection.execute(select(conversations.c.id).where(conversations.c.id == conversation).with_for_update())
        row = {"conversation_id": conversation, "created_at": self._clock(), **values}
        if not connection.execute(update(ratings).where(same).values(row)).rowcount:
            connection.execute(insert(ratings), row)

    async def newest(self, selection: Selection, most: int) -> Sequence[Rating]:
        """See the port."""
        query = (
            select(ratings, agents.c.name)
            .outerjoin(agents, agents.c.id == ratings.c.agent_id)
            .where(_in(selection))
            .order_by(ratings.c.created_at.desc(), ratings.c.id.desc())
            .limit(most)
        )
        return await self._database.report(lambda connection: [_rating(row) for row in connection.execute(query)])

    async def of_conversations(self, selection: Selection) -> Mean:
        """See the port."""
        query = select(_count, _mean).where(ratings.c.message_id.is_(None), _in(selection))
        return await self._database.report(lambda connection: _to_mean(connection.execute(query).one()))

    async def of_agents(self, selection: Selection) -> Sequence[AgentsRating]:
        """See the port."""
        query = (
            select(agents.c.id, agents.c.name, _count, _mean)
            .join(ratings, ratings.c.agent_id == agents.c.id)
            .where(_in(selection))
            .group_by(agents.c.id, agents.c.name)
            .order_by(agents.c.name, agents.c.id)
        )
        return await self._database.report(
            lambda connection: [
                AgentsRating(Person(row.id, row.name), _to_mean(row)) for row in connection.execute(query)
            ]
        )

    async def of_entries(self, selection: Selection) -> Sequence[EntrysRating]:
        """See the port."""
        query = (
            select(ratings.c.label, _count, _mean)
            .where(ratings.c.label.is_not(None), _in(selection))
            .group_by(ratings.c.label)
            .order_by("mean", ratings.c.label)
        )
        return await self._database.report(
            lambda connection: [EntrysRating(row.label, _to_mean(row)) for row in connection.execute(query)]
        )


def _in(selection: Selection) -> ColumnElement[bool]:
    return within(selection, ratings.c.created_at, ratings.c.conversation_id)


def _of_conversation(conversation: str, handoff: int | None) -> ColumnElement[bool]:
    return and_(
        ratings.c.conversation_id == conversation,
        ratings.c.message_id.is_(None),
        ratings.c.handoff_id.is_not_distinct_from(handoff),
    )


def _last_handoff(connection: Connection, conversation: str) -> tuple[int | None, int | None]:
    """Of those that an agent held; one that nobody took has nobody to rate."""
    query = (
        select(handoffs.c.id, handoffs.c.agent_id)
        .where(
            handoffs.c.conversation_id == conversation,
            handoffs.c.ended_at.is_not(None),
            handoffs.c.agent_id.is_not(None),
        )
        .order_by(handoffs.c.ended_at.desc(), handoffs.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.id, row.agent_id) if row else (None, None)


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        conversation=row.conversation_id,
        stars=row.stars,
        comment=row.comment,
        at=row.created_at,
        agent=Person(row.agent_id, row.name) if row.agent_id else None,
        label=row.label,
    )


def _to_mean(row: Row[Any]) -> Mean:
    return Mean(row.rated, None if row.mean is None else float(row.mean))

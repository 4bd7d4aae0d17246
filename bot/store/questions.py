"""The inbox: messages that there may be something to learn from, and what came after each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select

from bot.conversations.model import Author, Decision, Reason
from bot.faq.learning.model import Question, Why
from bot.faq.words import fold
from bot.store.database import Database
from bot.store.tables import handoffs, messages, ratings, verdicts

WORST = 1
"""Stars of an answer: a thumb down."""
LOOKED_BACK = 3
"""Messages before a hand-off among which is the last question: "ja" and "einen Menschen bitte" are none."""
MOST_HANDOFFS = 1000
SAYS_NOTHING = frozenset({"failed"})
"""Label of a turn that failed, which says nothing about the question."""
CALLING = frozenset({"handoff", "affirm"})
"""Labels of messages that call a person."""

_typed = and_(messages.c.author == Author.CUSTOMER, messages.c.choice.is_(None), messages.c.done_at.is_not(None))
_columns = (
    messages.c.id,
    messages.c.conversation_id,
    messages.c.seq,
    messages.c.text,
    messages.c.created_at,
    messages.c.decision,
    messages.c.labels,
)
_answer = messages.alias("answer")
_rated = (
    select(_answer.c.answers)
    .join(ratings, ratings.c.message_id == _answer.c.id)
    .where(ratings.c.stars == WORST, _answer.c.answers.is_not(None))
)
# Whose reason may be that the bot's answers were of no use.
_called = (
    select(handoffs.c.id, handoffs.c.conversation_id, handoffs.c.queued_at)
    .where(handoffs.c.reason.in_((Reason.ASKED, Reason.DECLINED, Reason.ANGRY)))
    .order_by(handoffs.c.id.desc())
    .limit(MOST_HANDOFFS)
    .subquery()
)
_before_handoffs = (
    select(
        messages.c.id,
        messages.c.decision,
        messages.c.labels,
        _called.c.id.label("handoff"),
        func.row_number().over(partition_by=_called.c.id, order_by=messages.c.seq.desc()).label("place"),
    )
    .join(_called, _called.c.conversation_id == messages.c.conversation_id)
    .where(_typed, messages.c.created_at <= _called.c.queued_at, messages.c.decision.is_not(None))
    .subquery()
)
_last_before = (
    select(_before_handoffs)
    .where(_before_handoffs.c.place <= LOOKED_BACK)
    .order_by(_before_handoffs.c.handoff, _before_handoffs.c.place)
)


class SqlQuestions:
    """The port `bot.faq.learning.ports.Questions` on SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, most: int) -> Sequence[Question]:
        """See the port."""
        return await self._database.report(lambda connection: _waiting(connection, most))

    async def texts(self, messages_: Collection[int]) -> Mapping[int, str]:
        """See the port."""
        query = select(messages.c.id, messages.c.text).where(messages.c.id.in_(messages_), _typed)
        return await self._database.read(
            lambda connection: {row.id: row.text for row in connection.execute(query)},
        )


def _waiting(connection: Connection, most: int) -> list[Question]:
    handed_over = set(_handed_over(connection.execute(_last_before)))
    query = (
        select(*_columns)
        .where(
            _typed,
            or_(
                messages.c.decision.in_((Decision.DECLINE, Decision.CLARIFY)),
                messages.c.id.in_(_rated),
                messages.c.id.in_(handed_over),
            ),
            ~exists().where(verdicts.c.message_id == messages.c.id),
        )
        .order_by(messages.c.id.desc())
        .limit(most)
    )
    rows = [row for row in connection.execute(query) if fold(row.text) and not SAYS_NOTHING.intersection(row.labels)]
    rated = set(connection.scalars(_rated.where(_answer.c.answers.in_([row.id for row in rows]))))
    later = _later(connection, {row.conversation_id for row in rows})
    return [_question(row, rated, _after(row, later[row.conversation_id])) for row in rows]


def _handed_over(rows: Iterable[Row[Any]]) -> Iterable[int]:
    """Of each hand-off the last question before it, if it was answered; others are in the inbox anyhow."""
    found: dict[int, Row[Any]] = {}
    for row in rows:
        if not CALLING.intersection(row.labels):
            found.setdefault(row.handoff, row)
    return (row.id for row in found.values() if row.decision == Decision.ANSWER)


def _later(connection: Connection, conversations: Collection[str]) -> Mapping[str, list[Row[Any]]]:
    """What customers and agents wrote, by conversation."""
    query = (
        select(
            messages.c.conversation_id,
            messages.c.seq,
            messages.c.author,
            messages.c.text,
            messages.c.choice,
            messages.c.labels,
        )
        .where(messages.c.conversation_id.in_(conversations), messages.c.author.in_((Author.CUSTOMER, Author.AGENT)))
        .order_by(messages.c.conversation_id, messages.c.seq)
    )
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.conversation_id].append(row)
    return found


def _after(row: Row[Any], lines: Iterable[Row[Any]]) -> list[Row[Any]]:
    return [line for line in lines if line.seq > row.seq]


def _question(row: Row[Any], rated: Collection[int], later: Sequence[Row[Any]]) -> Question:
    return Question(
        message=row.id,
        conversation=row.conversation_id,
        text=row.text,
        at=row.created_at,
        why=_why(row, rated),
        chosen=_chosen(row, later),
        answer=_agents_answer(later),
    )


def _why(row: Row[Any], rated: Collection[int]) -> Why:
    if row.id in rated:
        return Why.RATED
    match Decision(row.decision):
        case Decision.DECLINE:
            return Why.DECLINED
        case Decision.CLARIFY:
            return Why.CLARIFIED
        case _:
            return Why.HANDED_OVER


def _chosen(row: Row[Any], later: Sequence[Row[Any]]) -> str | None:
    """Which of the offered labels the customer took next, by its button or, where there was one, by a "ja"."""
    following = next((line for line in later if line.author == Author.CUSTOMER), None)
    if row.decision != Decision.CLARIFY or following is None:
        return None
    if following.choice:
        return next((label for label in row.labels if following.choice == f"/{label}"), None)
    return row.labels[0] if len(row.labels) == 1 and following.labels == ["affirm"] else None


def _agents_answer(later: Sequence[Row[Any]]) -> str | None:
    """What the first agent wrote until the customer wrote again: the answer rarely is in the first line of it."""
    first = next((at for at, line in enumerate(later) if line.author == Author.AGENT), None)
    if first is None:
        return None
    return "\n\n".join(line.text for line in takewhile(lambda line: line.author == Author.AGENT, later[first:]))

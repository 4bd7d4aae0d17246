"""Find conversations: criteria → rows → hits."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, exists, func, literal, or_, select, true

from bot.conversations.model import Author
from bot.insight.excerpts import excerpt
from bot.insight.model import Criteria, Found, Hit
from bot.mailboxes.address import normalise_address
from bot.store.database import Database
from bot.store.letters import lowered
from bot.store.tables import conversations, messages, proofs, tickets
from bot.tickets.numbers import number_in

Condition = ColumnElement[bool]
_said = lowered(messages.c.text)


class SqlSearch:
    """
    The port `bot.insight.ports.Search` on SQLAlchemy.

    Reads every message of the time in question; 100,000 of them take well below a second.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, criteria: Criteria, skip: int, most: int) -> Found:
        """See the port."""
        return await self._database.report(lambda connection: _find(connection, criteria, skip, most))


def _find(connection: Connection, criteria: Criteria, skip: int, most: int) -> Found:
    fitting = select(conversations.c.id).where(*_conditions(criteria))
    page = (
        fitting.add_columns(func.count().over().label("total"))
        .order_by(conversations.c.updated_at.desc(), conversations.c.id)
        .offset(skip)
        .limit(most)
    )
    rows = connection.execute(page).all()
    if not rows:
        total = connection.scalar(select(func.count()).select_from(fitting.subquery())) if skip else 0
        return Found(int(total or 0), ())
    texts = _best_texts(connection, criteria, [row.id for row in rows])
    needles = _needles(criteria)
    return Found(rows[0].total, [Hit(row.id, excerpt(texts.get(row.id, ""), needles)) for row in rows])


def _conditions(criteria: Criteria) -> Sequence[Condition]:
    conditions = [conversations.c.last_seq > 0, _says(criteria)]
    conditions += [_says(criteria, _contains(word)) for word in criteria.words]
    if criteria.channel:
        conditions.append(conversations.c.channel == criteria.channel)
    if criteria.mailbox:
        conditions.append(_about_mailbox(criteria, criteria.mailbox))
    if criteria.ticket:
        conditions.append(_about_ticket(criteria, criteria.ticket))
    return conditions


def _about_mailbox(criteria: Criteria, given: str) -> Condition:
    address = normalise_address(given)
    if address is None:  # a part of one, such as "anna@"
        part = given.lower()
        named: list[Condition] = [table.c.mailbox.contains(part, autoescape=True) for table in (proofs, tickets)]
        mentioned = _contains(part)
    else:
        named = [table.c.mailbox == address for table in (proofs, tickets)]
        # anna@… is no part of johanna@…. What does not contain it at all is found out sooner without the pattern.
        whole = _said.regexp_match(rf"(^|[^a-z0-9._+-]){re.escape(given.lower())}($|[^a-z0-9-])")
        mentioned = and_(_contains(given), whole)
    of_tables = [_has(table, condition) for table, condition in zip((proofs, tickets), named, strict=True)]
    return or_(*of_tables, _says(criteria, mentioned))


def _about_ticket(criteria: Criteria, given: str) -> Condition:
    number = number_in(given)
    ways = [_has(tickets, tickets.c.reference == given)]
    if number:
        ways += [_has(tickets, tickets.c.number == number), _says(criteria, _contains(number))]
    return or_(*ways)


def _has(table: Table, condition: Condition) -> Condition:
    return exists(select(literal(1)).where(table.c.conversation_id == conversations.c.id, condition))


def _says(criteria: Criteria, *conditions: Condition) -> Condition:
    return _has(messages, and_(_in_time(criteria), *conditions))


def _in_time(criteria: Criteria) -> Condition:
    limits: list[Condition] = [true()]
    if criteria.begin:
        limits.append(messages.c.created_at >= criteria.begin)
    if criteria.end:
        limits.append(messages.c.created_at < criteria.end)
    return and_(*limits)


def _contains(word: str) -> Condition:
    return _said.contains(word.lower(), autoescape=True)


def _needles(criteria: Criteria) -> Sequence[str]:
    number = number_in(criteria.ticket) if criteria.ticket else None
    return [needle for needle in (*criteria.words, criteria.mailbox, number) if needle]


def _best_texts(connection: Connection, criteria: Criteria, found: Sequence[str]) -> dict[str, str]:
    """Of each conversation the newest message with the most needles; without any, the customer's newest."""
    worth: list[ColumnElement[Any]] = [case((_contains(needle), 1), else_=0) for needle in _needles(criteria)]
    total = sum(worth[1:], worth[0]) if worth else case((messages.c.author == Author.CUSTOMER, 1), else_=0)
    rank = func.row_number().over(
        partition_by=messages.c.conversation_id, order_by=(total.desc(), messages.c.seq.desc())
    )
    ranked = (
        select(messages.c.conversation_id, messages.c.text, rank.label("rank"))
        .where(messages.c.conversation_id.in_(found), _in_time(criteria))
        .subquery()
    )
    rows = connection.execute(select(ranked.c.conversation_id, ranked.c.text).where(ranked.c.rank == 1))
    return {row.conversation_id: row.text for row in rows}

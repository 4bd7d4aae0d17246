"""Which rows are about one person: conversations of theirs, and others' rows that name their address."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    Text,
    cast,
    func,
    or_,
    select,
    tuple_,
)

from bot.conversations.media import TEXT
from bot.privacy.needle import Needle
from bot.privacy.person import Person
from bot.store.tables import (
    agents,
    attachments,
    channel_notes,
    codes,
    conversations,
    metadata,
    proofs,
    tickets,
    transcript_mails,
)
from bot.tickets.model import Kind

NOT_MASKED = frozenset({agents, channel_notes})
"""Accounts of the staff are not customers' data; a note is deleted, see `notes_of`."""


def own_conversations(connection: Connection, person: Person) -> Sequence[str]:
    """
    Ids of those that are the person's: they write by the channel, or have proven the mailbox there; an agent or the
    bot opened a ticket for it; or they left a message with it as their contact.
    """
    found = set(connection.scalars(_by_address(person)))
    found = {id for id in found if id is not None}
    if person.mailbox and person.needle:
        for query in _by_mailbox(person.mailbox):
            found |= set(connection.scalars(query))
        left = select(tickets.c.conversation_id, tickets.c.contact).where(
            tickets.c.kind == Kind.MESSAGE, _has(tickets.c.contact, person.needle)
        )
        found |= {row.conversation_id for row in connection.execute(left) if person.needle.is_in(row.contact)}
    return sorted(found)


def _by_address(person: Person) -> Any:
    ids = select(conversations.c.id)
    if person.channel:
        return ids.where(conversations.c.channel == person.channel, conversations.c.address == person.customer)
    assert person.mailbox is not None
    own = func.lower(conversations.c.address)
    # By mail: <person>#<thread>, see bot.channels.mail.threads.
    return ids.where(or_(own == person.mailbox, own.like(f"{_escaped(person.mailbox)}#%", escape="\\")))


def _by_mailbox(mailbox: str) -> Iterator[Any]:
    yield select(proofs.c.conversation_id).where(proofs.c.mailbox == mailbox)
    yield select(codes.c.conversation_id).where(codes.c.mailbox == mailbox, codes.c.used)
    yield select(tickets.c.conversation_id).where(tickets.c.mailbox == mailbox)
    yield select(transcript_mails.c.conversation_id).where(transcript_mails.c.mailbox == mailbox)


def mentions(
    connection: Connection, table: Table, needle: Needle, besides: ColumnElement[bool] | None = None
) -> Sequence[tuple[Any, ...]]:
    """Primary keys of the table's rows that hold it; `besides` is a further condition."""
    keys, texts = list(table.primary_key), _texts(table)
    if not texts or table in NOT_MASKED:
        return []
    conditions = [_has(column, needle) for column in texts]
    if table is attachments:
        conditions.append(attachments.c.type == TEXT)
    query = select(*keys, *_contents(table)).where(or_(*conditions))
    rows = connection.execute(query if besides is None else query.where(besides))
    return [tuple(row[: len(keys)]) for row in rows if masked(table, row._mapping, needle, "")]


def masked(table: Table, row: Mapping[Any, Any], needle: Needle, mark: str) -> dict[str, Any]:
    """What to write in its columns, so that the address is not in them any more; empty if it is in none."""
    changes: dict[str, Any] = {}
    for column in _contents(table):
        before = row[column.name]
        if isinstance(column.type, LargeBinary):
            after: Any = needle.blanked(before) if before and row["type"] == TEXT else before
        else:
            after = needle.masked(before, mark)
        if after != before:
            changes[column.name] = after
    return changes


def rows_at(table: Table, keys: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    """The condition that finds them."""
    return tuple_(*table.primary_key).in_(keys)


def contents(table: Table) -> Any:
    """Of a row: its key, and what may hold an address."""
    return select(*table.primary_key, *_contents(table))


def notes_of(connection: Connection, person: Person, places: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Keys of channels' notes about the person, who writes at `places`: channels and addresses."""
    keys = select(channel_notes.c.channel, channel_notes.c.key)
    found = {(row.channel, row.key) for row in connection.execute(keys.where(rows_at(channel_notes, places)))}
    if person.needle:
        named = select(channel_notes).where(
            or_(_has(channel_notes.c.key, person.needle), _has(channel_notes.c.value, person.needle))
        )
        for row in connection.execute(named):
            if person.needle.is_in(row.key) or person.needle.masked(row.value, "") != row.value:
                found.add((row.channel, row.key))
    return sorted(found)


def all_tables() -> Sequence[Table]:
    """Parents first."""
    return metadata.sorted_tables


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if isinstance(column.type, String | JSON) and not column.primary_key]


def _contents(table: Table) -> list[Column[Any]]:
    """Also files, whose type must be known."""
    return [*_texts(table), attachments.c.content] if table is attachments else _texts(table)


def _has(column: Column[Any], needle: Needle) -> ColumnElement[bool]:
    """Whether it may hold it; whoever asks looks closer."""
    return func.lower(cast(column, Text)).like(f"%{_escaped(needle.part.lower())}%", escape="\\")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")

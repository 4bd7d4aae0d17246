"""The steps of an erasure, each within a transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, select, update

from bot.conversations.model import Holder, Status
from bot.privacy.person import Person
from bot.privacy.report import Erased, TicketLeft
from bot.store.privacy.belongings import delete_conversations, hangs_on
from bot.store.privacy.person import all_tables, contents, masked, mentions, notes_of, own_conversations, rows_at
from bot.store.tables import (
    agents,
    audit,
    channel_notes,
    choices,
    codes,
    conversations,
    mails,
    messages,
    proofs,
    tickets,
)
from bot.tickets.model import FINAL

NAMES = frozenset({"channel_message_id", "key"})
"""Columns whose values must stay different from each other."""


@dataclass
class Eraser:
    """Does it, and writes down what it did."""

    person: Person
    mark: str
    """Stands where the address was; one for all places, so that they can be told to be about one person."""
    erased: Erased = field(default_factory=Erased)

    def erase_conversations(self, connection: Connection, ids: Sequence[str]) -> None:
        """Those of the person."""
        self._note_what_to_know(connection, ids)
        self._delete_notes(connection, _places(connection, ids))
        # Who did what stays; of whom goes: an attachment's name, what was searched for.
        theirs = update(audit).where(audit.c.conversation_id.in_(ids), audit.c.subject.is_not(None))
        connection.execute(theirs.values(subject=self.mark))
        self.erased.deleted += delete_conversations(connection, ids)

    def erase_rows(self, connection: Connection) -> None:
        """What is about the mailbox in conversations of others, who did not prove that it is theirs."""
        self._note_staff(connection)
        self._delete_notes(connection, [])
        for table, here in self._their_rows():
            if rows := connection.execute(delete(table).where(here)).rowcount:
                self.erased.deleted[table.name] += rows

    def mask(self, connection: Connection, table: Table, keys: Sequence[Any]) -> None:
        """Reads again what is changed, as somebody may have written it since it was found."""
        assert self.person.needle is not None
        for row in connection.execute(contents(table).where(rows_at(table, keys)).with_for_update()).all():
            changes = masked(table, row._mapping, self.person.needle, self.mark)
            if changes:
                _write(connection, table, rows_at(table, [tuple(row[: len(table.primary_key)])]), changes)
                self.erased.masked[table.name] += 1

    def count(self, connection: Connection) -> None:
        """What the others would do, without doing it."""
        own = own_conversations(connection, self.person)
        self._note_what_to_know(connection, own)
        self._note_staff(connection)
        if notes := notes_of(connection, self.person, _places(connection, own)):
            self.erased.deleted[channel_notes.name] += len(notes)
        for table in all_tables():
            here = conversations.c.id.in_(own) if table is conversations else hangs_on(table, own)
            if here is not None and (rows := _count(connection, table, here)):
                self.erased.deleted[table.name] += rows
            if keys := self.find(connection, table, None if here is None else ~here):
                self.erased.masked[table.name] += len(keys)
        for table, here in self._their_rows():
            besides = hangs_on(table, own)
            if rows := _count(connection, table, here if besides is None else here & ~besides):
                self.erased.deleted[table.name] += rows
                # They hold the address, so they were found above as well.
                self.erased.masked[table.name] -= rows
        self.erased.masked = +self.erased.masked

    def find(
        self, connection: Connection, table: Table, besides: ColumnElement[bool] | None = None
    ) -> Sequence[tuple[Any, ...]]:
        """Keys of rows that hold the address."""
        return mentions(connection, table, self.person.needle, besides) if self.person.needle else ()

    def _note_what_to_know(self, connection: Connection, ids: Sequence[str]) -> None:
        for row in connection.execute(select(tickets).where(tickets.c.conversation_id.in_(ids))):
            left = TicketLeft(row.number, row.reference, row.state not in FINAL, row.status == Status.SENT)
            self.erased.tickets.append(left)
        held = conversations.c.holder.in_((Holder.QUEUED, Holder.AGENT))
        self.erased.held += _count(connection, conversations, conversations.c.id.in_(ids) & held)
        proven = select(proofs.c.mailbox).where(proofs.c.conversation_id.in_(ids))
        self.erased.mailboxes |= set(connection.scalars(proven)) - {self.person.mailbox or ""}

    def _note_staff(self, connection: Connection) -> None:
        staff = select(agents.c.login).where(agents.c.login == (self.person.mailbox or ""))
        self.erased.staff = list(connection.scalars(staff))

    def _their_rows(self) -> Sequence[tuple[Table, ColumnElement[bool]]]:
        if self.person.mailbox is None:
            return ()
        columns = (codes.c.mailbox, mails.c.recipient)
        return [(column.table, func.lower(column) == self.person.mailbox) for column in columns]

    def _delete_notes(self, connection: Connection, places: Sequence[tuple[str, str]]) -> None:
        if keys := notes_of(connection, self.person, places):
            connection.execute(delete(channel_notes).where(rows_at(channel_notes, keys)))
            self.erased.deleted[channel_notes.name] += len(keys)


def _places(connection: Connection, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    query = select(conversations.c.channel, conversations.c.address).where(conversations.c.id.in_(ids))
    return [(row.channel, row.address) for row in connection.execute(query)]


def _count(connection: Connection, table: Table, here: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).select_from(table).where(here)) or 0)


def _write(connection: Connection, table: Table, here: ColumnElement[bool], changes: dict[str, Any]) -> None:
    if table is choices:
        # A button whose payload is not true any more must not be pressed.
        connection.execute(delete(choices).where(here))
        return
    changes |= {name: secrets.token_hex(8) for name in NAMES & changes.keys()}
    if table is conversations:
        # Half of a memory makes no sense: the dialogue begins anew.
        changes |= {"state": None, "awaits_code": False}
    connection.execute(update(table).where(here).values(changes))
    if (whose := _conversation_of(table, here)) is not None:
        again = update(conversations).where(conversations.c.id.in_(whose))
        connection.execute(again.values(edition=conversations.c.edition + 1))


def _conversation_of(table: Table, here: ColumnElement[bool]) -> Select[tuple[str]] | None:
    """Whose turn may know what was put out."""
    if table is conversations:
        return select(conversations.c.id).where(here)
    return select(messages.c.conversation_id).where(here) if table is messages else None

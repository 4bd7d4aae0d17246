"""All that is stored about one person: rows → words that they understand."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from bot.privacy.person import Person
from bot.store.database import Database
from bot.store.privacy.belongings import hangs_on
from bot.store.privacy.dossier_files import render_file
from bot.store.privacy.person import all_tables, mentions, notes_of, own_conversations, rows_at
from bot.store.tables import (
    agents,
    attachments,
    audit,
    channel_notes,
    codes,
    conversations,
    handoffs,
    mails,
    messages,
    notes,
    outbox,
    proofs,
    ratings,
    tickets,
    transcript_mails,
    verdicts,
)

WORDS: Mapping[str, str] = {
    "created_at": "at",
    "asked_at": "at",
    "author": "from",
    "decision": "what_the_bot_did",
    "labels": "what_the_bot_understood",
    "confidence": "how_sure_it_was",
    "choice": "button_pressed",
    "until": "valid_until",
    "tries": "times_typed",
    "dropped": "not_sent_because",
    "point": "state_of",
    "reference": "number_in_the_ticket_system",
    "status": "delivery",
    "queued_at": "called_at",
    "claimed_at": "taken_at",
    "close_reason": "closed_because",
    "label": "about_entry",
    "unreachable": "not_reachable_because",
    "holder": "answered_by",
    "updated_at": "last_change",
    "consent": "privacy_words_seen",
    "consent_at": "privacy_words_seen_at",
}
"""Columns whose names mean little to others."""
PARTS: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    "proven_mailboxes": (proofs, ("mailbox", "until")),
    "one_time_codes": (codes, ("mailbox", "asked_at", "tries", "used", "dropped")),
    "tickets": (
        tickets,
        (
            *("number", "kind", "mailbox", "folder", "point", "target", "text", "contact", "state", "reference"),
            *("opened_at", "updated_at", "status", "last_error"),
        ),
    ),
    "transcripts_mailed": (transcript_mails, ("mailbox", "asked_at")),
    "calls_for_a_person": (
        handoffs,
        ("reason", "queued_at", "claimed_at", "answered_at", "ended_at", "outcome", "close_reason"),
    ),
    "notes_of_our_staff": (notes, ("text", "created_at")),
    "ratings": (ratings, ("stars", "comment", "label", "created_at")),
    # Not who: agents have rights of their own.
    "what_our_staff_did": (audit, ("at", "action", "subject")),
}
"""Of each conversation."""
SAID = ("author", "text", "choice", "created_at", "decision", "labels", "confidence")
ABOUT = ("channel", "holder", "unreachable", "consent", "consent_at", "created_at", "updated_at")


class SqlDossier:
    """The port `bot.privacy.ports.Dossier` on SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def collect(self, person: Person, files: Path | None) -> dict[str, Any]:
        """See the port."""
        return await self._database.report(lambda connection: _collect(connection, person, files))


def _collect(connection: Connection, person: Person, files: Path | None) -> dict[str, Any]:
    own = own_conversations(connection, person)
    here = conversations.c.id.in_(own)
    places = connection.execute(select(conversations.c.channel, conversations.c.address).where(here)).all()
    found = notes_of(connection, person, [tuple(place) for place in places])
    kept = connection.execute(select(channel_notes).where(rows_at(channel_notes, found)))
    return {
        "conversations": [_conversation(connection, id, files) for id in own],
        "codes_asked_for_elsewhere": _rows(connection, _codes_elsewhere(person, own), PARTS["one_time_codes"][1]),
        "mails": _rows(connection, _mails(person), ("recipient", "subject", "status", "until")),
        "notes_of_channels": [{"channel": row.channel, "key": row.key, "note": row.value} for row in kept],
        # What they say is about those who wrote it.
        "named_in_rows_of_others": _named(connection, person, own),
    }


def _conversation(connection: Connection, id: str, files: Path | None) -> dict[str, Any]:
    row = connection.execute(select(conversations).where(conversations.c.id == id)).one()
    parts = {
        name: _rows(connection, select(table).where(table.c.conversation_id == id), columns)
        for name, (table, columns) in PARTS.items()
    }
    return {
        "id": id,
        # For the widget it is the hash of a secret, which says nothing.
        "customer": row.address,
        **_words(row._mapping, ABOUT),
        "memory_of_the_bot": _memory(row.state),
        "messages": _messages(connection, id, files),
        **parts,
    }


def _messages(connection: Connection, conversation: str, files: Path | None) -> list[dict[str, Any]]:
    query = (
        select(messages, agents.c.name, outbox.c.status, outbox.c.sent_at, verdicts.c.verdict, verdicts.c.label)
        .outerjoin(agents, agents.c.id == messages.c.agent_id)
        .outerjoin(outbox, outbox.c.message_id == messages.c.id)
        .outerjoin(verdicts, verdicts.c.message_id == messages.c.id)
        .where(messages.c.conversation_id == conversation)
        .order_by(messages.c.seq)
    )
    lines = []
    for row in connection.execute(query).all():
        more = {
            "agent": row.name,
            "delivery": row.status,
            "delivered_at": _plain(row.sent_at),
            "learnt_as": row.verdict,
            "learnt_for": row.label,
            "files": _files(connection, row.id, files),
        }
        lines.append(_words(row._mapping, SAID) | {key: value for key, value in more.items() if value})
    return lines


def _files(connection: Connection, message: int, folder: Path | None) -> list[dict[str, Any]]:
    query = select(attachments).where(attachments.c.message_id == message).order_by(attachments.c.id)
    return [render_file(row, folder) for row in connection.execute(query)]


def _codes_elsewhere(person: Person, own: Sequence[str]) -> Select[Any]:
    return select(codes).where(codes.c.mailbox == (person.mailbox or ""), codes.c.conversation_id.not_in(own))


def _mails(person: Person) -> Select[Any]:
    return select(mails).where(func.lower(mails.c.recipient) == (person.mailbox or ""))


def _named(connection: Connection, person: Person, own: Sequence[str]) -> list[dict[str, Any]]:
    if person.needle is None:
        return []
    found = []
    for table in all_tables():
        here = conversations.c.id.in_(own) if table is conversations else hangs_on(table, own)
        keys = mentions(connection, table, person.needle, None if here is None else ~here)
        if keys and table not in {codes, mails}:
            found.append({"table": table.name, "rows": len(keys), "at": _times(connection, table, keys)})
    return found


def _times(connection: Connection, table: Table, keys: Sequence[Any]) -> list[Any]:
    column = next((table.c[name] for name in ("created_at", "at", "asked_at") if name in table.c), None)
    if column is None:
        return []
    query = select(column).where(rows_at(table, keys)).order_by(column)
    return [_plain(at) for at in connection.scalars(query)]


def _rows(connection: Connection, query: Select[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
    return [_words(row._mapping, columns) for row in connection.execute(query)]


def _words(row: Mapping[Any, Any], columns: Sequence[str]) -> dict[str, Any]:
    values = {WORDS.get(name, name): _plain(row[name]) for name in columns}
    return {name: value for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _memory(state: str | None) -> Any:
    """The dialogue's own JSON; as text where it is none."""
    try:
        return json.loads(state) if state else None
    except ValueError:
        return state

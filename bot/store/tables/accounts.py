"""What is about customers' mailboxes: proofs, tickets, codes, mails."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from bot.store.tables.base import TRACEPARENT, Moment, metadata

proofs = Table(
    "proofs",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("mailbox", String(320), primary_key=True),
    Column("until", Moment, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", String(16), primary_key=True),
    # What was wished, once: "<conversation>:<message>".
    Column("key", String(80), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("kind", String(16), nullable=False, server_default="restore"),
    # To restore: which mailbox, which folder of it (NULL: all of it), as of when, and whereto.
    Column("mailbox", String(320)),
    Column("folder", Text),
    Column("point", Moment),
    Column("target", String(16)),
    # A message: its words.
    Column("text", Text),
    Column("contact", Text, nullable=False),
    Column("state", String(16), nullable=False),
    # The ticket system's number.
    Column("reference", String(255)),
    Column("opened_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    # The way to the ticket system, as in the outbox.
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Moment),
    Column("last_error", Text),
    # What `python -m bot tickets set` wants, where there is no ticket system.
    Column("set_by_hand", String(16)),
    # Of the trace that it goes on in.
    Column("traceparent", String(TRACEPARENT)),
    Index(None, "status", "next_try_at"),
    Index(None, "mailbox"),
    Index(None, "conversation_id"),
)

codes = Table(
    "codes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("mailbox", String(320), nullable=False),
    Column("asked_at", Moment, nullable=False),
    # When to decide on it; NULL: decided.
    Column("next_try_at", Moment),
    # Of the code that was sent; NULL: none was.
    Column("digest", String(64)),
    # Why none was.
    Column("dropped", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("used", Boolean, nullable=False, server_default=false()),
    # Of the trace that it goes on in.
    Column("traceparent", String(TRACEPARENT)),
    Index(None, "next_try_at"),
    Index(None, "mailbox", "asked_at"),
    Index(None, "conversation_id", "mailbox"),
)

mails = Table(
    "mails",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # The text, encrypted; empty as soon as it is sent, or dead and nobody wants it any more.
    Column("sealed", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Moment),
    Column("last_error", Text),
    # Of the trace that it goes on in.
    Column("traceparent", String(TRACEPARENT)),
    Index(None, "status", "next_try_at"),
)

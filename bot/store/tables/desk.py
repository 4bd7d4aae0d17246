"""People at the desk, what they hold, and what customers think of it."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false, text, true

from bot.store.tables.base import TRACEPARENT, Moment, metadata

agents = Table(
    "agents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # Lower-case e-mail address.
    Column("login", String(255), nullable=False, unique=True),
    # As customers see it.
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    # Names of groups, as JSON list.
    Column("groups", JSON, nullable=False),
    # Conversations that may be held at once.
    Column("seats", Integer, nullable=False),
    # argon2; NULL: signs in by OpenID Connect only.
    Column("password_hash", Text),
    # "<issuer> <sub>" of OpenID Connect.
    Column("subject", String(512), unique=True),
    Column("active", Boolean, nullable=False, server_default=true()),
    # Of the desk's pages.
    Column("language", String(2), nullable=False, server_default="de"),
    # Last sign of life at the desk; NULL: signed out.
    Column("seen_at", Moment),
    # Takes no new conversations.
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the cookie.
    Column("digest", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    # What requests that change something must send in a header.
    Column("csrf", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Index(None, "agent_id"),
)

# Wrong passwords in a row. Not in `agents`: a login that no account has is locked as well, so that nobody
# learns which ones there are.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    # SHA-256 of the login in lower case.
    Column("digest", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    # Until then no password is looked at.
    Column("locked_until", Moment),
    Column("tried_at", Moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    # NULL: nobody was signed in, or the command line.
    Column("agent_id", ForeignKey("agents.id")),
    Column("action", String(40), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id")),
    # What it was done to, or with: a number, a mailbox, a reason.
    Column("subject", Text),
    # The network address that it came from.
    Column("source", Text),
    Index(None, "at"),
    Index(None, "conversation_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("reason", String(16), nullable=False),
    # Of people that it waits for; NULL: everybody.
    Column("group", String(64)),
    # Who holds it; NULL: it waits.
    Column("agent_id", ForeignKey("agents.id")),
    Column("queued_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    # When an agent first wrote.
    Column("answered_at", Moment),
    Column("ended_at", Moment),
    Column("outcome", String(16)),
    # Why the agent closed it.
    Column("close_reason", Text),
    # At most one at a time.
    Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "ended_at", "agent_id", "id"),
    Index(None, "queued_at"),
    Index(None, "conversation_id"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "conversation_id"),
)

canned = Table(
    "canned",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("title", String(120), nullable=False, unique=True),
    # Markdown with placeholders: {kunde}, {agent}, {postfach}, {auftrag}.
    Column("text", Text, nullable=False),
    Column("agent_id", ForeignKey("agents.id")),
    Column("updated_at", Moment, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    # One of an answer: the answer, and its entry. One of a conversation: NULL.
    Column("message_id", ForeignKey("messages.id"), unique=True),
    Column("label", String(255)),
    # One of a conversation: the hand-off that ended, if one did, and its agent.
    Column("handoff_id", ForeignKey("handoffs.id"), unique=True),
    Column("agent_id", ForeignKey("agents.id")),
    # 1 to 5; an answer's thumb is 5 (up) or 1 (down).
    Column("stars", Integer, nullable=False),
    Column("comment", Text),
    Column("created_at", Moment, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "label"),
)

transcript_mails = Table(
    "transcript_mails",
    metadata,
    # What was wished, once: "<conversation>:<message>".
    Column("key", String(120), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    # Proven; the mail went to the contact address that is on file for it.
    Column("mailbox", String(320), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Index(None, "conversation_id", "asked_at"),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # The `webhook-id`: the same on every attempt.
    Column("key", String(40), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("type", String(40), nullable=False),
    # What it says; {} as soon as it is sent, since it repeats what customers wrote.
    Column("data", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    # The way to the other system, as in the outbox.
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Moment),
    Column("last_error", Text),
    # Of the trace that it goes on in.
    Column("traceparent", String(TRACEPARENT)),
    Index(None, "status", "next_try_at"),
    Index(None, "conversation_id", "status"),
)

"""Conversations, their messages, and the way of these to channels."""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.store.tables.base import TRACEPARENT, Moment, metadata

_WAITING = text("done_at IS NULL AND author = 'customer'")

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("channel", String(32), nullable=False),
    # Who writes, in the channel's terms; for the web channel the hash of the conversation's secret.
    Column("address", String(255), nullable=False),
    Column("holder", String(16), nullable=False),
    # The dialogue's memory (bot.dialogue.state), opaque here.
    Column("state", Text),
    # Highest `seq` given to a message so far.
    Column("last_seq", Integer, nullable=False),
    # Whether the next message may hold a one-time code, which must not be stored in clear.
    Column("awaits_code", Boolean, nullable=False, server_default=false()),
    # Highest `seq` that the customer's device is known to have, and to have shown.
    Column("delivered_seq", Integer, nullable=False, server_default="0"),
    Column("read_seq", Integer, nullable=False, server_default="0"),
    # The worker that takes its turns, where there are several; see bot.store.claims.
    Column("leased_by", String(16)),
    # Grows when something is taken out of it: a turn that began before that is taken anew.
    Column("edition", Integer, nullable=False, server_default="0"),
    # Which words about privacy the customer saw, or accepted, and when.
    Column("consent", String(64)),
    Column("consent_at", Moment),
    # Why nothing reaches the customer, such as that they block us; NULL: it does.
    Column("unreachable", Text),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("channel", "address"),
    Index(None, "holder"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    # Grows within a conversation; what a client has seen is a number.
    Column("seq", Integer, nullable=False),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    # The customer's: the channel's id of it; the same id again is the same message. An agent's: the desk's id
    # of it, for the same purpose. The bot's: NULL.
    Column("channel_message_id", String(255)),
    # The agent who wrote it, or whom a notice is about.
    # No foreign key: SQLite adds none to a table that others refer to.
    Column("agent_id", Integer),
    # The payload of the button that was pressed.
    Column("choice", Text),
    # Of the code in the text, which is masked there; NULL as soon as the turn is over.
    Column("code_digest", String(64)),
    # The bot's: [{"id", "title"}] as shown.
    Column("buttons", JSON),
    # The bot's: the message that it answers.
    Column("answers", ForeignKey("messages.id")),
    Column("created_at", Moment, nullable=False),
    # The customer's: when its turn was over, or when it came, if a person holds the conversation; NULL: still to do.
    Column("done_at", Moment),
    # How often its turn began and the process died; counted when it is taken again.
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("decision", String(16)),
    Column("labels", JSON),
    Column("confidence", Float),
    # The customer's: of the trace that it came in by, where there are traces (bot.tracing).
    Column("traceparent", String(TRACEPARENT)),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "channel_message_id"),
    Index(None, "done_at"),
    Index(None, "answers"),
    Index(None, "decision"),
    Index(None, "created_at"),
    # What waits for its turn, which is little at any time; its condition is that of bot.store.holding.WAITING.
    Index("ix_messages_waiting", "conversation_id", "seq", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

choices = Table(
    "choices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Index(None, "conversation_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Of a long message: how many parts of it have arrived.
    Column("parts_sent", Integer, nullable=False, server_default="0"),
    # With it people take over in the channel's own system.
    Column("hands_over", Boolean, nullable=False, server_default=false()),
    Column("next_try_at", Moment),
    Column("last_error", Text),
    Column("sent_at", Moment),
    # Of the trace that it goes on in.
    Column("traceparent", String(TRACEPARENT)),
    Index(None, "status", "next_try_at"),
    Index(None, "conversation_id", "status"),
)

# What customers attached, where it is kept (POSTBOTE_ATTACHMENTS).
attachments = Table(
    "attachments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    # SHA-256 of the reference: the same file is expected once.
    Column("key", String(64), nullable=False),
    Column("name", Text, nullable=False),
    # As the channel says; of one that is kept by its content.
    Column("type", Text, nullable=False),
    Column("size", BigInteger),
    # What the channel needs to fetch it.
    Column("reference", Text, nullable=False),
    Column("state", String(16), nullable=False),
    # Why it is not kept, or what failed last.
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # NULL: nothing more is to be done.
    Column("next_try_at", Moment),
    # Last, so that whatever does not ask for it need not pass it.
    Column("content", LargeBinary),
    UniqueConstraint("message_id", "key"),
    Index(None, "next_try_at"),
)

# What channels must remember, see bot.channels.port.Notes.
channel_notes = Table(
    "channel_notes",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

# Processes that take turns, where there are several.
workers = Table(
    "workers",
    metadata,
    Column("name", String(16), primary_key=True),
    # By the database's clock.
    Column("seen_at", Moment, nullable=False),
)

# What only one process may do at a time, such as to deliver.
leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(16), nullable=False),
    # By the database's clock.
    Column("until", Moment, nullable=False),
)

# What was counted against limits, where several processes share the database; without a log that would survive a
# crash (UNLOGGED).
hits = Table(
    "hits",
    metadata,
    # A digest: whom it is about can be an address.
    Column("key", LargeBinary, primary_key=True),
    # By the database's clock, in seconds.
    Column("ends", ARRAY(Float).with_variant(JSON, "sqlite"), nullable=False),
    Column("counts", ARRAY(Integer).with_variant(JSON, "sqlite"), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("at", Float, nullable=False),
)

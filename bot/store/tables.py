"""The tables; every change of them is a migration (bot/store/migrations)."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no zone, so it is put back when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could say when it is."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone. Use bot.clock.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always with a zone."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("channel", "address"),
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
    # The customer's: the channel's id of it; the same id again is the same message. The bot's: NULL.
    Column("channel_message_id", String(255)),
    # The payload of the button that was pressed.
    Column("choice", Text),
    # Of the code in the text, which is masked there; NULL as soon as the turn is over.
    Column("code_digest", String(64)),
    # The bot's: [{"id", "title"}] as shown.
    Column("buttons", JSON),
    # The bot's: the message that it answers.
    Column("answers", ForeignKey("messages.id")),
    Column("created_at", Moment, nullable=False),
    # The customer's: when its turn was over; NULL: still to do.
    Column("done_at", Moment),
    # How often its turn began and the process died; counted when it is taken again.
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("decision", String(16)),
    Column("labels", JSON),
    Column("confidence", Float),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "channel_message_id"),
    Index(None, "done_at"),
    Index(None, "answers"),
)

choices = Table(
    "choices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("payload", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Moment),
    Column("last_error", Text),
    Column("sent_at", Moment),
    Index(None, "status", "next_try_at"),
    Index(None, "conversation_id", "status"),
)

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
    Column("mailbox", String(320), nullable=False),
    # NULL: the whole mailbox.
    Column("folder", Text),
    Column("point", Moment, nullable=False),
    Column("target", String(16), nullable=False),
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
    Index(None, "status", "next_try_at"),
    Index(None, "mailbox"),
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
    # The text, encrypted; empty as soon as it is sent or given up.
    Column("sealed", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Moment),
    Column("last_error", Text),
    Index(None, "status", "next_try_at"),
)

"""What editors made of questions, publications of their changes, and the models that came of them."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from bot.store.tables.base import Moment, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # 1 while it is under way, then NULL: of two at a time the second one breaks the rule.
    Column("slot", Integer, unique=True),
    Column("stage", String(16), nullable=False),
    # What it is doing, or why it ended as it did.
    Column("message", Text, nullable=False),
    # [{"path", "before", "after"}]: the files' texts, so that they can be restored after a crash.
    Column("edits", JSON, nullable=False),
    # Figures of the model that was in use, and of the new one.
    Column("before", JSON),
    Column("after", JSON),
    Column("agent_id", ForeignKey("agents.id")),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

models = Table(
    "models",
    metadata,
    # Fingerprint of the sources that it was trained on; its file's name.
    Column("version", String(64), primary_key=True),
    # Fingerprint of the sources when it was activated.
    Column("sources", String(64), nullable=False),
    # What was in use before it first was.
    Column("previous", String(64)),
    Column("figures", JSON),
    # The publication that it came of; NULL: trained when the server started.
    Column("job_id", ForeignKey("jobs.id")),
    # The newest is the one in use.
    Column("activated_at", Moment, nullable=False),
    Index(None, "activated_at"),
)

# The files of models, for processes on other hosts; only on a database that hosts can share.
model_files = Table(
    "model_files",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("kept_at", Moment, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("verdict", String(16), nullable=False),
    # The entry that it became a phrasing of.
    Column("label", String(255)),
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("agent_id", ForeignKey("agents.id")),
    Column("at", Moment, nullable=False),
    Index(None, "job_id"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # As in docs/desk-protocol.md.
    Column("change", JSON, nullable=False),
    Column("agent_id", ForeignKey("agents.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

"""The tables; every change of them is a migration (bot/store/migrations)."""

from bot.store.tables.accounts import codes, mails, proofs, tickets
from bot.store.tables.base import Moment, metadata
from bot.store.tables.conversations import (
    attachments,
    channel_notes,
    choices,
    conversations,
    hits,
    leases,
    messages,
    outbox,
    workers,
)
from bot.store.tables.desk import (
    agents,
    audit,
    canned,
    events,
    handoffs,
    notes,
    ratings,
    sessions,
    sign_in_tries,
    transcript_mails,
)
from bot.store.tables.learning import jobs, model_files, models, proposals, verdicts
from bot.store.tables.schema import compatibility

__all__ = [
    "Moment",
    "agents",
    "attachments",
    "audit",
    "canned",
    "channel_notes",
    "choices",
    "codes",
    "compatibility",
    "conversations",
    "events",
    "handoffs",
    "hits",
    "jobs",
    "leases",
    "mails",
    "messages",
    "metadata",
    "model_files",
    "models",
    "notes",
    "outbox",
    "proofs",
    "proposals",
    "ratings",
    "sessions",
    "sign_in_tries",
    "tickets",
    "transcript_mails",
    "verdicts",
    "workers",
]

"""Which rows of each table have been kept for their time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, exists, func, or_, select

from bot.conversations.model import Holder, Status
from bot.privacy.kinds import Kind, Periods
from bot.store.privacy.belongings import AT_ONCE
from bot.store.tables import (
    agents,
    attachments,
    audit,
    canned,
    channel_notes,
    choices,
    codes,
    compatibility,
    conversations,
    events,
    handoffs,
    hits,
    jobs,
    leases,
    mails,
    messages,
    model_files,
    models,
    notes,
    outbox,
    proofs,
    proposals,
    ratings,
    sessions,
    sign_in_tries,
    tickets,
    transcript_mails,
    verdicts,
    workers,
)
from bot.tickets.model import FINAL

LASTING = ("cursor", "place", "me")
"""Notes of a channel about itself: where it is in the mailbox or the stream of events, and its own name."""


@dataclass(frozen=True)
class Before:
    """Rows that are older than these moments have been kept for their time."""

    now: datetime
    periods: Periods

    def of(self, kind: Kind) -> datetime:
        """The kind's."""
        return self.now - self.periods.of[kind]

    @property
    def open_ticket(self) -> datetime:
        """Of a ticket that nobody ended."""
        return self.now - self.periods.open_tickets


@dataclass(frozen=True)
class Rule:
    """Of one table."""

    table: Table
    due: Callable[[Before], ColumnElement[bool]]
    blank: Mapping[str, Any] = field(default_factory=dict)
    """Columns that are emptied; the row stays then."""
    batch: int = 200


def _old_message(before: datetime) -> Any:
    return select(messages.c.id).where(messages.c.created_at < before)


def _mail(kind: Kind, status: Status) -> Rule:
    last_try = func.coalesce(mails.c.next_try_at, mails.c.until)
    return Rule(mails, lambda before: and_(mails.c.status == status, last_try < before.of(kind)))


def _event(kind: Kind, status: Status) -> Rule:
    return Rule(events, lambda before: and_(events.c.status == status, events.c.created_at < before.of(kind)))


def _old_proof(before: Before) -> ColumnElement[bool]:
    # It tells whose the conversation is, so it stays as long as that goes on.
    moment = before.of(Kind.PROOFS)
    quiet = select(conversations.c.id).where(conversations.c.updated_at < moment)
    return and_(proofs.c.until < moment, proofs.c.conversation_id.in_(quiet))


def _ended_ticket(before: Before) -> ColumnElement[bool]:
    done = and_(tickets.c.state.in_(FINAL), tickets.c.updated_at < before.of(Kind.TICKETS))
    return or_(done, tickets.c.updated_at < before.open_ticket)


def _quiet_conversation(before: Before) -> ColumnElement[bool]:
    open_ticket = exists().where(
        tickets.c.conversation_id == conversations.c.id,
        tickets.c.state.not_in(FINAL),
        tickets.c.updated_at >= before.open_ticket,
    )
    return and_(
        conversations.c.updated_at < before.of(Kind.CONVERSATIONS),
        conversations.c.holder.not_in((Holder.QUEUED, Holder.AGENT)),
        ~open_ticket,
    )


def _orphaned_note(before: Before) -> ColumnElement[bool]:
    theirs = exists().where(
        conversations.c.channel == channel_notes.c.channel, conversations.c.address == channel_notes.c.key
    )
    old = channel_notes.c.updated_at < before.of(Kind.CONTACTS)
    return and_(old, channel_notes.c.key.not_in(LASTING), ~theirs)


RULES: Mapping[Kind, Sequence[Rule]] = {
    Kind.DELIVERIES: (
        Rule(
            outbox,
            lambda before: and_(outbox.c.status == Status.SENT, outbox.c.sent_at < before.of(Kind.DELIVERIES)),
        ),
    ),
    Kind.DEAD_LETTERS: (
        Rule(
            outbox,
            lambda before: and_(
                outbox.c.status == Status.DEAD, outbox.c.message_id.in_(_old_message(before.of(Kind.DEAD_LETTERS)))
            ),
        ),
        _mail(Kind.DEAD_LETTERS, Status.DEAD),
        _event(Kind.DEAD_LETTERS, Status.DEAD),
    ),
    Kind.EVENTS: (_event(Kind.EVENTS, Status.SENT),),
    Kind.MAILS: (
        _mail(Kind.MAILS, Status.SENT),
        Rule(transcript_mails, lambda before: transcript_mails.c.asked_at < before.of(Kind.MAILS)),
    ),
    Kind.CODES: (Rule(codes, lambda before: codes.c.asked_at < before.of(Kind.CODES)),),
    Kind.PROOFS: (Rule(proofs, _old_proof),),
    Kind.FILES: (
        # Few at a time, as they are large.
        Rule(attachments, lambda before: attachments.c.message_id.in_(_old_message(before.of(Kind.FILES))), batch=20),
    ),
    Kind.RATINGS: (Rule(ratings, lambda before: ratings.c.created_at < before.of(Kind.RATINGS)),),
    Kind.PROPOSALS: (Rule(proposals, lambda before: proposals.c.at < before.of(Kind.PROPOSALS)),),
    Kind.PUBLICATIONS: (
        Rule(
            jobs,
            lambda before: and_(jobs.c.ended_at < before.of(Kind.PUBLICATIONS), cast(jobs.c.edits, Text) != "[]"),
            blank={"edits": []},
        ),
    ),
    Kind.TICKETS: (Rule(tickets, _ended_ticket),),
    Kind.CONVERSATIONS: (Rule(conversations, _quiet_conversation, batch=AT_ONCE),),
    Kind.CONTACTS: (Rule(channel_notes, _orphaned_note),),
    Kind.AUDIT: (Rule(audit, lambda before: audit.c.at < before.of(Kind.AUDIT)),),
    Kind.SIGN_INS: (
        Rule(sessions, lambda before: sessions.c.until < before.of(Kind.SIGN_INS)),
        Rule(
            sign_in_tries,
            lambda before: and_(
                sign_in_tries.c.tried_at < before.of(Kind.SIGN_INS),
                or_(sign_in_tries.c.locked_until.is_(None), sign_in_tries.c.locked_until < before.now),
            ),
        ),
    ),
}
HANGING = (messages, choices, handoffs, notes, verdicts)
"""They go with their conversation; so do rows of the tables above that hang on one."""
KEPT: Mapping[Table, str] = {
    agents: "accounts of the staff: the audit log and transcripts name them; admins deactivate them",
    canned: "texts of the staff, about no customer",
    models: "names and figures of models, about nobody",
    model_files: "models, of which the newest five are kept; what they are trained on is masked",
    compatibility: "which releases the tables fit: one row",
    hits: "digests of whom a limit counts; bot.store.limiter deletes them when their time is over",
    leases: "which process leads: one row",
    workers: "processes that take turns: a row each, which goes when they end",
}

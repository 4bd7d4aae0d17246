"""The road of one conversation: rows of many tables → its steps."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from bot.conversations.model import Author
from bot.insight.trace import Detail, Personal, Step, Trace, UnknownTraceError
from bot.store.database import Database
from bot.store.tables import (
    attachments,
    audit,
    codes,
    conversations,
    events,
    handoffs,
    messages,
    notes,
    outbox,
    ratings,
    tickets,
    transcript_mails,
)
from bot.tracing import trace_id_of

LATER = datetime.max.replace(tzinfo=UTC)


class SqlTraces:
    """The port `bot.insight.trace.Traces` on SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, conversation: str) -> Trace:
        """See the port."""
        return await self._database.report(lambda connection: _get(connection, conversation))


def _get(connection: Connection, name: str) -> Trace:
    channel, _, address = name.partition(":")
    by_address = (conversations.c.channel == channel) & (conversations.c.address == address)
    found = connection.execute(select(conversations).where(or_(conversations.c.id == name, by_address))).first()
    if found is None:
        raise UnknownTraceError(f"There is no conversation {name}. Name its id, or channel:address such as rest:4711.")
    steps = [step for read in READERS for row in connection.execute(read.query(found.id)) for step in read.steps(row)]
    facts: dict[str, Detail] = {
        "channel": found.channel,
        "address": Personal(found.address),
        "holder": found.holder,
        "messages": found.last_seq,
        "seen": f"delivered {found.delivered_seq}, read {found.read_seq}",
        "worker": found.leased_by,
        "unreachable": found.unreachable,
        "began": found.created_at.isoformat(),
    }
    return Trace(found.id, facts, sorted(steps, key=lambda step: step.at or LATER))


def _message(row: Row[Any]) -> Iterator[Step]:
    if row.author != Author.CUSTOMER:
        details = {
            "seq": row.seq,
            "text": Personal(row.text),
            "answers": row.answers,
            "buttons": len(row.buttons or ()),
        }
        yield Step(row.created_at, "reply", f"{row.author} {row.id}", details)
        return
    came: dict[str, Detail] = {
        "seq": row.seq,
        "text": Personal(row.text),
        "pressed": _personal(row.choice),
        "trace_id": trace_id_of(row.traceparent),
    }
    yield Step(row.created_at, "intake", f"message {row.id} accepted", came)
    if row.done_at is None:
        yield Step(None, "turn", f"message {row.id} waits for its turn", {"deaths": row.deaths})
    elif row.decision is None:
        yield Step(row.done_at, "turn", f"message {row.id} got none", {"deaths": row.deaths})
    else:
        turned: dict[str, Detail] = {
            "labels": ", ".join(row.labels or ()),
            "confidence": row.confidence,
            "deaths": row.deaths,
            "seconds": (row.done_at - row.created_at).total_seconds(),
        }
        yield Step(row.done_at, "turn", f"message {row.id}: {row.decision}", turned)


def _delivery(row: Row[Any]) -> Iterator[Step]:
    details = {"attempts": row.attempts, "parts": row.parts_sent, "error": row.last_error}
    at = row.sent_at or (row.next_try_at if row.status == "dead" else None)
    yield Step(at, "delivery", f"message {row.message_id} {row.status}", details | _next_try(row, at))


def _ticket(row: Row[Any]) -> Iterator[Step]:
    details = {
        "state": row.state,
        "reference": row.reference,
        "mailbox": _personal(row.mailbox),
        "contact": Personal(row.contact),
        "text": _personal(row.text),
    }
    yield Step(row.opened_at, "ticket", f"{row.kind} {row.number} opened", details)
    tried = {"attempts": row.attempts, "error": row.last_error}
    yield Step(row.updated_at, "ticket", f"{row.number} {row.status}", tried | _next_try(row, None))


def _code(row: Row[Any]) -> Iterator[Step]:
    sent = "sent" if row.digest else "dropped" if row.dropped else "undecided"
    details = {"mailbox": Personal(row.mailbox), "tries": row.tries, "used": row.used, "dropped": row.dropped}
    yield Step(row.asked_at, "code", f"{row.id} asked for, {sent}", details)


def _mail(row: Row[Any]) -> Iterator[Step]:
    yield Step(row.asked_at, "mail", "transcript asked for", {"mailbox": Personal(row.mailbox)})


def _handoff(row: Row[Any]) -> Iterator[Step]:
    yield Step(row.queued_at, "handoff", f"{row.id} called", {"reason": row.reason, "group": row.group})
    for at, what in ((row.claimed_at, "claimed"), (row.answered_at, "first answer")):
        if at:
            yield Step(at, "handoff", f"{row.id} {what}", {"agent": row.agent_id})
    if row.ended_at:
        details = {"agent": row.agent_id, "outcome": row.outcome, "reason": row.close_reason}
        yield Step(row.ended_at, "handoff", f"{row.id} ended", details)


def _event(row: Row[Any]) -> Iterator[Step]:
    details = {"attempts": row.attempts, "error": row.last_error}
    yield Step(row.created_at, "event", f"{row.type} {row.status}", details | _next_try(row, None))


def _file(row: Row[Any]) -> Iterator[Step]:
    details = {"name": Personal(row.name), "size": row.size, "attempts": row.attempts, "reason": row.reason}
    yield Step(row.created_at, "file", f"{row.id} of message {row.message_id}: {row.state}", details)


def _rating(row: Row[Any]) -> Iterator[Step]:
    details = {"label": row.label, "message": row.message_id, "comment": _personal(row.comment)}
    yield Step(row.created_at, "rating", f"{row.stars} of 5", details)


def _note(row: Row[Any]) -> Iterator[Step]:
    yield Step(row.created_at, "desk", f"note {row.id}", {"agent": row.agent_id, "text": Personal(row.text)})


def _audit(row: Row[Any]) -> Iterator[Step]:
    details = {"agent": row.agent_id, "subject": _personal(row.subject), "source": _personal(row.source)}
    yield Step(row.at, "audit", row.action, details)


def _personal(text: str | None) -> Personal | None:
    return Personal(text) if text else None


def _next_try(row: Row[Any], at: datetime | None) -> dict[str, Detail]:
    waits = row.status == "queued" and at is None and row.next_try_at
    return {"next try": row.next_try_at.isoformat()} if waits else {}


class _Reader:
    """Of one table, or what goes with its rows."""

    def __init__(self, query: Select[Any], of: Any, steps: Callable[[Row[Any]], Iterator[Step]]) -> None:
        self._query = query
        self._of = of
        self.steps = steps

    def query(self, conversation: str) -> Select[Any]:
        """Its rows of the conversation."""
        return self._query.where(self._of == conversation)


def _table(table: Any, steps: Callable[[Row[Any]], Iterator[Step]]) -> _Reader:
    return _Reader(select(table), table.c.conversation_id, steps)


_files = select(
    attachments.c.id,
    attachments.c.message_id,
    attachments.c.name,
    attachments.c.size,
    attachments.c.state,
    attachments.c.reason,
    attachments.c.attempts,
    messages.c.created_at,
).join(messages, messages.c.id == attachments.c.message_id)
READERS: Sequence[_Reader] = (
    _table(messages, _message),
    _table(outbox, _delivery),
    _table(tickets, _ticket),
    _table(codes, _code),
    _table(transcript_mails, _mail),
    _table(handoffs, _handoff),
    _table(events, _event),
    _Reader(_files, messages.c.conversation_id, _file),
    _table(ratings, _rating),
    _table(notes, _note),
    _table(audit, _audit),
)

"""Conversations as the desk's pages get them; see docs/desk-protocol.md."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.formatting import to_html
from bot.conversations.files import Attachment
from bot.conversations.model import Author
from bot.handoff.model import Case, Note, Person, TranscriptLine

LONGEST_EXCERPT = 200


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def person(one: Person | None) -> dict[str, Any] | None:
    """By id and name."""
    return {"id": one.id, "name": one.name} if one else None


def case(one: Case) -> dict[str, Any]:
    """`case` of the protocol."""
    last = one.last
    return {
        "conversation": one.conversation,
        "channel": one.channel,
        "holder": one.holder,
        "reason": one.reason,
        "group": one.group,
        "agent": person(one.agent),
        "queued_at": moment(one.queued_at),
        "claimed_at": moment(one.claimed_at),
        "waiting_since": moment(one.waiting_since),
        "unread": one.unread,
        "last": {"from": last.author, "text": last.text[:LONGEST_EXCERPT], "at": moment(last.at)} if last else None,
        "customer": one.customer,
        "delivered_seq": one.delivered_seq,
        "read_seq": one.read_seq,
        "unreachable": one.unreachable,
    }


def line(one: TranscriptLine, title: Callable[[str], str]) -> dict[str, Any]:
    """`message` of the protocol."""
    message = one.message
    return {
        "seq": message.seq,
        "id": message.id,
        "from": message.author,
        "text": message.text,
        # What customers write is text; only what we write is Markdown.
        "html": None if message.author is Author.CUSTOMER else to_html(message.text),
        "at": moment(message.at),
        "agent": person(one.agent),
        "buttons": [{"title": button.title} for button in message.buttons],
        "decision": one.decision,
        "labels": list(one.labels),
        "titles": [title(label) for label in one.labels],
        "confidence": one.confidence,
        "delivery": one.delivery,
        "error": one.error,
        "rating": one.rating,
        "attachments": [attachment(each) for each in one.attachments],
    }


def attachment(one: Attachment) -> dict[str, Any]:
    """`attachment` of the protocol."""
    return {
        "id": one.id,
        "name": one.name,
        "type": one.type,
        "size": one.size,
        "state": one.state,
        "reason": one.reason,
    }


def note(one: Note) -> dict[str, Any]:
    """`note` of the protocol."""
    return {"id": one.id, "agent": person(one.agent), "text": one.text, "at": moment(one.at)}

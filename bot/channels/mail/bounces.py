"""Reports of mail servers that a mail of ours did not arrive: RFC 3464 in a multipart/report (RFC 6522)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message

from bot.channels.mail.heads import addresses, field, ids, inner
from bot.channels.mail.threads import Ours, find_ours
from bot.mail.server import is_unknown

_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
MOST_PARTS = 50


@dataclass(frozen=True)
class Bounce:
    """What a report says of a mail of ours."""

    ours: Ours
    person: str
    """Whom it was for."""
    reason: str
    gone: bool
    """The mailbox does not exist (any more)."""


def find_bounces(message: Message) -> Sequence[Bounce]:
    """None of a report that says something else, or of a mail that is not ours."""
    if message.get_content_type() != "multipart/report":
        return []
    parts = [part for _, part in zip(range(MOST_PARTS), message.walk(), strict=False)]
    returned = [part for part in parts if find_ours(_id(part)) and part is not message]
    ours, person = _named(message, returned)
    return [bounce for part in parts for bounce in _failures(part, ours, person)] if ours else []


def _named(report: Message, returned: Sequence[Message]) -> tuple[Ours | None, str]:
    """Our mail and whom it was for, by its head that came back, or by what the report refers to."""
    for head in (*returned, *_heads_as_text(report)):
        if ours := find_ours(_id(head)):
            return ours, next(iter(addresses(head, "To")), "")
    named = [ours for name in ("In-Reply-To", "References") for id in ids(report, name) if (ours := find_ours(id))]
    return (named[0] if named else None), ""


def _heads_as_text(report: Message) -> Iterator[Message]:
    """Of `text/rfc822-headers`, which the parser leaves as text."""
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            yield message_from_head(text if isinstance(text, bytes) else b"")


def message_from_head(raw: bytes) -> Message:
    """A mail without a body."""
    head = Message()
    for line in re.sub(rb"\r?\n[ \t]+", b" ", raw[:50_000]).splitlines():
        name, colon, value = line.partition(b":")
        if colon and name.strip():
            head[name.decode("ascii", "replace").strip()] = value.decode("utf-8", "replace").strip()
    return head


def _id(head: Message) -> str:
    return next(iter(ids(head, "Message-ID")), "")


def _failures(part: Message, ours: Ours, person: str) -> Iterator[Bounce]:
    """A `message/delivery-status` is parsed to one head a recipient, after one for the whole."""
    for block in inner(part) if part.get_content_type() == "message/delivery-status" else ():
        if field(block, "Action").casefold() == "failed":
            status, told = field(block, "Status"), field(block, "Diagnostic-Code")
            whom = person or _typed(field(block, "Original-Recipient")) or _typed(field(block, "Final-Recipient"))
            known = _STATUS.search(status)
            gone = known is not None and known[1] == "5" and is_unknown(0, known[0])
            yield Bounce(ours, whom, f"{status} {told}".strip()[:500] or "failed", gone)


def _typed(recipient: str) -> str:
    """`rfc822; anna@example.de` without its type."""
    return recipient.partition(";")[2].strip()

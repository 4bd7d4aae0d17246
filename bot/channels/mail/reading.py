"""From a mail as it lies in the mailbox to what happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import Message

import structlog

from bot.channels.errors import ForeignError
from bot.channels.mail.automatic import find_reason
from bot.channels.mail.bounces import find_bounces
from bot.channels.mail.heads import addresses, field, ids
from bot.channels.mail.parts import Leaf, find_words, is_sealed, leaves
from bot.channels.mail.threads import LONGEST_ADDRESS, Place, stored_id, thread_of
from bot.channels.port import Event, Failed, Gone, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming
from bot.mail.server import parse_address

CHANNEL = "email"
SEALED, EMPTY = "🔒", "✉️"
"""What the transcript shows of a mail that is encrypted, or that has no words."""
MOST_FILES = 20
MOST_REFERENCES = 10

log = structlog.get_logger(stop="channel")


@dataclass(frozen=True)
class PersonalMail:
    """A mail that a person wrote to us."""

    place: Place
    id: str
    """As the store names it."""
    subject: str
    references: Sequence[str]
    """What an answer refers to, oldest first: where it began, and the last of the way."""
    event: Said | Unreadable


def parse_mail(raw: bytes) -> Message:
    """Raises ForeignError for parts within parts without an end."""
    try:
        return message_from_bytes(raw, policy=policy.compat32)
    except (RecursionError, ValueError, LookupError) as error:
        raise ForeignError(f"This is no mail: {type(error).__name__}.") from error


def find_failures(message: Message) -> Sequence[Event]:
    """What a report says of mails of ours."""
    events: list[Failed | Gone] = []
    for bounce in find_bounces(message):
        if person := _answerable(bounce.person):
            address = Place(person, bounce.ours.thread).address
            events.append(Failed(address, bounce.ours.message, bounce.reason))
            events += [Gone(address, bounce.reason)] if bounce.gone else []
    return [event for event in events if len(event.address) <= LONGEST_ADDRESS]


def find_personal(message: Message, raw: bytes, own: Sequence[str], mail: str = "0.0") -> PersonalMail | None:
    """
    None for a mail that must not, or cannot, be answered. `own` are our addresses, in small letters.

    `mail` is what the mailbox calls it, for who fetches its files.
    """
    id = stored_id(ids(message, "Message-ID"), raw)
    person = _person(message)
    if not person:
        log.info("a mail is left to people", mail=id, reason="nobody can be answered")
        return None
    if reason := find_reason(message, person, own):
        log.info("a mail is left to people", mail=id, reason=reason)
        return None
    replies_to, references = ids(message, "In-Reply-To"), ids(message, "References")
    place = Place(person, thread_of(id, replies_to, references))
    if len(place.address) > LONGEST_ADDRESS:
        return None
    begins = not (replies_to or references)
    chain = list(dict.fromkeys([*(references or replies_to), id]))
    return PersonalMail(
        place,
        id,
        field(message, "Subject"),
        [*chain[:1], *chain[1:][-MOST_REFERENCES:]],
        _event(message, Incoming(CHANNEL, place.address, id, "", None, 0, is_letter=True), mail, begins=begins),
    )


def file_content(message: Message, number: int) -> bytes | None:
    """Of a file, by its reference; None if the mail has none such."""
    found = [leaf for leaf in leaves(message) if leaf.number == number]
    return found[0].content if found else None


def _person(message: Message) -> str:
    """Who gets the answer (RFC 5322, 3.6.2); whoever forges a sender so gets nothing that is not his."""
    named = addresses(message, "Reply-To") or addresses(message, "From")
    return _answerable(named[0]) if named else ""


def _answerable(text: str) -> str:
    """The address; empty if no mail can be sent there."""
    try:
        address = parse_address(text.strip())
        # In small letters, as all servers but the strangest take it: a programme may write it either way.
        return address.addr_spec.lower() if text.isascii() else ""
    except ValueError:
        return ""


def _event(message: Message, incoming: Incoming, mail: str, *, begins: bool) -> Said | Unreadable:
    parts = leaves(message)
    if is_sealed(message, parts):
        return Unreadable(replace(incoming, text=SEALED))
    files = [_file(leaf, mail) for leaf in parts if leaf.is_file][:MOST_FILES]
    text = find_words(parts)
    if not text and begins:
        # Many write the question there, and nothing below.
        text = field(message, "Subject")[:1000]
    return (
        Said(replace(incoming, text=text), tuple(files)) if text or files else Unreadable(replace(incoming, text=EMPTY))
    )


def _file(leaf: Leaf, mail: str) -> File:
    ending = re.sub(r"[^a-z0-9]", "", leaf.type.rpartition("/")[2]) or "bin"
    name = leaf.name or (f"{leaf.number}.eml" if leaf.type == "message/rfc822" else f"{leaf.number}.{ending}")
    return File(name, leaf.type, len(leaf.content), f"{mail}.{leaf.number}")

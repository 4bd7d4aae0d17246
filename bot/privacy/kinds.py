"""The kinds of data, and for how many days each is kept."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.settings import Settings


class Kind(StrEnum):
    """What has a period of its own; the value is the name of its setting, POSTBOTE_KEEP_…"""

    DELIVERIES = "deliveries"
    DEAD_LETTERS = "dead_letters"
    EVENTS = "events"
    MAILS = "mails"
    CODES = "codes"
    PROOFS = "proofs"
    FILES = "files"
    RATINGS = "ratings"
    PROPOSALS = "proposals"
    PUBLICATIONS = "publications"
    TICKETS = "tickets"
    CONVERSATIONS = "conversations"
    CONTACTS = "contacts"
    AUDIT = "audit"
    SIGN_INS = "sign_ins"


@dataclass(frozen=True)
class About:
    """A kind in words, for whoever reads the record of processing."""

    what: str
    since: str
    """What the period is counted from."""
    why: str
    """Why so long."""


ABOUT = {
    Kind.CONVERSATIONS: About(
        "conversations: messages, decisions, the dialogue's memory, buttons, hand-offs, agents' notes, verdicts, "
        "consent, and whatever of the other kinds hangs on them",
        "the last message; not while a person is called or a ticket is open",
        "customers come back to what they asked within weeks; the learning inbox and the figures live of it",
    ),
    Kind.TICKETS: About(
        "our copy of tickets", "the state done or refused", "questions about a restoration come within weeks"
    ),
    Kind.FILES: About("what customers attached", "its message", "an agent has seen it by then; files say most"),
    Kind.CODES: About("who asked for a one-time code, for which mailbox", "the wish", "limits and abuse"),
    Kind.PROOFS: About(
        "which mailboxes a conversation has proven",
        "the end of the proof, and the last message",
        "by it we know whose the conversation is, and can show or erase it",
    ),
    Kind.MAILS: About(
        "recipients of mails with codes and transcripts", "the mail", '"no code has come" is asked within days'
    ),
    Kind.DELIVERIES: About(
        "when a message reached its channel", "the delivery", '"nothing came" is asked within weeks'
    ),
    Kind.DEAD_LETTERS: About(
        "messages, mails and events that could not be delivered", "the last try", "somebody must mend the reason first"
    ),
    Kind.EVENTS: About("when another system was told of a hand-off", "the event", "to compare with that system"),
    Kind.CONTACTS: About(
        "channels' notes: where a customer is reached", "the last change, once the conversation is gone", "as those"
    ),
    Kind.RATINGS: About("stars, thumbs and comments", "the rating", "as conversations, without which they say little"),
    Kind.PROPOSALS: About(
        "changes of the FAQ that wait for an admin", "the proposal", "who has not looked by then, never will"
    ),
    Kind.PUBLICATIONS: About("texts that a publication changed", "its end", "to take it back"),
    Kind.AUDIT: About("who read and did what at the desk", "the act", "misuse of data is often noticed late"),
    Kind.SIGN_INS: About("agents' ended sessions, wrong passwords", "their end", "they are of no use any more"),
}


@dataclass(frozen=True)
class Periods:
    """For how long each kind is kept."""

    of: dict[Kind, timedelta]
    open_tickets: timedelta
    """After so long without a change an open ticket counts as ended."""

    @classmethod
    def from_settings(cls, settings: Settings) -> "Periods":
        """POSTBOTE_KEEP_…"""
        days = {kind: getattr(settings, f"keep_{kind.value}") for kind in Kind}
        return cls(
            {kind: timedelta(days=number) for kind, number in days.items()}, timedelta(days=settings.keep_open_tickets)
        )


def periods_table(periods: Periods) -> str:
    """In Markdown, for the record of processing."""
    head = "| kind | what | days | counted from | why so long |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {kind.value} | {about.what} | {periods.of[kind].days} | {about.since} | {about.why} |\n"
        for kind, about in ABOUT.items()
    )

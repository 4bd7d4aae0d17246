"""
Which conversation a mail belongs to, by the ids that it names (RFC 5322, 3.6.4).

A conversation's address is `<who gets the answers>#<thread>`. As the person is a part of it, a stranger who answers a
mail that he was shown opens a conversation of his own. The thread is a digest of the id that all began with; our own
mails carry it in their Message-ID, so that an answer to one finds back although the programme cut the references.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_ADDRESS = 255
LONGEST_ID = 200
_OURS = re.compile(r"postbote\.([1-9][0-9]{0,17})\.([0-9a-f]{24})@", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(r"[\x21-\x7e]+@[\x21-\x7e]+")


@dataclass(frozen=True)
class Ours:
    """What the Message-ID of a mail of ours says."""

    message: int
    thread: str


@dataclass(frozen=True)
class Place:
    """A conversation by mail."""

    person: str
    """Who gets the answers: `name@domain`."""
    thread: str

    @property
    def address(self) -> str:
        """See `Incoming.address`."""
        return f"{self.person}#{self.thread}"


def place_of(address: str) -> Place:
    """The other way round."""
    person, _, thread = address.rpartition("#")
    return Place(person, thread)


def id_of(message: int, thread: str, domain: str) -> str:
    """Of a mail of ours; the same on every attempt, so that one that comes twice can be told."""
    return f"postbote.{message}.{thread}@{domain}"


def find_ours(id: str) -> Ours | None:
    """If it is the id of a mail of ours."""
    found = _OURS.match(id)
    return Ours(int(found[1]), found[2].lower()) if found else None


def thread_of(own: str, replies_to: Sequence[str], references: Sequence[str]) -> str:
    """The thread of the mail `own`, which names the others."""
    for each in (*replies_to, *reversed(references)):
        if ours := find_ours(each):
            return ours.thread
    first = next(iter((*references, *replies_to)), own)
    return hashlib.sha256(first.encode("utf-8", "replace")).hexdigest()[:24]


def stored_id(given: Sequence[str], mail: bytes) -> str:
    """How the store names the mail: by its Message-ID; by its content where there is none, or one that is none."""
    own = given[0] if given else ""
    if is_id(own):
        return own
    return f"sha256-{hashlib.sha256(mail).hexdigest()}"


def is_id(text: str) -> bool:
    """Whether it can stand in a head, and in the database."""
    return len(text) <= LONGEST_ID and _PLAIN.fullmatch(text) is not None

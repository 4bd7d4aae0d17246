"""What identity needs from others, and what it offers to procedures."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What a typed code was."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    """Too many tries: no further one counts."""


class Proofs(Protocol):
    """Which mailboxes a conversation has proven to own, for a limited time."""

    async def of(self, conversation: str) -> frozenset[str]:
        """The mailboxes whose proof still holds."""

    async def add(self, conversation: str, mailboxes: Collection[str], until: datetime) -> None:
        """Take the place of older proofs for the same mailboxes."""


class Codes(Protocol):
    """One-time codes by mail."""

    async def request(self, conversation: str, mailbox: str) -> None:
        """
        Have a code sent to the mailbox's contact address.

        Takes the same time, and tells nothing, whether or not there is such a
        mailbox, or too many codes were asked for.
        """

    async def check(self, conversation: str, mailbox: str, digest: str) -> Outcome:
        """Count a try. After RIGHT the conversation has proven to own the mailbox (see Proofs)."""

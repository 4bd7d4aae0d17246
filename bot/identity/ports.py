"""What identity needs from others, and what it offers to procedures."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.conversations.model import Message
from bot.identity.model import Asked, Issue


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

    async def request(self, conversation: str, mailbox: str) -> bool:
        """
        Have a code sent to the mailbox's contact address.

        False when too many were asked for, for the mailbox or in the conversation. Takes
        the same time, and tells the same, whether or not there is such a mailbox.
        """

    async def check(self, conversation: str, mailbox: str, digest: str) -> Outcome:
        """Count a try. After RIGHT the conversation has proven to own the mailbox (see Proofs)."""


class CodeStore(Protocol):
    """Where wishes for codes, and codes, are kept."""

    async def ask(self, conversation: str, mailbox: str, most: int, since: datetime) -> bool:
        """
        Note the wish. Codes that were asked for earlier hold no longer.

        False, and nothing is noted, when `most` were asked for after `since`, for the mailbox or in the
        conversation, whatever became of them: so there is nothing to be learnt from it about the mailbox.
        """

    async def asked(self, *, ready_at: datetime) -> Sequence[Asked]:
        """Wishes on which nothing is decided yet, and which are not put off beyond `ready_at`."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when no wish waits."""

    async def put_off(self, asked: Asked, until: datetime, news: str) -> Message | None:
        """
        Decide later.

        The first time the news is written into the conversation, in the same transaction, and returned.
        """

    async def drop(self, asked: Asked, reason: str) -> None:
        """No code."""

    async def issue(self, issue: Issue, most: int, since: datetime) -> bool:
        """
        Keep the code and queue its mail, in one transaction.

        False, and dropped, when the mailbox or the conversation got `most` codes after `since`.
        """

    async def check(
        self, conversation: str, mailbox: str, digest: str, *, not_before: datetime, proven_until: datetime
    ) -> Outcome:
        """
        Count a try against the code that was asked for last, unless that was before `not_before`.

        When it is RIGHT the proof is written in the same transaction. A wish without a code
        behaves like one with a code that nobody knows.
        """

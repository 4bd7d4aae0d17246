"""The audit log: who read and did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.staff.model import Agent

PAGE = 50
"""Entries at once."""


@dataclass(frozen=True)
class Entry:
    """One line of it."""

    at: datetime
    agent: tuple[int, str] | None
    """Number and name; None: nobody was signed in, or the command line."""
    action: str
    """Such as `read`, `claim`, `sign_in`."""
    conversation: str | None
    subject: str | None
    """What it was done to, or with: a number, a mailbox, a reason. Never a text, a password or a code."""
    source: str | None
    """The network address that it came from; `command line`."""


class Audit(Protocol):
    """Only ever grows."""

    async def record(
        self,
        agent: Agent | None,
        action: str,
        *,
        conversation: str | None = None,
        subject: str | None = None,
        source: str | None = None,
    ) -> None:
        """Write a line."""

    async def page(self, number: int) -> tuple[Sequence[Entry], bool]:
        """Newest first, and whether there are older ones; `number` from 1."""

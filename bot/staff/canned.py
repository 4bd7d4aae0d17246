"""Canned replies: what agents insert, with placeholders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.staff.errors import UnknownPlaceholderError

PLACEHOLDERS = {
    "kunde": "the customer's name, or their mailbox",
    "agent": "the name of who inserts it",
    "postfach": "the customer's mailbox",
    "auftrag": "the number of the customer's last ticket",
}
"""What the desk puts in for `{kunde}` and the like, when an agent inserts the reply."""
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class CannedReply:
    """One of them."""

    id: int
    title: str
    text: str
    """Markdown with placeholders."""
    agent: tuple[int, str] | None
    """Who wrote it last: number and name."""
    updated_at: datetime


class CannedReplies(Protocol):
    """All agents share them."""

    async def everything(self) -> Sequence[CannedReply]:
        """By title."""

    async def add(self, title: str, text: str, agent_id: int) -> CannedReply:
        """Raises TitleTakenError."""

    async def change(self, reply_id: int, title: str, text: str, agent_id: int) -> CannedReply:
        """Raises UnknownReplyError, TitleTakenError."""

    async def remove(self, reply_id: int) -> CannedReply:
        """Returns what it was. Raises UnknownReplyError."""


def check_placeholders(text: str) -> None:
    """Raises UnknownPlaceholderError: a customer must not read `{kudne}`."""
    unknown = [name for name in _BRACES.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise UnknownPlaceholderError(f"Nothing is put in for {{{unknown[0]}}}. Use {known}, or no braces.")

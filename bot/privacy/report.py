"""What an erasure did, or would do, and what is left to do elsewhere."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TicketLeft:
    """One that the ticket system may have as well."""

    number: str
    reference: str | None
    """The ticket system's number of it."""
    is_open: bool
    is_delivered: bool


@dataclass
class Erased:
    """By table, and what to know about it."""

    deleted: Counter[str] = field(default_factory=Counter)
    """Rows, by table."""
    masked: Counter[str] = field(default_factory=Counter)
    """Rows of others in which the address was put out, by table."""
    tickets: list[TicketLeft] = field(default_factory=list)
    held: int = 0
    """Conversations that waited for a person or had one."""
    mailboxes: set[str] = field(default_factory=set)
    """Other ones that the person has proven to own."""
    staff: list[str] = field(default_factory=list)
    """Accounts of the desk with the address."""

    @property
    def total(self) -> int:
        """Rows that were deleted or changed."""
        return self.deleted.total() + self.masked.total()

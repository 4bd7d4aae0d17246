"""What is known of a mailbox."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Quota:
    """How full a mailbox was at a moment."""

    used: int
    """Bytes."""
    total: int | None
    """Bytes; None where nothing limits it."""
    at: datetime
    """When the platform was asked; a number without its time is worth nothing."""

    @property
    def share(self) -> float | None:
        """Used of total, 0 to 1 (more when overfull); None without a limit."""
        return self.used / self.total if self.total else None

"""The time, as something that a test can set."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present time, always in UTC."""


def now() -> datetime:
    """The real time in UTC."""
    return datetime.now(UTC)

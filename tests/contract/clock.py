"""The time of tests on the store."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Move it."""
        self.now += timedelta(seconds=seconds)

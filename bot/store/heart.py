"""Signs of life of a worker, see claims."""

from bot.conversations.shares import Shares
from bot.loops import Loop
from bot.store.claims import Workers

PAUSE = 3.0
"""Seconds: a worker counts as dead after three signs were missed."""


class Heart(Loop):
    """Beats."""

    def __init__(self, workers: Workers, shares: Shares) -> None:
        """`shares` is told who lives."""
        super().__init__()
        self._workers = workers
        self._shares = shares

    async def do_due(self) -> None:
        """See Loop."""
        self._shares.living = await self._workers.beat()

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return PAUSE

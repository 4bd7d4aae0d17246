"""Signs of life of a worker, see claims."""

from bot.loops import Loop
from bot.store.claims import Workers

PAUSE = 3.0
"""Seconds: a worker counts as dead after three signs were missed."""


class Heart(Loop):
    """Beats."""

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self._workers = workers

    async def do_due(self) -> None:
        """See Loop."""
        await self._workers.beat()

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return PAUSE

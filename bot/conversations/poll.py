"""Look for messages that wait, where other processes store them: the net below the bus."""

from bot.conversations.turn import Turns
from bot.loops import Loop

PAUSE = 5.0
"""Seconds."""


class TurnPoll(Loop):
    """Wakes the turns of whatever waits and no living worker has claimed."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    async def do_due(self) -> None:
        """See Loop."""
        await self._turns.look()

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return PAUSE

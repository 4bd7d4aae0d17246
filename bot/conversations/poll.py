"""What other processes do is looked for now and then: the net below the bus."""

from bot.conversations.news import News
from bot.conversations.ports import Standings
from bot.conversations.turn import Turns
from bot.loops import Loop

PAUSE = 5.0
"""Seconds."""


class TurnPoll(Loop):
    """Wakes the turns of whatever waits and no living worker has claimed; answers those who ask for what is done."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    async def do_due(self) -> None:
        """See Loop."""
        await self._turns.look()

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return PAUSE


class NewsPoll(Loop):
    """Lets those catch up who were not told: a worker that is killed has written, perhaps, and not said so."""

    def __init__(self, news: News, standings: Standings) -> None:
        super().__init__()
        self._news = news
        self._standings = standings

    async def do_due(self) -> None:
        """See Loop."""
        watched = list(self._news.watched)
        if watched:
            for conversation, seq in (await self._standings.last_seqs(watched)).items():
                self._news.catch_up(conversation, seq)

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return PAUSE

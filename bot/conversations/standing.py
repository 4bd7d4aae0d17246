"""Tell customers and the desk who holds a conversation now, and how the queue moved."""

from bot.conversations.holding import Standing
from bot.conversations.model import Holder
from bot.conversations.news import News
from bot.conversations.ports import Standings


class StandingNews:
    """To be told of every change of hands, after it was written."""

    def __init__(self, standings: Standings, news: News) -> None:
        self._standings = standings
        self._news = news

    async def changed(self, conversation: str) -> None:
        """Who holds it is news for it; the queue's new places are news for all that wait and are watched."""
        self._news.publish(conversation, await self._standings.standing(conversation))
        places = await self._standings.positions()
        for waiting, position in places.items():
            if waiting != conversation and waiting in self._news.watched:
                self._news.publish(waiting, Standing(Holder.QUEUED, position))

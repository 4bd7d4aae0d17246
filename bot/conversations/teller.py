"""Tell what was written to whom it concerns: those who watch, channels that are pushed to, the queue."""

from collections.abc import Callable, Sequence

from bot.conversations.holding import Standing
from bot.conversations.model import Author, Holder, Message
from bot.conversations.news import News, Said, Typing
from bot.conversations.ports import Standings


class Teller:
    """To be told of everything after it was written, never before."""

    def __init__(self, news: News, standings: Standings, wake_delivery: Callable[[], None]) -> None:
        """`wake_delivery` tells the loops that push messages to channels, and events to other systems."""
        self._news = news
        self._standings = standings
        self._wake_delivery = wake_delivery

    def typing(self, conversation: str, author: Author, *, on: bool) -> None:
        """Somebody began or ceased to write."""
        self._news.publish(conversation, Typing(on, author))

    def said(self, conversation: str, messages: Sequence[Message]) -> None:
        """There are new messages; who wrote them has ceased to write."""
        for author in {message.author for message in messages} - {Author.NOTICE}:
            self.typing(conversation, author, on=False)
        self._news.publish(conversation, Said(messages))
        self._wake_delivery()

    def said_one(self, conversation: str, message: Message) -> None:
        """See `said`."""
        self.said(conversation, [message])

    async def changed(self, conversation: str) -> None:
        """Somebody else holds it. The queue's new places are news for all that wait and are watched."""
        self._news.publish(conversation, await self._standings.standing(conversation))
        places = await self._standings.positions()
        for waiting, position in places.items():
            if waiting != conversation and waiting in self._news.watched:
                self._news.publish(waiting, Standing(Holder.QUEUED, position))

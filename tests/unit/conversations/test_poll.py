"""The net below the bus: who was not told looks by itself."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from bot.conversations.model import Author, Message
from bot.conversations.news import Missed, News, Said
from bot.conversations.poll import NewsPoll


class Seqs:
    """How far conversations have come."""

    def __init__(self, **seqs: int) -> None:
        self.seqs = seqs

    async def last_seqs(self, conversations: Collection[str]) -> Mapping[str, int]:
        """See Standings."""
        return {each: self.seqs[each] for each in conversations}


async def test_who_was_not_told_catches_up_once() -> None:
    """Those who were told of everything are left alone, and those who catch up are not told to again."""
    news, standings = News(), Seqs(told=2, missed=2)
    poll = NewsPoll(news, standings)
    with news.watch("told") as told, news.watch("missed") as missed:
        reply = Message(2, "2", Author.BOT, "hallo", (), datetime.now(UTC))
        news.tell("told", Said([reply]))
        assert isinstance(told.get_nowait(), Said)
        for _ in range(2):
            await poll.do_due()
        assert missed.get_nowait() == Missed()
        assert told.empty()
        assert missed.empty()
        standings.seqs["told"] = 3
        await poll.do_due()
        assert told.get_nowait() == Missed()

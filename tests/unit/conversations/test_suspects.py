"""Messages whose turns were under way when processes died."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from bot.conversations.model import SUSPECT_AFTER, Message, Turn, Waiting
from bot.conversations.news import News
from bot.conversations.ports import Standings
from bot.conversations.teller import Teller
from bot.conversations.turn import FAILED, MOST_DEATHS, Turns
from bot.errors import UnavailableError
from tests.fakes import FakeDialogue


class OneWaits:
    """A store with one message, which is away when the first turn is to be written."""

    def __init__(self, deaths: int) -> None:
        self.waiting: Waiting | None = Waiting("talk", 1, "web", "hallo", None, None, deaths)
        self.away = True
        self.turns: list[Turn] = []

    async def next_waiting(self, conversation: str) -> Waiting | None:
        """See Conversations."""
        return self.waiting

    async def try_alone(self, waiting: Waiting) -> None:
        """See Conversations."""
        self.waiting = replace(waiting, deaths=waiting.deaths + 1)

    async def finish(self, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        """See Conversations."""
        if self.away:
            self.away = False
            raise UnavailableError("away")
        self.turns.append(turn)
        self.waiting = None
        return []


class Closed:
    """Nobody is at the desk."""

    async def is_open(self, conversation: str) -> bool:
        """See Reception."""
        return False


NOBODY = cast("Standings", None)
"""Who holds the conversation changes for nobody here."""


async def turn_of(deaths: int) -> Turn:
    """What comes of a message that has seen so many deaths, when the database is away for a moment."""
    store = OneWaits(deaths)
    turns = Turns(store, FakeDialogue(), Teller(News(), NOBODY, lambda: None), Closed())
    for _ in range(2):
        turns.wake("talk")
        await turns.close()
    (turn,) = store.turns
    return turn


async def test_who_is_tried_anew_has_killed_nobody() -> None:
    """The last trial is counted before it begins; that the database was away meanwhile is no death."""
    assert MOST_DEATHS > SUSPECT_AFTER
    assert (await turn_of(MOST_DEATHS - 1)).labels != FAILED


async def test_who_has_killed_too_many_is_not_tried_again() -> None:
    """The customer gets an apology."""
    assert (await turn_of(MOST_DEATHS)).labels == FAILED

"""
Every story in this folder, told to the real thing: intake, turns, store and dialogue engine.

Only the platform and the codes are stand-ins. It is Tuesday, 24 November 2026, 10 o'clock in Berlin.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions import _wiring
from bot.accounts import Accounts
from bot.conversations.intake import Intake
from bot.conversations.model import Choice, Incoming, Message
from bot.conversations.news import News
from bot.conversations.turn import Turns
from bot.dialogue.engine import RasaDialogue
from bot.store.conversations import SqlConversations
from bot.store.database import open_database
from bot.store.proofs import SqlProofs
from bot.store.tickets import SqlTickets
from tests.fakes import DIGESTS, FakeCodes, FakeMailboxes
from tests.stories.transcript import Line, read_stories

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STORIES = [
    pytest.param(lines, id=f"{file.stem}: {title}")
    for file in sorted(Path(__file__).parent.glob("*.txt"))
    for title, lines in read_stories(file)
]

pytestmark = pytest.mark.slow


class Teller:
    """Says the customer's lines and hears what the bot says."""

    def __init__(self, intake: Intake, turns: Turns) -> None:
        self._intake = intake
        self._turns = turns
        self._said = 0

    async def say(self, text: str, button: Choice | None) -> list[Message]:
        """The replies to one message."""
        self._said += 1
        choice = button.id if button else None
        accepted = await self._intake.take(Incoming("story", "anna", str(self._said), text, choice))
        return list(await self._turns.replies(accepted.message))


@pytest.fixture
async def teller(dialogue: RasaDialogue, tmp_path: Path) -> AsyncIterator[Teller]:
    """A conversation that has not begun."""
    database = open_database(f"sqlite:///{tmp_path}/story.db")
    await database.migrate()
    conversations = SqlConversations(database, lambda: NOW, digests=DIGESTS)
    proofs, mailboxes = SqlProofs(database, lambda: NOW), FakeMailboxes(lambda: NOW)
    _wiring.provide(
        Accounts(
            mailboxes=mailboxes,
            proofs=proofs,
            codes=FakeCodes(mailboxes, proofs, lambda: NOW),
            tickets=SqlTickets(database, conversations, lambda: NOW),
            wake_tickets=lambda: None,
            clock=lambda: NOW,
            zone=ZoneInfo("Europe/Berlin"),
            retention=timedelta(days=30),
        )
    )
    turns = Turns(conversations, dialogue, News())
    yield Teller(Intake(conversations, turns, News(), 20), turns)
    await turns.close()
    await database.close()
    _wiring.provide(None)


@pytest.mark.parametrize("lines", STORIES)
async def test_the_bot_says_what_the_story_says(teller: Teller, lines: list[Line]) -> None:
    """Each message of the customer is answered by the lines below it, and by no others."""
    said: list[Message] = []
    buttons: tuple[Choice, ...] = ()
    for line in lines:
        if line.who == "K":
            assert not said, f"The bot also said: {said}"
            button = _button(line.button, buttons) if line.button else None
            said = await teller.say(button.title if button else line.text, button)
            buttons = said[-1].buttons
        else:
            assert said, f"The bot did not say: {line.text}"
            assert line.allows(said[0].text), f"Expected: {line.text}\nThe bot said: {said[0].text}"
            said.pop(0)
    assert not said, f"The bot also said: {said}"


def _button(title: str, offered: tuple[Choice, ...]) -> Choice:
    titles = {button.title: button for button in offered}
    assert title in titles, f"There is no button {title!r}, only {list(titles)}"
    return titles[title]

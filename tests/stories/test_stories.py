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
from bot.conversations.model import Author, Choice, Incoming, Message
from bot.conversations.news import News
from bot.conversations.teller import Teller as Told
from bot.conversations.turn import Turns
from bot.dialogue.engine import RasaDialogue
from bot.handoff.mailed import MailedTranscripts, TranscriptLetters
from bot.handoff.model import Person
from bot.handoff.reception import Admission, Closed, Full, Open, Unstaffed
from bot.handoff.service import Desk
from bot.mail.seal import Seal
from bot.staff.model import NewAgent
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.events import SqlEvents
from bot.store.handoffs import SqlHandoffs
from bot.store.holding import Holding
from bot.store.proofs import SqlProofs
from bot.store.ratings import SqlRatings
from bot.store.staff import SqlAgents
from bot.store.standings import SqlStandings
from bot.store.tickets import SqlTickets
from bot.store.transcript_mails import SqlTranscriptMails
from bot.store.transcripts import SqlTranscripts
from tests.fakes import DIGESTS, FakeCodes, FakeMailboxes
from tests.stories.transcript import Line, read_stories

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BERGER = Person(1, "Frau Berger")
AUTHORS = {"B": Author.BOT, "N": Author.NOTICE}
RECEPTION: dict[str, Admission] = {
    "open": Open(1),
    "closed": Closed(datetime(2026, 11, 25, 8, tzinfo=ZoneInfo("Europe/Berlin"))),
    "full": Full(50),
    "nobody": Unstaffed(),
}
STORIES = [
    pytest.param(lines, id=f"{file.stem}: {title}")
    for file in sorted(Path(__file__).parent.glob("*.txt"))
    for title, lines in read_stories(file)
]

pytestmark = pytest.mark.slow


class FakeReception:
    """Somebody is there, and nobody waits, unless the story says otherwise."""

    def __init__(self) -> None:
        self.now: Admission = Open(1)

    async def admission(self, conversation: str) -> Admission:
        """See bot.handoff.reception.Reception."""
        return self.now

    def next_opening(self) -> datetime | None:
        """See bot.handoff.reception.Reception."""
        return self.now.opens if isinstance(self.now, Closed) else None

    async def is_open(self, conversation: str) -> bool:
        """See bot.handoff.reception.Reception."""
        return isinstance(self.now, Open)


class Teller:
    """Says the customer's and the agent's lines, and hears what is said to the customer."""

    def __init__(self, intake: Intake, turns: Turns, desk: Desk, conversations: SqlConversations) -> None:
        self.reception = FakeReception()
        self._intake = intake
        self._turns = turns
        self._desk = desk
        self._conversations = conversations
        self._said = 0
        self._heard = 0
        self._conversation = ""

    async def say(self, text: str, button: Choice | None) -> None:
        """A message of the customer, and its turn if it gets one."""
        self._said += 1
        choice = button.id if button else None
        accepted = await self._intake.take(Incoming("story", "anna", str(self._said), text, choice))
        self._conversation = accepted.conversation
        if not accepted.done:
            await self._turns.replies(accepted.message)

    async def answer(self, text: str) -> None:
        """A message of the agent."""
        self._said += 1
        await self._desk.say(self._conversation, BERGER, str(self._said), text)

    async def act(self, act: str) -> None:
        """Something happens at the desk."""
        match act:
            case "takes":
                await self._desk.claim(self._conversation, BERGER)
            case "hands back":
                await self._desk.give_back(self._conversation, BERGER)
            case "closes":
                await self._desk.close(self._conversation, BERGER, "Gelöst")
            case _:
                self.reception.now = RECEPTION[act]

    async def hear(self) -> list[Message]:
        """What was said to the customer since the last time."""
        heard = await self._conversations.messages_after(self._conversation, self._heard)
        self._heard = max([self._heard, *(message.seq for message in heard)])
        return [message for message in heard if message.author is not Author.CUSTOMER]


@pytest.fixture
async def teller(dialogue: RasaDialogue, tmp_path: Path) -> AsyncIterator[Teller]:
    """A conversation that has not begun."""
    database = open_database(f"sqlite:///{tmp_path}/story.db")
    await database.migrate()
    holding = Holding(lambda: NOW, SqlEvents(database, lambda: NOW, wanted=False))
    conversations = SqlConversations(database, lambda: NOW, holding, digests=DIGESTS)
    proofs, mailboxes = SqlProofs(database, lambda: NOW), FakeMailboxes(lambda: NOW)
    agents = SqlAgents(database, lambda: NOW)
    await agents.add(NewAgent("berger@lindenpost.example", BERGER.name))
    news, reception = News(), FakeReception()
    told = Told(news, SqlStandings(database), lambda: None)
    turns = Turns(conversations, dialogue, told, reception)
    handoffs = SqlHandoffs(database, conversations, holding, lambda: NOW)
    transcripts = SqlTranscripts(database, lambda: NOW)
    desk = Desk(handoffs, transcripts, told, news, dialogue.sentence)
    teller = Teller(Intake(conversations, turns, told, 20), turns, desk, conversations)
    teller.reception = reception
    _wiring.provide(
        Accounts(
            mailboxes=mailboxes,
            proofs=proofs,
            codes=FakeCodes(mailboxes, proofs, lambda: NOW),
            tickets=SqlTickets(database, conversations, lambda: NOW),
            wake_tickets=lambda: None,
            ratings=SqlRatings(database, lambda: NOW),
            reception=reception,
            transcripts=MailedTranscripts(
                conversations,
                proofs,
                mailboxes,
                SqlTranscriptMails(database, lambda: NOW),
                TranscriptLetters(
                    Seal(bytes(32)), lambda name: dialogue.sentence(name).text, ZoneInfo("Europe/Berlin")
                ),
                lambda: None,
                lambda: NOW,
            ),
            clock=lambda: NOW,
            zone=ZoneInfo("Europe/Berlin"),
            retention=timedelta(days=30),
        )
    )
    yield teller
    await turns.close()
    await database.close()
    _wiring.provide(None)


@pytest.mark.parametrize("lines", STORIES)
async def test_the_bot_says_what_the_story_says(teller: Teller, lines: list[Line]) -> None:
    """Each message of the customer is answered by the lines below it, and by no others."""
    said: list[Message] = []
    buttons: tuple[Choice, ...] = ()
    for line in lines:
        if line.who in "KXA":
            assert not said, f"There was also said: {said}"
            await _do(teller, line, buttons)
            said = await teller.hear()
            buttons = next((message.buttons for message in reversed(said) if message.buttons), buttons)
            if line.who == "A":
                assert said.pop(0).text == line.text
        else:
            assert said, f"Nobody said: {line.text}"
            message = said.pop(0)
            assert line.allows(message.text), f"Expected: {line.text}\nThere was said: {message.text}"
            assert message.author is AUTHORS[line.who]
    assert not said, f"There was also said: {said}"


async def _do(teller: Teller, line: Line, buttons: tuple[Choice, ...]) -> None:
    match line.who:
        case "K":
            button = _button(line.button, buttons) if line.button else None
            await teller.say(button.title if button else line.text, button)
        case "A":
            await teller.answer(line.text)
        case "X":
            await teller.act(line.text)


def _button(title: str, offered: tuple[Choice, ...]) -> Choice:
    titles = {button.title: button for button in offered}
    assert title in titles, f"There is no button {title!r}, only {list(titles)}"
    return titles[title]

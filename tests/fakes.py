"""Stand-ins for the parts that a test does not mean."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.conversations.model import Button, Decision, Reason, Reply, Suggestion, Turn, Waiting
from bot.identity.digests import Digests
from bot.identity.ports import Outcome, Proofs
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.model import Quota

SENTENCES = {
    "utter_agent_joined": Reply("{agent} ist da."),
    "utter_agent_handed": Reply("{agent} gibt an {colleague} weiter."),
    "utter_agent_queued": Reply("{agent} gibt weiter."),
    "utter_agent_vanished": Reply("{agent} ist weg."),
    "utter_agent_returned": Reply("{agent} geht."),
    "utter_agent_closed": Reply("{agent} beendet das."),
    "utter_how_satisfied": Reply(
        "Wie war es?", (Button("1", '/rate{"stars": "1"}'), Button("5", '/rate{"stars": "5"}'))
    ),
    "utter_back_to_bot": Reply("Zurück zum Bot"),
    "utter_leave_message": Reply("Nachricht hinterlassen"),
    "utter_desk_quota": Reply("{used} von {total}, {percent}"),
}


class FakeDialogue:
    """
    Says back what it hears, counts its turns in the state, and does on command what a dialogue may do.

    `knöpfe` offers two buttons, `kaputt` raises, `zwei` says two things, `langsam` waits for `gate`,
    `mensch` calls a person and offers the way back.
    """

    def __init__(self) -> None:
        self.version = "fake"
        """Of its model."""
        self.gate = asyncio.Event()
        self.heard = asyncio.Event()
        """Set as soon as a turn has begun."""
        self.asked: list[str] = []

    async def respond(self, waiting: Waiting) -> Turn:
        """See the class."""
        text = waiting.text
        self.asked.append(text)
        self.heard.set()
        await asyncio.sleep(0)
        if text == "kaputt":
            raise RuntimeError("kaputt, as asked")
        if text == "langsam":
            await self.gate.wait()
        number = int(waiting.state or 0) + 1
        replies = [Reply(f"{number}: {waiting.choice or text}")]
        if text == "zwei":
            replies.append(Reply("und noch etwas"))
        if text == "knöpfe":
            replies = [Reply(f"{number}: Welcher?", (Button("Ja", "/affirm"), Button("Nein", "/deny")))]
        if text == "mensch":
            buttons = (Button("Zurück zum Bot", "/resume"), Button("Nachricht hinterlassen", "/leave_message"))
            called = (Reply(f"{number}: Ich rufe jemanden.", buttons),)
            return Turn(called, str(number), Decision.ACTION, ("handoff",), 0.9, handoff=Reason.ASKED)
        return Turn(tuple(replies), str(number), Decision.ANSWER, ("faq/echo",), 0.9)

    def sentence(self, name: str) -> Reply:
        """Real ones where placeholders matter."""
        return SENTENCES.get(name, Reply("Entschuldigung, das hat nicht geklappt."))

    def title(self, label: str) -> str:
        """See the port."""
        return label

    async def prepare(self, version: str) -> Callable[[], None]:
        """It says the same with any model."""
        return lambda: setattr(self, "version", version)

    def suggest(self, text: str, n: int) -> list[Suggestion]:
        """The echo, if anything is said, and silence."""
        entries = [
            Suggestion("faq/echo", "Was habe ich gesagt?", f"Sie sagten: **{text}**", 0.9 if text else 0.0),
            Suggestion("faq/silence", "Warum sagt niemand etwas?", "Weil alle zuhören.", 0.1),
        ]
        return entries[:n]


GB = 1024**3
QUOTAS = {
    "anna@lindenpost.example": (3_435_973_837, 5 * GB),
    "voll@lindenpost.example": (93 * GB, 100 * GB),
    "frei@lindenpost.example": (GB, None),
}


class FakeMailboxes:
    """Three mailboxes; `kaputt@…` is one whose platform does not answer."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def quota(self, address: str) -> Quota:
        """See the port."""
        if address.startswith("kaputt@"):
            raise PlatformError("The platform is down, as asked.")
        if address not in QUOTAS:
            raise UnknownMailboxError(address)
        return Quota(*QUOTAS[address], self._clock())

    async def find_contact(self, address: str) -> str | None:
        """See the port."""
        return f"privat-{address}" if address in QUOTAS or address.startswith("kaputt@") else None

    async def ping(self) -> None:
        """See the port."""

    async def close(self) -> None:
        """See the port."""


DIGESTS = Digests(b"a key for tests")


class FakeCodes:
    """Every code is 123456, if there is such a mailbox."""

    def __init__(self, mailboxes: FakeMailboxes, proofs: Proofs, clock: Callable[[], datetime]) -> None:
        self._mailboxes = mailboxes
        self._proofs = proofs
        self._clock = clock
        self._tries: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._requests: defaultdict[str, int] = defaultdict(int)

    async def request(self, conversation: str, mailbox: str) -> bool:
        """See the port."""
        self._requests[conversation] += 1
        if self._requests[conversation] > 3:
            return False
        self._tries[conversation, mailbox] = 0
        return True

    async def check(self, conversation: str, mailbox: str, digest: str) -> Outcome:
        """See the port."""
        self._tries[conversation, mailbox] += 1
        if self._tries[conversation, mailbox] > 5:
            return Outcome.EXHAUSTED
        if digest != DIGESTS.of(conversation, "123456") or await self._mailboxes.find_contact(mailbox) is None:
            return Outcome.WRONG
        await self._proofs.add(conversation, [mailbox], self._clock() + timedelta(minutes=30))
        return Outcome.RIGHT


class FakeRatings:
    """Remembers what was rated; everything can be."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, int], bool] = {}
        self.conversations: dict[str, tuple[int, str | None]] = {}

    async def rate_answer(self, conversation: str, seq: int, *, up: bool) -> None:
        """See the port."""
        self.answers[conversation, seq] = up

    async def rate_conversation(self, conversation: str, stars: int, comment: str | None = None) -> None:
        """See the port."""
        self.conversations[conversation] = (stars, comment)

"""All of learning on real files and a real database, with a workshop that does what the test says."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from bot.clock import now
from bot.conversations.model import Incoming
from bot.dialogue.nlu.likeness import likeness
from bot.faq.learning.changes import Files
from bot.faq.learning.figures import Figures
from bot.faq.learning.files import publishing
from bot.faq.learning.model import Ignore, Job, NewEntry, OutOfScope, Phrasing, Version
from bot.faq.learning.publish import Publisher
from bot.faq.learning.service import Learning
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.learning import SqlRecords
from bot.store.questions import SqlQuestions
from bot.store.tables import messages
from tests.fakes import FakeDialogue

MAIL = "\ufeff# Mail\r\n\r\n## Was ist IMAP? {#imap}\r\n\r\nIMAP lässt Mails auf dem Server.\r\n"
GOOD = Figures("heldout", 100, 90, 4, 2, 2, 2)


class FakeWorkshop:
    """A version is the digest of the files; what models do on the held-out messages is set by the test."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.made: set[str] = set()
        self.figures: list[Figures | Exception] = []
        """The next measurement's, and those after it."""
        self.on_train: Callable[[], None] = lambda: None

    async def fingerprint(self) -> str:
        """See the port."""
        found = sorted(path for path in self._files.project.rglob("*.*") if path.suffix in {".md", ".yml"})
        return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:16]

    async def train(self, tell: Callable[[str], None]) -> str:
        """See the port."""
        self.on_train()
        version = await self.fingerprint()
        self.made.add(version)
        return version

    def examples(self) -> str | None:
        """See the port."""
        return "heldout"

    async def evaluate(self, version: str) -> Figures | None:
        """See the port."""
        assert version in self.made
        figures = self.figures.pop(0) if self.figures else GOOD
        if isinstance(figures, Exception):
            raise figures
        return figures

    def has(self, version: str) -> bool:
        """See the port."""
        return version in self.made

    def discard(self, version: str) -> None:
        """See the port."""
        self.made.discard(version)

    async def close(self) -> None:
        """See the port."""


class House:
    """All of it."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.files = Files.of(folder, folder / "faq")
        self.files.faq.mkdir()
        self.mail = self.files.faq / "mail.md"
        self.mail.write_bytes(MAIL.encode())
        self.database = database
        self.workshop, self.engine = FakeWorkshop(self.files), FakeDialogue()
        self.records, self.questions = SqlRecords(database, now), SqlQuestions(database)
        self.lock = publishing(folder / "models")
        publisher = Publisher(self.records, self.workshop, self.engine, 3, now)
        self.learning = Learning(self.questions, publisher, self.files, self.lock, likeness)

    async def begin(self) -> None:
        """As a server's start leaves it."""
        self.engine.version = await self.workshop.train(print)
        await self.records.activate(Version(self.engine.version, self.engine.version, now()))

    async def ask(self, *texts: str) -> list[int]:
        """Questions that are declined."""
        conversations = SqlConversations(self.database, now)
        asked = [await conversations.accept(Incoming("web", text, "1", text), None, 20) for text in texts]
        declined = messages.update().values(done_at=now(), decision="decline", labels=["out_of_scope"])
        await self.database.write(lambda connection: connection.execute(declined))
        return [each.message for each in asked]

    async def publish(self, *changes: Phrasing | NewEntry | OutOfScope | Ignore) -> Job:
        """To its end."""
        await self.learning.publish(changes, None)
        await self.learning.close()
        job = await self.learning.find_job()
        assert job
        return job

    async def waiting(self) -> list[int]:
        """The messages in the inbox."""
        return sorted(question.message for question in await self.questions.waiting(100))

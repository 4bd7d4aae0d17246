"""What customers attach, on SQLite and on PostgreSQL."""

import random

import pytest

from bot.conversations.attachments import MOST_ATTEMPTS, AttachmentLoop, AttachmentNews, Rules
from bot.conversations.errors import DeliveryError, TooLargeError
from bot.conversations.files import Attachment, File, FileState
from bot.conversations.model import Incoming, Reply
from bot.conversations.news import Fetched, News
from bot.conversations.plain import plain_text
from bot.store.attachments import SqlAttachments
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.transcripts import SqlTranscripts
from tests.contract.clock import Clock

pytestmark = pytest.mark.slow

BILL = File("Rechnung.pdf", "application/pdf", 12, "file-1")
PICTURE = File("bild\0.png", "image/png", None, "file-2")
SENTENCES = {
    "utter_attachment_too_large": "{name}: zu groß, höchstens {largest}",
    "utter_attachment_wrong_type": "{name}: falsche Art",
    "utter_attachment_not_fetched": "{name}: nicht angekommen",
}
PDF = b"%PDF-1.7\n%\xe2\xe3"
TEXT = "Grüße".encode()
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(90)
TOO_LARGE = "The file has more than 1000 bytes."


class FakeFetcher:
    """Gives what the test puts into it, by reference, or raises it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []

    async def fetch(self, file: File, most: int) -> bytes:
        """See the port."""
        self.asked.append(file.reference)
        given = self.files[file.reference]
        if isinstance(given, Exception):
            raise given
        return given


class Shelf:
    """What the tests work with: up to 1000 bytes of PDF or text are kept."""

    def __init__(self, conversations: SqlConversations, database: Database, clock: Clock) -> None:
        self.clock = clock
        self.news = News()
        self.fetcher = FakeFetcher()
        self.store = SqlAttachments(database, clock, conversations)
        self.told: list[str] = []
        self._conversations = conversations
        self._transcripts = SqlTranscripts(database, clock)
        rules = Rules(1000, frozenset({"application/pdf", "text/plain"}))
        news = AttachmentNews(
            self.store, SENTENCES.__getitem__, lambda _, message: self.told.append(message.text), self.news
        )
        self.loop = AttachmentLoop(self.store, {"messenger": self.fetcher}, rules, news, random.Random(1))

    async def attach(self, *files: File, address: str = "anna") -> str:
        """A customer attaches something; returns the conversation."""
        incoming = Incoming("messenger", address, "1:files", "📎")
        accepted, _ = await self._conversations.answer(incoming, Reply("Danke."))
        await self.loop.expect(accepted.message, "messenger", files)
        return accepted.conversation

    async def shown(self, conversation: str) -> list[Attachment]:
        """What the desk sees of the first message."""
        first, *others = await self._transcripts.last(conversation, 9)
        assert all(line.attachments == () for line in others)
        return list(first.attachments)


@pytest.fixture
def shelf(conversations: SqlConversations, database: Database, clock: Clock) -> Shelf:
    return Shelf(conversations, database, clock)


async def test_expected_once(shelf: Shelf) -> None:
    """However often it is told; an album grows. Names are without what no database can store."""
    conversation = await shelf.attach(BILL)
    assert await shelf.attach(BILL, PICTURE, PICTURE) == conversation
    waiting = [(each.name, each.type, each.size, each.state) for each in await shelf.shown(conversation)]
    assert waiting == [
        ("Rechnung.pdf", "application/pdf", 12, FileState.WAITING),
        ("bild.png", "image/png", None, FileState.WAITING),
    ]
    due = await shelf.store.due()
    assert [(each.file.reference, each.seq, each.attempts, each.channel) for each in due] == [
        ("file-1", 1, 0, "messenger"),
        ("file-2", 1, 0, "messenger"),
    ]


async def test_kept(shelf: Shelf) -> None:
    """With the type and the size that it has, whatever the channel says; for its own conversation alone."""
    shelf.fetcher.files = {"file-1": TEXT, "file-2": PDF}
    conversation = await shelf.attach(BILL, PICTURE)
    other = await shelf.attach(address="bernd")
    with shelf.news.watch(conversation) as told:
        await shelf.loop.do_due()
    first, second = await shelf.shown(conversation)
    assert (first.type, first.size, first.state, first.reason) == ("text/plain", len(TEXT), FileState.KEPT, None)
    assert (second.type, second.size, second.state) == ("application/pdf", len(PDF), FileState.KEPT)
    assert await shelf.store.find(conversation, first.id) == (first, TEXT)
    assert await shelf.store.find(other, first.id) is None
    assert [told.get_nowait(), told.get_nowait()] == [Fetched(1), Fetched(1)]
    assert await shelf.store.seconds_to_next() is None


@pytest.mark.parametrize(
    ("given", "state", "reason", "words"),
    [
        (PROGRAM, FileState.WRONG_TYPE, "application/octet-stream", "Rechnung.pdf: falsche Art"),
        (b"x" * 1001, FileState.TOO_LARGE, TOO_LARGE, "Rechnung.pdf: zu groß, höchstens 1 kB"),
        (TooLargeError(1000), FileState.TOO_LARGE, TOO_LARGE, "Rechnung.pdf: zu groß, höchstens 1 kB"),
        (DeliveryError("410", final=True), FileState.NOT_FETCHED, "410", "Rechnung.pdf: nicht angekommen"),
    ],
)
async def test_what_is_not_kept(
    shelf: Shelf, given: bytes | Exception, state: FileState, reason: str, words: str
) -> None:
    """Is recorded with the reason, never stored, not asked for again; and the customer is told."""
    shelf.fetcher.files["file-1"] = given
    conversation = await shelf.attach(BILL)
    await shelf.loop.do_due()
    shelf.clock.pass_by(100_000)
    await shelf.loop.do_due()
    (one,) = await shelf.shown(conversation)
    assert (one.state, one.reason) == (state, reason)
    assert await shelf.store.find(conversation, one.id) is None
    assert shelf.fetcher.asked == ["file-1"]
    assert shelf.told == [words]


async def test_what_is_said_to_be_too_large_is_not_even_fetched(shelf: Shelf) -> None:
    """The channel may say so beforehand."""
    conversation = await shelf.attach(File("film.pdf", "application/pdf", 2**40, "file-1"))
    await shelf.loop.do_due()
    assert [each.state for each in await shelf.shown(conversation)] == [FileState.TOO_LARGE]
    assert shelf.fetcher.asked == []


@pytest.mark.parametrize("failure", [DeliveryError("no answer"), KeyError("a fault of the channel")])
async def test_patience(shelf: Shelf, failure: Exception) -> None:
    """What fails is tried again, not at once, and not for ever."""
    shelf.fetcher.files["file-1"] = failure
    conversation = await shelf.attach(BILL)
    for _ in range(MOST_ATTEMPTS + 2):
        await shelf.loop.do_due()
        await shelf.loop.do_due()
        shelf.clock.pass_by(await shelf.loop.seconds_to_next() or 0)
    (one,) = await shelf.shown(conversation)
    assert one.state is FileState.NOT_FETCHED
    assert str(failure.args[0]) in str(one.reason)
    assert len(shelf.fetcher.asked) == MOST_ATTEMPTS


async def test_a_name_is_no_markdown(shelf: Shelf) -> None:
    """Whatever a customer calls a file."""
    shelf.fetcher.files["file-1"] = PROGRAM
    await shelf.attach(File("[x](https://evil.example)*_.pdf", "application/pdf", 12, "file-1"))
    await shelf.loop.do_due()
    assert plain_text(shelf.told[0]) == "[x](https://evil.example)*_.pdf: falsche Art"


async def test_the_channels_wish_to_wait(shelf: Shelf) -> None:
    """Is obeyed."""
    shelf.fetcher.files["file-1"] = DeliveryError("429", retry_after=77)
    await shelf.attach(BILL)
    await shelf.loop.do_due()
    assert await shelf.loop.seconds_to_next() == pytest.approx(77)


async def test_another_channels_files_wait(shelf: Shelf, database: Database, clock: Clock) -> None:
    """One that is not set up (any more) disturbs none of the others."""
    await shelf.attach(BILL)
    elsewhere = SqlAttachments(database, clock, SqlConversations(database, clock), {"telegram"})
    assert (list(await elsewhere.due()), await elsewhere.seconds_to_next()) == ([], None)


async def test_two_processes_that_fetch_the_same(shelf: Shelf) -> None:
    """The first one's word stands."""
    conversation = await shelf.attach(BILL)
    (due,) = await shelf.store.due()
    await shelf.store.kept(due, "application/pdf", PDF)
    assert await shelf.store.refused(due, FileState.NOT_FETCHED, "gone", "Leider nicht.") is None
    await shelf.store.failed(due, "no answer", 5)
    (one,) = await shelf.shown(conversation)
    assert await shelf.store.find(conversation, one.id) == (one, PDF)

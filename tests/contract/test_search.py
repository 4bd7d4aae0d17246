"""Find conversations, on SQLite and on PostgreSQL: the same ones."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.conversations.model import Reply
from bot.insight.model import Criteria
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.proofs import SqlProofs
from bot.store.search import SqlSearch
from bot.store.tables import tickets as tickets_table
from bot.store.tickets import SqlTickets
from bot.tickets.model import RestoreRequest, Target
from tests.contract.clock import START, Clock
from tests.contract.telling import tell

pytestmark = pytest.mark.slow


class Desk:
    """Tells conversations, each a minute after the one before, and finds them."""

    def __init__(self, conversations: SqlConversations, database: Database, clock: Clock) -> None:
        self.conversations = conversations
        self.database = database
        self.clock = clock
        self.search = SqlSearch(database)

    async def tell(self, who: str, *texts: str, channel: str = "web") -> str:
        """The customer says each of them."""
        self.clock.pass_by(60)
        for text in texts:
            conversation = await tell(self.conversations, who, text, channel=channel)
        return conversation

    async def find(self, **criteria: Any) -> list[str]:
        """Ids, in order."""
        found = await self.search.find(Criteria(**criteria), 0, 20)
        assert found.total == len(found.hits)
        return [hit.conversation for hit in found.hits]

    async def excerpt(self, **criteria: Any) -> str:
        """Of the only hit."""
        (hit,) = (await self.search.find(Criteria(**criteria), 0, 20)).hits
        return hit.excerpt


@pytest.fixture
def desk(conversations: SqlConversations, database: Database, clock: Clock) -> Desk:
    return Desk(conversations, database, clock)


@pytest.mark.parametrize(
    ("said", "sought"),
    [
        ("Mein POSTFACH ist voll", "postfach"),
        ("Die Größe der Anhänge", "GRÖSSE".replace("SS", "ß")),
        ("ÜBERSCHREIBEN bitte", "überschreib"),
        ("über Ärger mit Öl", "ÄRGER"),
        ("Straße", "straße"),
        ("Grüße aus Łódź und Ελλάδα", "ΕΛΛΆΔΑ"),
        ("Es sind 100% belegt", "100%"),
        ("Ordner a_b\\c", "A_B\\C"),
        ("O'Neill schreibt", "o'neill"),
    ],
)
async def test_case_does_not_matter(desk: Desk, said: str, sought: str) -> None:
    """Not of umlauts either; and nothing is a wildcard."""
    conversation = await desk.tell("anna", said)
    await desk.tell("bert", "Es sind 1000 belegt im Ordner aXbXc, über alles")
    assert await desk.find(words=(sought,)) == [conversation]


async def test_all_words_must_occur_somewhere(desk: Desk) -> None:
    """In whichever message, whoever said it; the conversation that was written in last comes first."""
    anna = await desk.tell("anna", "Hallo", "Welcher Port?", "Für IMAP, meine ich.")
    bert = await desk.tell("bert", "Der Port für IMAP?")
    await desk.tell("carl", "Der Port für POP3?")
    assert await desk.find(words=("port", "imap")) == [bert, anna]
    assert await desk.find(words=("port", "imap", "hallo")) == [anna]
    assert await desk.find(words=("port", "imap", "exchange")) == []
    await tell(desk.conversations, "bert", "Danke", Reply("Port 993"))
    assert await desk.find(words=("993",)) == [bert]


async def test_everything_is_found_by_nothing(desk: Desk) -> None:
    """But conversations in which nothing was said."""
    anna, bert = await desk.tell("anna", "Hallo"), await desk.tell("bert", "Hallo")
    await desk.conversations.begin("web", "carl")
    assert await desk.find() == [bert, anna]


async def test_pages(desk: Desk) -> None:
    """The whole number is known on each; behind the last one nothing is."""
    told = [await desk.tell(str(number), "Hallo") for number in range(5)]
    pages = [await desk.search.find(Criteria(words=("hallo",)), skip, 2) for skip in (0, 2, 4, 6)]
    assert [page.total for page in pages] == [5, 5, 5, 5]
    assert [hit.conversation for page in pages for hit in page.hits] == list(reversed(told))


async def test_by_channel(desk: Desk) -> None:
    """One of them."""
    await desk.tell("anna", "Hallo")
    rest = await desk.tell("anna", "Hallo", channel="rest")
    assert await desk.find(words=("hallo",), channel="rest") == [rest]


async def test_by_mailbox(desk: Desk, database: Database, clock: Clock) -> None:
    """Proven, though the proof has run out, restored, or mentioned; another one's that ends like it is another's."""
    proven, restored = await desk.tell("a", "Hallo"), await desk.tell("b", "Hallo")
    mentioned = await desk.tell("c", "Wie voll ist (Anna@Lindenpost.example)?")
    await desk.tell("d", "Wie voll ist johanna@lindenpost.example, .anna@lindenpost.example?")
    await desk.tell("e", "Ist anna@lindenpost.example-neu.de frei? anna@lindenpostXexample")
    await SqlProofs(database, clock).add(proven, ["anna@lindenpost.example"], START - timedelta(days=1))
    await open_ticket(desk, restored)
    assert await desk.find(mailbox=" anna@LINDENPOST.example ".strip()) == [mentioned, restored, proven]
    assert len(await desk.find(mailbox="Anna@linden")) == 5
    assert await desk.find(mailbox="berta@") == []


async def open_ticket(desk: Desk, conversation: str) -> str:
    """The number."""
    request = RestoreRequest("anna@lindenpost.example", None, START, Target.SUBFOLDER, "0171")
    tickets = SqlTickets(desk.database, desk.conversations, desk.clock)
    return (await tickets.open(f"{conversation}:1", conversation, request)).ticket.number


async def test_by_ticket(desk: Desk) -> None:
    """However its number is written, where it was opened and where it was mentioned; or by the other system's."""
    opened = await desk.tell("anna", "Hallo")
    number = await open_ticket(desk, opened)
    mentioned = await desk.tell("bert", f"Was ist mit {number.lower()}?")
    await desk.tell("carl", "Hallo")
    change = update(tickets_table).values(reference="4711")
    await desk.database.write(lambda connection: connection.execute(change))
    spoken = f"{number[:1]} {number[2:6]} {number[6:]}".lower()
    assert await desk.find(ticket=number) == await desk.find(ticket=spoken) == [mentioned, opened]
    assert await desk.find(ticket="4711") == [opened]
    assert await desk.find(ticket="T-00000000") == await desk.find(ticket="47") == []


async def test_by_time(desk: Desk) -> None:
    """Messages of that time must hold the words; the end is not in it."""
    conversation = await desk.tell("anna", "eins")
    first = desk.clock.now
    await desk.tell("anna", "zwei")
    second = desk.clock.now
    assert await desk.find(words=("eins",), begin=first, end=second) == [conversation]
    assert await desk.find(words=("zwei",), begin=first, end=second) == []
    assert await desk.find(words=("eins",), begin=second) == []
    assert await desk.find(begin=second) == [conversation]
    assert await desk.find(end=first) == []


async def test_the_excerpt_shows_the_hit(desk: Desk) -> None:
    """Of the newest message with most of the words."""
    long = "Bla bla, " * 40
    await desk.tell("anna", "Der Port und das IMAP, alt", "Port und IMAP, neu", "Nur der Port", f"{long} {long}")
    assert await desk.excerpt(words=("PORT", "imap")) == "Port und IMAP, neu"
    await desk.tell("bert", f"{long} ein Überlauf\n\nim Postfach {long}")
    hit = await desk.excerpt(words=("überlauf",))
    assert "ein Überlauf im Postfach" in hit
    assert hit.startswith("… ")
    assert hit.endswith(" …")
    assert len(hit) < 170


async def test_without_words_the_excerpt_is_the_customers_newest(desk: Desk, clock: Clock) -> None:
    """So that one sees what it is about; of a ticket that was not mentioned as well."""
    conversation = await tell(desk.conversations, "anna", "Alt", Reply("Antwort"))
    await tell(desk.conversations, "anna", "Neu", Reply("Antwort"))
    number = await open_ticket(desk, conversation)
    assert await desk.excerpt() == "Neu"
    assert await desk.excerpt(ticket=number) in {"Neu", "Antwort"}

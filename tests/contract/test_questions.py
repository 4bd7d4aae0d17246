"""Which questions there is something to learn from, on SQLite and on PostgreSQL."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert

from bot.conversations.model import Author, Decision, Incoming, Reason, Reply, Turn
from bot.faq.learning.model import Ignore, Question, Why
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.learning import SqlRecords
from bot.store.questions import SqlQuestions
from bot.store.ratings import SqlRatings
from bot.store.tables import handoffs, messages
from tests.contract.clock import START, Clock

pytestmark = pytest.mark.slow

numbers = count()


@pytest.fixture
def questions(database: Database) -> SqlQuestions:
    return SqlQuestions(database)


async def add(database: Database, table: Any, **row: Any) -> None:
    """One row."""
    await database.write(lambda connection: connection.execute(insert(table), row))


class Talk:
    """One customer, and what is made of each message."""

    def __init__(self, conversations: SqlConversations, database: Database, who: str = "anna") -> None:
        self._conversations = conversations
        self._database = database
        self._who = who
        self.id = ""

    async def say(self, text: str, decision: Decision, *labels: str, button: str | None = None) -> int:
        """The message's id."""
        incoming = Incoming("web", self._who, str(next(numbers)), text)
        accepted = await self._conversations.accept(incoming, button, 20)
        waiting = await self._conversations.next_waiting(accepted.conversation)
        assert waiting
        await self._conversations.finish(waiting, Turn((Reply("Antwort"),), "{}", decision, labels, 0.5))
        self.id = accepted.conversation
        return accepted.message

    async def hand_over(self, reason: Reason) -> None:
        """A person is called."""
        row = {"conversation_id": self.id, "reason": reason, "queued_at": START, "ended_at": START}
        await add(self._database, handoffs, **row)

    async def write(self, author: Author, text: str) -> None:
        """A line that no turn answers."""
        seq = len(await self._conversations.messages_after(self.id, 0)) + 1
        row = {"conversation_id": self.id, "author": author, "text": text, "seq": seq}
        await add(self._database, messages, **row, created_at=START, done_at=START)


@pytest.fixture
def talk(conversations: SqlConversations, database: Database) -> Talk:
    """With Anna."""
    return Talk(conversations, database)


async def test_what_was_declined_or_asked_back_waits(talk: Talk, questions: SqlQuestions) -> None:
    """The newest first; answers and procedures do not, nor buttons, failed turns and what has no words."""
    await talk.say("was ist imap", Decision.ANSWER, "faq/imap")
    first = await talk.say("wie groß darf ein anhang sein", Decision.DECLINE, "out_of_scope")
    second = await talk.say("port?", Decision.CLARIFY, "faq/imap", "faq/pop3")
    await talk.say("Etwas anderes", Decision.DECLINE, "out_of_scope", button="/out_of_scope")
    await talk.say("kaputt", Decision.DECLINE, "failed")
    await talk.say("???", Decision.DECLINE, "out_of_scope")
    await talk.say("wie voll ist mein postfach", Decision.ACTION, "check_quota")
    assert await questions.waiting(10) == [
        Question(second, talk.id, "port?", START, Why.CLARIFIED),
        Question(first, talk.id, "wie groß darf ein anhang sein", START, Why.DECLINED),
    ]
    assert [question.message for question in await questions.waiting(1)] in ([second], [])
    assert await questions.texts([first, second, 999]) == {
        first: "wie groß darf ein anhang sein",
        second: "port?",
    }


TAKEN = [
    (("faq/imap", "faq/pop3"), (Decision.ANSWER, "faq/pop3", "/faq/pop3"), "faq/pop3"),
    (("faq/imap", "faq/pop3"), (Decision.DECLINE, "out_of_scope", "/out_of_scope"), None),
    (("faq/imap", "faq/pop3"), (Decision.ANSWER, "faq/pop3", None), None),
    (("faq/imap",), (Decision.ACTION, "affirm", None), "faq/imap"),
    (("faq/imap", "faq/pop3"), (Decision.ACTION, "affirm", None), None),
    (("faq/imap",), (Decision.ACTION, "deny", None), None),
]


@pytest.mark.parametrize(("offered", "said", "chosen"), TAKEN)
async def test_the_entry_that_the_customer_took_is_known(
    talk: Talk,
    questions: SqlQuestions,
    offered: tuple[str, ...],
    said: tuple[Decision, str, str | None],
    chosen: str | None,
) -> None:
    """By its button, or by "ja" to the only one."""
    asked = await talk.say("port?", Decision.CLARIFY, *offered)
    decision, label, button = said
    await talk.say("ja", decision, label, button=button)
    found = {question.message: question.chosen for question in await questions.waiting(10)}
    assert found[asked] == chosen


async def test_a_badly_rated_answer_brings_its_question(
    talk: Talk, questions: SqlQuestions, database: Database, clock: Clock
) -> None:
    """A good one does not."""
    asked = await talk.say("was ist imap", Decision.ANSWER, "faq/imap")
    await talk.say("was ist pop3", Decision.ANSWER, "faq/pop3")
    ratings = SqlRatings(database, clock)
    await ratings.rate_answer(talk.id, 2, up=False)
    await ratings.rate_answer(talk.id, 4, up=True)
    assert [(each.message, each.why) for each in await questions.waiting(10)] == [(asked, Why.RATED)]


@pytest.mark.parametrize(
    ("reason", "is_there"),
    [(Reason.ASKED, True), (Reason.ANGRY, True), (Reason.TAKEN, False), (Reason.PROCEDURE, False)],
)
async def test_the_last_question_before_a_person_was_called(
    talk: Talk, questions: SqlQuestions, reason: Reason, is_there: bool
) -> None:
    """Its answer was of no use; the wish for a person itself is no question. With what the agent answered."""
    await talk.say("was ist imap", Decision.ANSWER, "faq/imap")
    asked = await talk.say("was ist pop3", Decision.ANSWER, "faq/pop3")
    await talk.say("ich will einen menschen", Decision.ACTION, "handoff")
    await talk.hand_over(reason)
    await talk.write(Author.NOTICE, "Frau Berger ist jetzt im Gespräch.")
    await talk.write(Author.AGENT, "Guten Tag!")
    await talk.write(Author.AGENT, "POP3 holt Mails ab.")
    await talk.write(Author.CUSTOMER, "Danke")
    await talk.write(Author.AGENT, "Gern.")
    expected = [
        Question(asked, talk.id, "was ist pop3", START, Why.HANDED_OVER, None, "Guten Tag!\n\nPOP3 holt Mails ab.")
    ]
    assert list(await questions.waiting(10)) == (expected if is_there else [])


async def test_a_procedure_before_the_call_is_no_question(talk: Talk, questions: SqlQuestions) -> None:
    """Nor is what was answered well before it."""
    await talk.say("was ist imap", Decision.ANSWER, "faq/imap")
    await talk.say("postfach wiederherstellen", Decision.ACTION, "restore_mailbox")
    await talk.say("einen menschen bitte", Decision.ACTION, "handoff")
    await talk.hand_over(Reason.ASKED)
    assert await questions.waiting(10) == []


async def test_what_was_dealt_with_leaves_the_inbox(
    talk: Talk, questions: SqlQuestions, database: Database, clock: Clock
) -> None:
    """For good."""
    first = await talk.say("wie wird das wetter", Decision.DECLINE, "out_of_scope")
    second = await talk.say("wie wird das wetter morgen", Decision.DECLINE, "out_of_scope")
    records = SqlRecords(database, clock)
    job = await records.begin([], None)
    await records.complete(job.id, "", [Ignore((first,))], None)
    assert [question.message for question in await questions.waiting(10)] == [second]

"""What could not be brought to where it belongs, on SQLite and on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.conversations.model import Reply
from bot.handoff.events import EventType
from bot.insight.dead_letters import DeadLetter, DeadLetterOffice, Kind
from bot.insight.errors import UnknownLetterError
from bot.mail.model import Letter
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.dead_letters import SqlDeadLetters
from bot.store.events import SqlEvents, record_event
from bot.store.mails import SqlMails, post
from bot.store.outbox import SqlOutbox
from bot.store.tables import mails as mails_table
from bot.store.tickets import SqlTickets
from bot.tickets.model import RestoreRequest, Target
from tests.contract.clock import START, Clock
from tests.contract.telling import tell

pytestmark = pytest.mark.slow


@pytest.fixture
def woken() -> list[Kind]:
    """Which loops were told that there is something to do."""
    return []


@pytest.fixture
def office(database: Database, clock: Clock, woken: list[Kind]) -> DeadLetterOffice:
    wake = {kind: lambda kind=kind: woken.append(kind) for kind in Kind}
    return DeadLetterOffice(SqlDeadLetters(database, clock), wake)


async def fail(queue: Any) -> None:
    """Once with another try, then for ever."""
    for pause in (0.0, None):
        for due in await queue.due():
            await queue.failed(due, "refused: unknown user", pause)


async def test_messages(
    office: DeadLetterOffice, conversations: SqlConversations, database: Database, clock: Clock, woken: list[Kind]
) -> None:
    """Listed with their words, and on their way again with all attempts before them."""
    outbox = SqlOutbox(database, clock)
    conversation = await tell(conversations, "anna", "Hallo", Reply("Grüße " * 50), channel="messenger")
    assert (await office.newest(9))[Kind.MESSAGES] == []
    await fail(outbox)
    (letter,) = (await office.newest(9))[Kind.MESSAGES]
    assert letter == DeadLetter(letter.id, ("Grüße " * 50)[:200], "refused: unknown user", START, 2, conversation)
    clock.pass_by(5)
    await office.retry(Kind.MESSAGES, letter.id)
    assert (await office.newest(9))[Kind.MESSAGES] == []
    assert [(due.message_id, due.attempts) for due in await outbox.due()] == [(int(letter.id), 0)]
    assert woken == [Kind.MESSAGES]


async def test_tickets(
    office: DeadLetterOffice, conversations: SqlConversations, database: Database, clock: Clock, woken: list[Kind]
) -> None:
    """By number."""
    tickets = SqlTickets(database, conversations, clock)
    conversation = await conversations.begin("web", "anna")
    request = RestoreRequest("anna@beispiel.de", None, START - timedelta(days=1), Target.SUBFOLDER, "0171")
    number = (await tickets.open("talk:1", conversation, request)).ticket.number
    for pause in (0.0, None):
        await tickets.claim(60)
        await tickets.failed(number, "refused: unknown user", pause)
    letters = (await office.newest(9))[Kind.TICKETS]
    assert letters == [DeadLetter(number, number, "refused: unknown user", START, 2, conversation)]
    await office.retry(Kind.TICKETS, number)
    assert [due.ticket.number for due in await tickets.claim(60)] == [number]
    assert woken == [Kind.TICKETS]


async def test_events(
    office: DeadLetterOffice, conversations: SqlConversations, database: Database, clock: Clock, woken: list[Kind]
) -> None:
    """By type."""
    events = SqlEvents(database, clock, wanted=True)
    conversation = await conversations.begin("web", "anna")
    await database.write(
        lambda connection: record_event(connection, EventType.STATUS, {"conversation": conversation}, clock)
    )
    await fail(events)
    (letter,) = (await office.newest(9))[Kind.EVENTS]
    assert letter == DeadLetter(letter.id, EventType.STATUS, "refused: unknown user", START, 2, conversation)
    await office.retry(Kind.EVENTS, letter.id)
    assert [str(due.id) for due in await events.due()] == [letter.id]
    assert woken == [Kind.EVENTS]


async def test_mails(office: DeadLetterOffice, database: Database, clock: Clock, woken: list[Kind]) -> None:
    """As long as somebody wants them; then their text is gone and they cannot be tried again."""
    mails = SqlMails(database, clock)
    for subject, minutes in (("Code", 10), ("Verlauf", 60)):
        letter = Letter("anna@privat.de", subject, "sealed", START + timedelta(minutes=minutes))
        await database.write(lambda connection, letter=letter: post(connection, letter, clock))
    await fail(mails)
    clock.pass_by(20 * 60)
    newest = (await office.newest(9))[Kind.MAILS]
    assert [(letter.what, letter.attempts, letter.can_retry, letter.conversation) for letter in newest] == [
        ("Verlauf → anna@privat.de", 2, True, None),
        ("Code → anna@privat.de", 2, False, None),
    ]
    wanted, expired = newest
    with pytest.raises(UnknownLetterError):
        await office.retry(Kind.MAILS, expired.id)
    await office.retry(Kind.MAILS, wanted.id)
    (due,) = await mails.due()
    assert (due.letter.subject, due.letter.sealed) == ("Verlauf", "sealed")
    await mails.sent(due)
    assert await database.read(sealed_texts) == {""}
    assert woken == [Kind.MAILS]


def sealed_texts(connection: Connection) -> set[str]:
    """That are still there."""
    return set(connection.scalars(select(mails_table.c.sealed)))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("letter", ["1", "T-00000000", "", "-1", "1' OR '1'='1", "9" * 30, "¹"])
async def test_what_is_no_dead_letter_is_refused(
    office: DeadLetterOffice, kind: Kind, letter: str, woken: list[Kind]
) -> None:
    """Whatever is sent."""
    with pytest.raises(UnknownLetterError):
        await office.retry(kind, letter)
    assert woken == []


async def test_what_is_on_its_way_is_no_dead_letter(
    office: DeadLetterOffice, conversations: SqlConversations, database: Database, clock: Clock
) -> None:
    """Nor what was sent; the list shows as many as are asked for, the newest first."""
    outbox = SqlOutbox(database, clock)
    for text in ("eins", "zwei", "drei"):
        await tell(conversations, text, "Hallo", Reply(text), channel="messenger")
        clock.pass_by(1)
    first, *others = await outbox.due()
    await outbox.sent(first)
    with pytest.raises(UnknownLetterError):
        await office.retry(Kind.MESSAGES, str(first.message_id))
    with pytest.raises(UnknownLetterError):
        await office.retry(Kind.MESSAGES, str(others[0].message_id))
    for other in others:
        await outbox.failed(other, "gone", None)
    assert [letter.what for letter in (await office.newest(9))[Kind.MESSAGES]] == ["drei", "zwei"]
    assert [letter.what for letter in (await office.newest(1))[Kind.MESSAGES]] == ["drei"]

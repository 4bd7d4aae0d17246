"""What the store keeps, on SQLite and on PostgreSQL: the same, to the letter."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from bot.conversations.errors import TooManyError
from bot.conversations.model import SUSPECT_AFTER, Asked, Button, Decision, Incoming, Reason, Reply, Status, Turn
from bot.handoff.events import EventType, Progress
from bot.handoff.model import Wish
from bot.identity.model import Issue
from bot.identity.ports import Outcome
from bot.mail.model import Letter
from bot.store.codes import SqlCodes
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.events import SqlEvents
from bot.store.mails import SqlMails
from bot.store.outbox import SqlOutbox
from bot.store.proofs import SqlProofs
from bot.store.tickets import SqlTickets
from bot.store.transcript_mails import SqlTranscriptMails
from bot.tickets.model import MessageRequest, RestoreRequest, State, Target
from tests.contract.clock import START, Clock

pytestmark = pytest.mark.slow

HOUR_AGO = START - timedelta(hours=1)
DIGEST, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def tickets(database: Database, conversations: SqlConversations, clock: Clock) -> SqlTickets:
    return SqlTickets(database, conversations, clock)


def incoming(message: str, words: str = "hallo", channel: str = "messenger") -> Incoming:
    """From Anna."""
    return Incoming(channel, "anna", message, words)


def turn(*replies: Reply, state: str = "{}") -> Turn:
    """What the dialogue made of it."""
    return Turn(replies, state, Decision.ANSWER, ("faq/pop3",), 0.9)


async def test_migrations_can_be_run_again(database: Database) -> None:
    """Every start does."""
    await database.migrate()
    await database.ping()


async def test_a_message_is_stored_once_and_answered_once(conversations: SqlConversations) -> None:
    """However often it comes, and whoever takes its turn a second time."""
    first = await conversations.accept(incoming("1"), None, 20)
    again = await conversations.accept(incoming("1"), None, 20)
    assert (first.message, first.conversation, again.done) == (again.message, again.conversation, False)
    waiting = await conversations.next_waiting(first.conversation)
    assert waiting
    assert waiting.text == "hallo"
    reply = Reply("Grüße 🙂", (Button("Ja", "/affirm"),))
    written = await conversations.finish(waiting, turn(reply, state='{"ü":1}'))
    assert written
    assert await conversations.finish(waiting, turn(Reply("noch einmal"))) is None
    assert [message.text for message in await conversations.messages_after(first.conversation, 0)] == [
        "hallo",
        "Grüße 🙂",
    ]
    assert (await conversations.accept(incoming("1"), None, 20)).done
    (button,) = written[0].buttons
    assert await conversations.find_choice(first.conversation, button.id) == (button, "/affirm")
    assert written[0].at == START


async def test_simultaneous_copies_of_a_message_are_one(conversations: SqlConversations) -> None:
    """And begin one conversation."""
    accepted = await asyncio.gather(*(conversations.accept(incoming("1"), None, 20) for _ in range(8)))
    assert len({(each.conversation, each.message) for each in accepted}) == 1


async def test_what_waits_is_known_after_a_restart(conversations: SqlConversations) -> None:
    """In order, with the deaths that its turn has cost; a flood is refused."""
    for number in range(3):
        accepted = await conversations.accept(incoming(str(number)), None, 3)
    with pytest.raises(TooManyError):
        await conversations.accept(incoming("3"), None, 3)
    await conversations.count_deaths()
    assert await conversations.unfinished() == [accepted.conversation]
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    assert waiting.deaths == 1


async def test_a_suspect_is_blamed_for_what_dies_with_it_alone(conversations: SqlConversations) -> None:
    """Its neighbours' turns were under way in the other processes that died, too."""
    accepted = await conversations.accept(incoming("1"), None, 20)
    for _ in range(5):
        await conversations.count_deaths()
    suspect = await conversations.next_waiting(accepted.conversation)
    assert suspect
    assert suspect.deaths == SUSPECT_AFTER
    await conversations.try_alone(suspect)
    blamed = await conversations.next_waiting(accepted.conversation)
    assert blamed
    assert blamed.deaths == SUSPECT_AFTER + 1


async def test_the_outbox_sends_in_order(conversations: SqlConversations, database: Database, clock: Clock) -> None:
    """The head of each conversation's queue, when its time has come; a dead letter lets the next one pass."""
    outbox = SqlOutbox(database, clock)
    accepted = await conversations.accept(incoming("1"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    await conversations.finish(waiting, turn(Reply("eins"), Reply("zwei")))
    (first,) = await outbox.due()
    assert first.message.text == "eins"
    assert first.message.asked == Asked("1", "hallo", START)
    await outbox.failed(first, "down", 10)
    assert await outbox.due() == []
    assert await outbox.seconds_to_next() == pytest.approx(10)
    clock.pass_by(10)
    (first,) = await outbox.due()
    await outbox.failed(first, "gone", None)
    (second,) = await outbox.due()
    assert second.message.text == "zwei"
    await outbox.sent(second)
    assert await outbox.seconds_to_next() is None


async def test_a_ticket_is_opened_once_and_finds_its_way(
    conversations: SqlConversations, tickets: SqlTickets, clock: Clock
) -> None:
    """The same wish is the same ticket; delivery, dead letter and replay; its news is told once."""
    talk = await conversations.begin("messenger", "anna")
    request = RestoreRequest("anna@beispiel.de", None, START - timedelta(days=1), Target.SUBFOLDER, "0171")
    opened = await asyncio.gather(*(tickets.open("talk:1", talk, request) for _ in range(5)))
    (number,) = {each.ticket.number for each in opened}
    assert (await tickets.open("talk:2", talk, request)).is_new is False
    claimed = await asyncio.gather(*(tickets.claim(90) for _ in range(3)))
    (due,) = [due for each in claimed for due in each]
    assert due.ticket.request == request
    assert await tickets.seconds_to_next() == pytest.approx(90)
    await tickets.failed(number, "down", 60)
    assert await tickets.claim(90) == []
    clock.pass_by(60)
    await tickets.failed(number, "refused", None)
    assert [each.last_error for each in await tickets.dead()] == ["refused"]
    assert await tickets.replay(number)
    assert not await tickets.replay(number)
    await tickets.sent(number, "4711")
    (unfinished,) = await tickets.unfinished()
    assert unfinished.reference == "4711"
    told = await tickets.change(number, State.DONE, "Neues")
    assert told
    assert told[1].text == "Neues"
    assert await tickets.change(number, State.DONE, "Neues") is None
    assert await tickets.unfinished() == []
    assert (await tickets.open("talk:3", talk, request)).is_new
    assert {status for _, status, _ in await tickets.everything()} == {Status.SENT, Status.QUEUED}
    assert await tickets.set_by_hand(number, State.WAITING)
    assert await tickets.states_by_hand([number]) == {number: State.WAITING}


async def test_a_message_is_a_ticket_each_time(conversations: SqlConversations, tickets: SqlTickets) -> None:
    """Even with the same words; only the same wish is the same ticket. It belongs to no mailbox."""
    talk, other = [await conversations.begin("messenger", name) for name in ("anna", "bert")]
    request = MessageRequest("0171 5550102", "Grüße 🙂\n'; DROP TABLE tickets; --")
    first = await tickets.open("talk:1", talk, request)
    assert (await tickets.open("talk:1", talk, request)).ticket == first.ticket
    second = await tickets.open("talk:2", talk, request)
    assert first.is_new
    assert second.is_new
    assert second.ticket.number != first.ticket.number
    restore = RestoreRequest("anna@beispiel.de", None, START - timedelta(days=1), Target.SUBFOLDER, "0171")
    restored = (await tickets.open("talk:3", talk, restore)).ticket
    await tickets.open("other:1", other, request)
    numbers = {each.number for each in await tickets.of_conversation(talk)}
    assert numbers == {first.ticket.number, second.ticket.number, restored.number}
    assert await tickets.of_mailboxes(["anna@beispiel.de"]) == [restored]
    assert [due.ticket.request for due in await tickets.claim(90)].count(request) == 3
    assert await tickets.find(first.ticket.number) == first.ticket


async def test_proofs_hold_for_their_time(conversations: SqlConversations, database: Database, clock: Clock) -> None:
    """Newer ones take the place of older ones."""
    proofs, talk = SqlProofs(database, clock), await conversations.begin("web", "anna")
    await proofs.add(talk, ["a@b.de", "c@d.de"], START + timedelta(minutes=5))
    await proofs.add(talk, ["a@b.de"], START + timedelta(minutes=30))
    assert await proofs.of(talk) == {"a@b.de", "c@d.de"}
    clock.pass_by(5 * 60)
    assert await proofs.of(talk) == {"a@b.de"}


async def test_a_code_and_its_mail_are_one(conversations: SqlConversations, database: Database, clock: Clock) -> None:
    """Issued with its letter, checked with its proof; the letter's text goes when it is sent."""
    codes, mails = SqlCodes(database, conversations, clock), SqlMails(database, clock)
    proofs = SqlProofs(database, clock)
    talk = await conversations.begin("web", "anna")
    assert await codes.ask(talk, "a@b.de", 3, HOUR_AGO)
    (asked,) = await codes.asked(ready_at=clock())
    told = await codes.put_off(asked, clock() + timedelta(seconds=15), "später")
    assert told
    assert told.text == "später"
    assert await codes.put_off(asked, clock() + timedelta(seconds=15), "später") is None
    assert await codes.asked(ready_at=clock()) == []
    assert await codes.seconds_to_next() == pytest.approx(15)
    issue = Issue(asked, DIGEST, Letter("anna@privat.de", "Code", "sealed", START + timedelta(minutes=10)))
    assert await codes.issue(issue, 3, START - timedelta(hours=1))
    (letter,) = await mails.due()
    await mails.sent(letter)
    assert await mails.seconds_to_next() is None
    sealed = await database.read(lambda connection: connection.scalar(text("SELECT sealed FROM mails")))
    assert sealed == ""
    limits = {"not_before": START, "proven_until": START + timedelta(minutes=30)}
    assert await codes.check(talk, "a@b.de", OTHER, **limits) is Outcome.WRONG
    assert await codes.check(talk, "a@b.de", DIGEST, **limits) is Outcome.RIGHT
    assert await codes.check(talk, "a@b.de", DIGEST, **limits) is Outcome.EXPIRED
    assert await proofs.of(talk) == {"a@b.de"}


async def test_too_many_codes_are_refused(conversations: SqlConversations, database: Database, clock: Clock) -> None:
    """Of one mailbox, and in one conversation."""
    codes = SqlCodes(database, conversations, clock)
    talk, other = await conversations.begin("web", "anna"), await conversations.begin("web", "other")
    assert [await codes.ask(talk, "a@b.de", 2, HOUR_AGO) for _ in range(3)] == [True, True, False]
    assert not await codes.ask(talk, "c@d.de", 2, HOUR_AGO)
    assert not await codes.ask(other, "a@b.de", 2, HOUR_AGO)
    assert await codes.ask(other, "c@d.de", 2, HOUR_AGO)


async def test_a_right_code_proves_once_even_in_a_race(
    conversations: SqlConversations, database: Database, clock: Clock
) -> None:
    """Tries at the same moment are counted each."""
    codes = SqlCodes(database, conversations, clock)
    talk = await conversations.begin("web", "anna")
    assert await codes.ask(talk, "a@b.de", 3, HOUR_AGO)
    limits = {"not_before": START, "proven_until": START + timedelta(minutes=30)}
    outcomes = await asyncio.gather(*(codes.check(talk, "a@b.de", OTHER, **limits) for _ in range(12)))
    assert sorted(outcomes) == [Outcome.EXHAUSTED] * 7 + [Outcome.WRONG] * 5


async def test_a_transcript_is_mailed_once_and_not_too_often(
    conversations: SqlConversations, database: Database, clock: Clock
) -> None:
    """Even when the same wish comes several times at the same moment; each conversation has its own limit."""
    wishes, mails = SqlTranscriptMails(database, clock), SqlMails(database, clock)
    talk, other = [await conversations.begin("web", name) for name in ("anna", "bert")]
    letter = Letter("anna@privat.de", "Ihr Gespräch", "sealed", START + timedelta(days=1))

    async def post(key: str, conversation: str) -> bool:
        wish = Wish(f"{conversation}:{key}", conversation, "a@b.de")
        return await wishes.post(wish, letter, 2, clock() - timedelta(hours=1))

    assert await asyncio.gather(*(post("1", talk) for _ in range(5))) == [True] * 5
    assert [await post("2", talk), await post("3", talk), await post("1", talk)] == [True, False, True]
    assert await post("1", other)
    assert len(await mails.due()) == 3
    clock.pass_by(3601)
    assert await post("3", talk)


async def test_events_wait_for_those_before_them(
    conversations: SqlConversations, database: Database, clock: Clock
) -> None:
    """The head of each conversation's queue, when its time has come; a dead letter lets the next one pass."""
    events = SqlEvents(database, clock, wanted=True)
    talks = [(await conversations.accept(incoming("1", "hilfe", name), None, 20)).conversation for name in ("a", "b")]
    for talk in talks:
        await database.write(
            lambda connection, talk=talk: events.initiate(connection, talk, Reason.DECLINED, "Technik")
        )
        await database.write(lambda connection, talk=talk: events.status(connection, talk, Progress.FAILED))
    first, other = await events.due()
    assert [each.conversation for each in (first, other)] == talks
    assert (first.type, first.at, first.data["reason"], first.data["group"]) == (
        *(EventType.INITIATE, START, "declined", "Technik"),
    )
    assert [message["text"] for message in first.data["messages"]] == ["hilfe"]
    await events.failed(first, "down", 10)
    await events.sent(other)
    assert [each.type for each in await events.due()] == [EventType.STATUS]
    await events.sent((await events.due())[0])
    assert await events.seconds_to_next() == pytest.approx(10)
    clock.pass_by(10)
    await events.failed((await events.due())[0], "gone", None)
    (dead,) = await events.dead()
    assert (dead.id, dead.attempts, dead.last_error, dead.data["channel"]) == (first.id, 2, "gone", "a")
    assert [each.type for each in await events.due()] == [EventType.STATUS]
    assert await events.replay(dead.id)
    assert [each.id for each in await events.due()] == [first.id]


async def test_a_failed_unit_leaves_nothing(database: Database, conversations: SqlConversations) -> None:
    """All of a transaction or nothing."""

    def unit(connection: Connection) -> None:
        connection.execute(text("DELETE FROM conversations"))
        raise RuntimeError("as asked")

    await conversations.begin("web", "anna")
    with pytest.raises(RuntimeError):
        await database.write(unit)
    assert await conversations.find("web", "anna")


async def test_the_buttons_offered_last_can_be_found(conversations: SqlConversations) -> None:
    """They are fresh until the customer says something else."""
    assert await conversations.find_offer("messenger", "anna") is None
    await conversations.accept(incoming("1"), None, 20)
    assert await conversations.find_offer("messenger", "anna") is None
    first = await conversations.accept(incoming("1"), None, 20)
    waiting = await conversations.next_waiting(first.conversation)
    assert waiting
    buttons = (Button("Ja", "/affirm"), Button("Nein", "/deny"))
    await conversations.finish(waiting, turn(Reply("Ja?", buttons), Reply("Bitte wählen Sie.")))
    offer = await conversations.find_offer("messenger", "anna")
    assert offer
    assert (offer.fresh, offer.buttons) == (True, buttons)
    await conversations.accept(incoming("2", "etwas anderes"), None, 20)
    offer = await conversations.find_offer("messenger", "anna")
    assert offer
    assert (offer.fresh, offer.buttons) == (False, buttons)


async def test_a_message_can_be_stored_with_its_answer(conversations: SqlConversations) -> None:
    """Once, however often it comes; no turn is taken, and the answer is on its way."""
    accepted, message = await conversations.answer(incoming("1", "[Anhang]"), Reply("Leider nicht."))
    again, nothing = await conversations.answer(incoming("1", "[Anhang]"), Reply("Leider nicht."))
    assert (again.message, again.again, nothing) == (accepted.message, True, None)
    assert await conversations.next_waiting(accepted.conversation) is None
    assert list(await conversations.replies_to(accepted.message)) == [message]


async def test_a_long_message_goes_on_where_it_stopped(
    conversations: SqlConversations, database: Database, clock: Clock
) -> None:
    """And what belongs to a channel that is not set up waits, without disturbing others."""
    await conversations.answer(incoming("1"), Reply("Lang."))
    outbox = SqlOutbox(database, clock, {"messenger"})
    (delivery,) = await outbox.due()
    await outbox.failed(delivery, "full", 0, parts_sent=2)
    assert [each.parts_sent for each in await outbox.due()] == [2]
    elsewhere = SqlOutbox(database, clock, {"telegram"})
    assert (list(await elsewhere.due()), await elsewhere.seconds_to_next()) == ([], None)

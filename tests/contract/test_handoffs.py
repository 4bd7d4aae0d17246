"""Who holds what, on SQLite and on PostgreSQL: the same, also when many reach for it at once."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.conversations.holding import TRANSITIONS, Standing
from bot.conversations.model import Author, Button, Decision, Holder, Incoming, Reason, Reply, Turn
from bot.handoff.errors import ClosedError, NoSeatError, NotYoursError, TakenError, UnknownReceiverError
from bot.handoff.model import DeliveryState, Person
from bot.staff.model import NewAgent
from bot.store.cases import SqlCases
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.events import SqlEvents
from bot.store.handoffs import SqlHandoffs
from bot.store.holding import Holding
from bot.store.presence import SqlPresence
from bot.store.staff import SqlAgents
from bot.store.standings import SqlStandings
from bot.store.tables import handoffs as handoffs_table
from bot.store.transcripts import SqlTranscripts
from tests.contract.clock import Clock

pytestmark = pytest.mark.slow

JOINED = Reply("ist da")
AGENTS, CONVERSATIONS = 20, 1000


@pytest.fixture
def handoffs(database: Database, conversations: SqlConversations, clock: Clock) -> SqlHandoffs:
    holding = Holding(clock, SqlEvents(database, clock, wanted=False))
    return SqlHandoffs(database, conversations, holding, clock)


@pytest.fixture
def standings(database: Database) -> SqlStandings:
    return SqlStandings(database)


@pytest.fixture
async def berger(database: Database, clock: Clock) -> Person:
    """Two seats, and in the group of technicians."""
    return await add(database, clock, "Frau Berger", seats=2, groups=("Technik",))


@pytest.fixture
async def cordes(database: Database, clock: Clock) -> Person:
    """Four seats, no group."""
    return await add(database, clock, "Herr Cordes")


async def add(database: Database, clock: Clock, name: str, **values: object) -> Person:
    """An agent's account."""
    login = f"{name.rsplit(maxsplit=1)[-1].lower()}@lindenpost.example"
    agent = await SqlAgents(database, clock).add(NewAgent(login, name, **values))
    return Person(agent.id, agent.name)


async def calls(conversations: SqlConversations, address: str, reason: Reason = Reason.ASKED) -> str:
    """A customer who asked for a person and waits."""
    accepted = await conversations.accept(Incoming("web", address, "1", "mensch"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    buttons = (Button("Zurück zum Bot", "/resume"),)
    turn = Turn((Reply("Ich rufe jemanden.", buttons),), "{}", Decision.ACTION, ("handoff",), 1.0, handoff=reason)
    assert await conversations.finish(waiting, turn)
    return accepted.conversation


def test_the_table_of_transitions_leaves_no_way_out_of_reach() -> None:
    """Every holder can be reached, and none is a dead end."""
    assert {after for _, after in TRANSITIONS.values()} == set(Holder)
    assert {before for befores, _ in TRANSITIONS.values() for before in befores} == set(Holder)


async def test_the_longest_waiting_one_comes_first(
    conversations: SqlConversations, handoffs: SqlHandoffs, standings: SqlStandings, berger: Person, clock: Clock
) -> None:
    """And the places of the others move up."""
    first = await calls(conversations, "anna")
    clock.pass_by(1)
    second = await calls(conversations, "bert")
    assert await standings.standing(second) == Standing(Holder.QUEUED, position=2)
    assert await standings.waiting() == 2
    taken = await handoffs.take_next(berger, JOINED)
    assert taken
    assert (taken[0], taken[1].author, taken[1].text) == (first, Author.NOTICE, "ist da")
    assert await standings.standing(first) == Standing(Holder.AGENT, agent="Frau Berger")
    assert await standings.standing(second) == Standing(Holder.QUEUED, position=1)
    assert await standings.positions() == {second: 1}


async def test_what_a_person_holds_waits_for_no_turn(conversations: SqlConversations, handoffs: SqlHandoffs) -> None:
    """Neither what comes then, nor what came before and had no turn yet."""
    conversation = await calls(conversations, "anna")
    accepted = await conversations.accept(Incoming("web", "anna", "2", "was ist imap"), None, 20)
    assert accepted.done
    assert await conversations.next_waiting(conversation) is None
    assert await conversations.unfinished() == []


async def test_a_turn_that_comes_too_late_leaves_no_trace(
    conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person
) -> None:
    """An agent took the conversation while the bot thought about its answer."""
    accepted = await conversations.accept(Incoming("web", "anna", "1", "was ist imap"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    await handoffs.take(accepted.conversation, berger, JOINED)
    late = Turn((Reply("IMAP ist …"),), "{}", Decision.ANSWER, ("faq/imap",), 0.9)
    assert await conversations.finish(waiting, late) is None
    said = await conversations.messages_after(accepted.conversation, 0)
    assert [message.text for message in said] == ["was ist imap", "ist da"]


async def test_only_one_can_have_it(
    conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, cordes: Person
) -> None:
    """The other one is told who was faster; to claim it once more changes nothing."""
    conversation = await calls(conversations, "anna")
    assert await handoffs.take(conversation, berger, JOINED)
    assert await handoffs.take(conversation, berger, JOINED) is None
    with pytest.raises(TakenError, match="Frau Berger"):
        await handoffs.take(conversation, cordes, JOINED)
    with pytest.raises(NotYoursError):
        await handoffs.say(conversation, cordes, "desk:1", "Hallo")


async def test_seats(
    conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, standings: SqlStandings
) -> None:
    """So many at once, and one more when one is closed."""
    held = [await calls(conversations, name) for name in ("anna", "bert", "carl")]
    for conversation in held[:2]:
        await handoffs.take(conversation, berger, JOINED)
    with pytest.raises(NoSeatError, match="2"):
        await handoffs.take(held[2], berger, JOINED)
    with pytest.raises(NoSeatError):
        await handoffs.take_next(berger, JOINED)
    await handoffs.close(held[0], berger, "Gelöst", [Reply("zu")])
    assert await handoffs.take_next(berger, JOINED)
    assert (await standings.standing(held[0])).holder is Holder.CLOSED
    await handoffs.give_back(held[1], berger, Reply("zurück"))
    with pytest.raises(ClosedError):
        await handoffs.take(held[0], berger, JOINED)


async def test_groups(
    conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, cordes: Person, standings: SqlStandings
) -> None:
    """What waits for a group is nobody else's next one; at its old place in the queue."""
    conversation = await calls(conversations, "anna")
    other = await calls(conversations, "bert")
    await handoffs.take(conversation, cordes, JOINED)
    with pytest.raises(UnknownReceiverError):
        await handoffs.queue(conversation, cordes, "Buchhaltung", Reply("weiter"))
    await handoffs.queue(conversation, cordes, "Technik", Reply("weiter"))
    assert await standings.positions() == {conversation: 1, other: 2}
    taken = await handoffs.take_next(cordes, JOINED)
    assert taken
    assert taken[0] == other
    assert await handoffs.take_next(cordes, JOINED) is None
    taken = await handoffs.take_next(berger, JOINED)
    assert taken
    assert taken[0] == conversation


async def test_what_an_agent_says_is_said_once(
    database: Database, conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, clock: Clock
) -> None:
    """However often the page sends it; and the first answer's time is kept."""
    conversation = await calls(conversations, "anna")
    await handoffs.take(conversation, berger, JOINED)
    clock.pass_by(30)
    first, is_new = await handoffs.say(conversation, berger, "desk:1", "Guten **Tag**")
    assert is_new
    assert (first.author, first.agent) == (Author.AGENT, "Frau Berger")
    again, is_new = await handoffs.say(conversation, berger, "desk:1", "Guten **Tag**")
    assert (again, is_new) == (first, False)
    clock.pass_by(30)
    await handoffs.say(conversation, berger, "desk:2", "Noch etwas?")

    def answered(connection: Connection) -> object:
        return connection.scalar(select(handoffs_table.c.answered_at))

    assert await database.read(answered) == first.at


async def test_transfer_and_return(
    conversations: SqlConversations,
    handoffs: SqlHandoffs,
    berger: Person,
    cordes: Person,
    standings: SqlStandings,
) -> None:
    """From one to the other, then to the bot, whose turn comes again with the next message."""
    conversation = await calls(conversations, "anna")
    await handoffs.take(conversation, berger, JOINED)
    with pytest.raises(UnknownReceiverError):
        await handoffs.hand(conversation, berger, 4711, Reply("weiter"))
    with pytest.raises(UnknownReceiverError):
        await handoffs.hand(conversation, berger, berger.id, Reply("weiter"))
    await handoffs.hand(conversation, berger, cordes.id, Reply("weiter"))
    with pytest.raises(NotYoursError):
        await handoffs.give_back(conversation, berger, Reply("zurück"))
    await handoffs.give_back(conversation, cordes, Reply("zurück"))
    assert await standings.standing(conversation) == Standing(Holder.BOT)
    accepted = await conversations.accept(Incoming("web", "anna", "3", "was ist imap"), None, 20)
    assert not accepted.done
    assert await conversations.next_waiting(conversation)


@pytest.mark.parametrize("payload", ["/resume", "/leave_message"])
async def test_the_customer_goes_back_to_the_bot(
    conversations: SqlConversations, handoffs: SqlHandoffs, standings: SqlStandings, berger: Person, payload: str
) -> None:
    """Out of the queue, and from an agent; the button's message gets a turn. Other buttons are words."""
    conversation = await calls(conversations, "anna")
    accepted = await conversations.accept(Incoming("web", "anna", "2", "IMAP"), "/faq/imap", 20)
    assert (accepted.done, accepted.returned) == (True, False)
    accepted = await conversations.accept(Incoming("web", "anna", "3", "Zurück"), payload, 20)
    assert (accepted.done, accepted.returned) == (False, True)
    assert await standings.standing(conversation) == Standing(Holder.BOT)
    waiting = await conversations.next_waiting(conversation)
    assert waiting
    assert waiting.choice == payload
    await handoffs.take(conversation, berger, JOINED)
    accepted = await conversations.accept(Incoming("web", "anna", "4", "Zurück"), payload, 20)
    assert accepted.returned
    with pytest.raises(NotYoursError):
        await handoffs.say(conversation, berger, "desk:1", "Hallo")


async def test_who_writes_after_the_end_speaks_with_the_bot(
    conversations: SqlConversations, handoffs: SqlHandoffs, standings: SqlStandings, berger: Person
) -> None:
    """Nobody has to begin anew."""
    conversation = await calls(conversations, "anna")
    await handoffs.take(conversation, berger, JOINED)
    stars = Reply("Wie war es?", (Button("★ 5", '/rate{"stars": "5"}'),))
    notice, question = await handoffs.close(conversation, berger, "Gelöst", [Reply("zu"), stars])
    assert (notice.author, question.author) == (Author.NOTICE, Author.BOT)
    assert await conversations.find_choice(conversation, question.buttons[0].id)
    accepted = await conversations.accept(Incoming("web", "anna", "2", "danke"), None, 20)
    assert accepted.returned
    assert await standings.standing(conversation) == Standing(Holder.BOT)


async def test_what_an_agent_leaves_behind_goes_back_into_the_queue(
    database: Database, conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, clock: Clock
) -> None:
    """At its old place, for everybody."""
    presence = SqlPresence(database, clock)
    held = [await calls(conversations, "anna"), await calls(conversations, "bert")]
    for conversation in held:
        await handoffs.take(conversation, berger, JOINED)
    await presence.alive(berger.id)
    assert await presence.holders() == [(berger, clock())]
    abandoned = await handoffs.abandon(berger.id, Reply("weg"))
    assert [conversation for conversation, _ in abandoned] == held
    assert await presence.holders() == []
    assert await SqlStandings(database).positions() == {held[0]: 1, held[1]: 2}


async def test_lists(
    database: Database, conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, clock: Clock
) -> None:
    """With who waits since when, and for how many messages."""
    cases = SqlCases(database, clock)
    conversation = await calls(conversations, "anna", Reason.ANGRY)
    (case,) = await cases.waiting()
    assert case.last
    assert (case.last.author, case.last.text) == (Author.CUSTOMER, "mensch")
    clock.pass_by(60)
    asked_at = clock()
    await conversations.accept(Incoming("web", "anna", "2", "hallo?"), None, 20)
    clock.pass_by(60)
    await conversations.accept(Incoming("web", "anna", "3", "ist da wer?"), None, 20)
    (case,) = await cases.waiting()
    assert (case.conversation, case.reason, case.unread, case.waiting_since) == (
        conversation,
        Reason.ANGRY,
        2,
        asked_at,
    )
    assert case.last
    assert (case.last.author, case.last.text) == (Author.CUSTOMER, "ist da wer?")
    await handoffs.take(conversation, berger, JOINED)
    await handoffs.say(conversation, berger, "desk:1", "Ja, ich.")
    assert await cases.waiting() == []
    (case,) = await cases.held_by(berger.id)
    assert (case.agent, case.unread, case.waiting_since) == (berger, 0, None)
    assert [case.conversation for case in await cases.active(asked_at, 10)] == [conversation]
    assert await cases.active(clock(), 0) == []


async def test_transcripts(
    database: Database, conversations: SqlConversations, handoffs: SqlHandoffs, berger: Person, clock: Clock
) -> None:
    """What was understood, how messages fared, page by page; notes are apart."""
    transcripts, standings = SqlTranscripts(database, clock), SqlStandings(database)
    conversation = await calls(conversations, "anna")
    await handoffs.take(conversation, berger, JOINED)
    said, _ = await handoffs.say(conversation, berger, "desk:1", "Guten Tag")
    lines = await transcripts.last(conversation, 10)
    assert [line.message.seq for line in lines] == [1, 2, 3, 4]
    assert (lines[0].decision, lines[0].labels) == (Decision.ACTION, ("handoff",))
    assert (lines[3].agent, lines[3].delivery) == (berger, DeliveryState.SENT)
    assert [line.message.seq for line in await transcripts.last(conversation, 2)] == [3, 4]
    assert [line.message.seq for line in await transcripts.last(conversation, 2, before=3)] == [1, 2]
    assert await standings.seen(conversation, said.seq, read=False)
    assert not await standings.seen(conversation, said.seq, read=False)
    (line,) = await transcripts.lines(conversation, [said.seq])
    assert line.delivery is DeliveryState.DELIVERED
    assert await standings.seen(conversation, said.seq, read=True)
    assert not await standings.seen(conversation, 4711, read=True)
    (line,) = await transcripts.lines(conversation, [said.seq])
    assert line.delivery is DeliveryState.READ
    assert not await standings.seen_until(conversation, clock(), read=True)
    clock.pass_by(60)
    said, _ = await handoffs.say(conversation, berger, "desk:2", "Sind Sie noch da?")
    assert not await standings.seen_until(conversation, clock() - timedelta(seconds=30), read=True)
    assert await standings.seen_until(conversation, clock(), read=True)
    (line,) = await transcripts.lines(conversation, [said.seq])
    assert line.delivery is DeliveryState.READ
    note = await transcripts.note(conversation, berger, "zahlt spät")
    assert await transcripts.notes(conversation) == [note]
    assert len(await conversations.messages_after(conversation, 0)) == 5


async def test_twenty_agents_claim_a_thousand_conversations(
    database: Database, conversations: SqlConversations, handoffs: SqlHandoffs, clock: Clock
) -> None:
    """All at once, in random order of the two ways to claim: each is held by exactly one, and none is lost."""
    chance = random.Random(4)
    people = [await add(database, clock, f"Agent A{n}", seats=CONVERSATIONS) for n in range(AGENTS)]
    waiting = [await calls(conversations, f"customer {n}") for n in range(CONVERSATIONS)]
    won: Counter[str] = Counter()

    async def work(person: Person) -> None:
        wanted = chance.sample(waiting, 60)
        for conversation in wanted:
            try:
                won[conversation] += await handoffs.take(conversation, person, JOINED) is not None
            except TakenError:
                continue
        while taken := await handoffs.take_next(person, JOINED):
            won[taken[0]] += 1

    await asyncio.gather(*map(work, people))
    assert set(won.values()) == {1}
    assert set(won) == set(waiting)

    def held(connection: Connection) -> list[tuple[str, int]]:
        query = select(handoffs_table.c.conversation_id, handoffs_table.c.agent_id)
        return [tuple(row) for row in connection.execute(query.where(handoffs_table.c.ended_at.is_(None)))]

    rows = await database.read(held)
    assert Counter(conversation for conversation, _ in rows) == dict.fromkeys(waiting, 1)
    assert {agent for _, agent in rows} <= {person.id for person in people}
    assert len({agent for _, agent in rows}) > 1

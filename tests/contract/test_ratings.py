"""What customers think, on SQLite and on PostgreSQL."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.conversations.model import Decision, Incoming, Reply, Turn
from bot.handoff.model import Person
from bot.insight.errors import NotRateableError
from bot.insight.model import AgentsRating, EntrysRating, Mean, Rating, Selection
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.ratings import SqlRatings
from bot.store.tables import agents, handoffs
from tests.contract.clock import START, Clock

pytestmark = pytest.mark.slow

ALWAYS = Selection(START - timedelta(days=1), START + timedelta(days=1))
BERGER, DIETZ = Person(1, "Frau Berger"), Person(2, "Herr Dietz")


@pytest.fixture
def ratings(database: Database, clock: Clock) -> SqlRatings:
    return SqlRatings(database, clock)


@pytest.fixture
async def people(database: Database) -> None:
    """Two agents."""
    for person in (BERGER, DIETZ):
        row = {"id": person.id, "login": f"{person.id}@lindenpost.example", "name": person.name, "role": "agent"}
        await add(database, agents, **row, groups=[], seats=4, created_at=START)


async def add(database: Database, table: Any, **row: Any) -> None:
    """One row."""
    await database.write(lambda connection: connection.execute(insert(table), row))


async def hold(database: Database, conversation: str, agent: Person | None, ended: timedelta | None) -> None:
    """A hand-off; `ended` after START, or still going on."""
    row = {"conversation_id": conversation, "reason": "asked", "agent_id": agent.id if agent else None}
    await add(database, handoffs, **row, queued_at=START, ended_at=None if ended is None else START + ended)


async def talk(
    conversations: SqlConversations, who: str, *replies: str, label: str = "faq/pop3", kind: Decision = Decision.ANSWER
) -> str:
    """A question and what the bot says to it."""
    accepted = await conversations.accept(Incoming("web", who, f"{who} {label} {kind}", "Welcher Port?"), None, 20)
    waiting = await conversations.next_waiting(accepted.conversation)
    assert waiting
    await conversations.finish(waiting, Turn(tuple(map(Reply, replies)), "{}", kind, (label, "faq/imap"), 0.9))
    return accepted.conversation


async def test_an_answer_is_rated_and_a_change_of_mind_counts(
    conversations: SqlConversations, ratings: SqlRatings, clock: Clock
) -> None:
    """The entry that was answered gets it, once for each answer."""
    conversation = await talk(conversations, "anna", "Port 995.")
    await ratings.rate_answer(conversation, 2, up=True)
    clock.pass_by(5)
    await ratings.rate_answer(conversation, 2, up=False)
    assert await ratings.newest(ALWAYS, 10) == [
        Rating(conversation, 1, None, START + timedelta(seconds=5), None, "faq/pop3")
    ]


async def test_only_answers_of_the_conversation_can_be_rated(
    conversations: SqlConversations, ratings: SqlRatings
) -> None:
    """Not the customer's message, not what a procedure asks behind an answer, nothing declined, nobody else's."""
    anna = await talk(conversations, "anna", "Port 995.", "Um welches Postfach geht es?")
    bert = await talk(
        conversations, "bert", "Dazu habe ich keine Antwort.", label="out_of_scope", kind=Decision.DECLINE
    )
    await talk(conversations, "bert", "Guten Tag.", label="greet", kind=Decision.ACTION)
    await talk(conversations, "bert", "Meinen Sie das?", kind=Decision.CLARIFY)
    for conversation, seq in [(anna, 1), (anna, 3), (anna, 4), *((bert, seq) for seq in range(1, 7)), ("nobody", 2)]:
        with pytest.raises(NotRateableError):
            await ratings.rate_answer(conversation, seq, up=True)
    assert await ratings.newest(ALWAYS, 10) == []


@pytest.mark.usefixtures("people")
async def test_a_conversation_is_rated_for_its_last_agent(
    conversations: SqlConversations, ratings: SqlRatings, database: Database
) -> None:
    """Of the hand-off that ended last; not one that nobody took, nor one that goes on."""
    conversation = await conversations.begin("web", "anna")
    await hold(database, conversation, BERGER, timedelta(minutes=5))
    await ratings.rate_conversation(conversation, 2, "Es hat gedauert.")
    await hold(database, conversation, DIETZ, timedelta(minutes=9))
    await hold(database, conversation, None, timedelta(minutes=12))
    await hold(database, conversation, BERGER, None)
    await ratings.rate_conversation(conversation, 4)
    await ratings.rate_conversation(conversation, 5, "Danke!")
    said = {(rating.agent, rating.stars, rating.comment) for rating in await ratings.newest(ALWAYS, 10)}
    assert said == {(BERGER, 2, "Es hat gedauert."), (DIETZ, 5, "Danke!")}


async def test_without_a_hand_off_the_bot_is_rated(conversations: SqlConversations, ratings: SqlRatings) -> None:
    """Once for each conversation, even when it is said several times at the same moment."""
    conversation = await talk(conversations, "anna", "Port 995.")
    await ratings.rate_answer(conversation, 2, up=True)
    await asyncio.gather(*(ratings.rate_conversation(conversation, 3) for _ in range(6)))
    assert sorted((rating.stars, rating.agent, rating.label) for rating in await ratings.newest(ALWAYS, 10)) == [
        (3, None, None),
        (5, None, "faq/pop3"),
    ]


@pytest.mark.parametrize("stars", [0, 6, -1])
async def test_stars_are_one_to_five(conversations: SqlConversations, ratings: SqlRatings, stars: int) -> None:
    """Others are refused."""
    with pytest.raises(ValueError, match="stars"):
        await ratings.rate_conversation(await conversations.begin("web", "anna"), stars)


@pytest.mark.usefixtures("people")
async def test_means_of_agents_and_of_entries(
    conversations: SqlConversations, ratings: SqlRatings, database: Database, clock: Clock
) -> None:
    """Of those that were rated in the period; the worst entry first."""
    for number, (label, up) in enumerate([("faq/pop3", True), ("faq/pop3", False), ("faq/imap", False)]):
        conversation = await talk(conversations, str(number), "Port.", label=label)
        await ratings.rate_answer(conversation, 2, up=up)
        await hold(database, conversation, DIETZ if number else BERGER, timedelta(minutes=1))
        await ratings.rate_conversation(conversation, number + 2)
    assert await ratings.of_agents(ALWAYS) == [AgentsRating(BERGER, Mean(1, 2.0)), AgentsRating(DIETZ, Mean(2, 3.5))]
    assert await ratings.of_entries(ALWAYS) == [
        EntrysRating("faq/imap", Mean(1, 1.0)),
        EntrysRating("faq/pop3", Mean(2, 3.0)),
    ]
    assert [rating.stars for rating in await ratings.newest(ALWAYS, 2)] == [4, 1]
    assert await ratings.of_conversations(ALWAYS) == Mean(3, 3.0)


@pytest.mark.usefixtures("people")
async def test_only_the_period_and_the_channel_count(
    conversations: SqlConversations, ratings: SqlRatings, database: Database
) -> None:
    """The period ends before its end."""
    conversation = await talk(conversations, "anna", "Port.")
    await ratings.rate_answer(conversation, 2, up=True)
    await hold(database, conversation, BERGER, timedelta(minutes=1))
    await ratings.rate_conversation(conversation, 4)
    before, after = Selection(ALWAYS.begin, START), Selection(START + timedelta(microseconds=1), ALWAYS.end)
    for selection in (before, after, Selection(ALWAYS.begin, ALWAYS.end, "rest")):
        assert await ratings.newest(selection, 9) == []
        assert await ratings.of_agents(selection) == []
        assert await ratings.of_entries(selection) == []
        assert await ratings.of_conversations(selection) == Mean(0, None)
    assert len(await ratings.newest(Selection(START, ALWAYS.end, "web"), 9)) == 2

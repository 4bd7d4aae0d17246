"""What happened, counted on SQLite and on PostgreSQL: the same, right up to the borders of days."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.conversations.model import Decision, Reason, Reply
from bot.handoff.model import Outcome
from bot.insight.days import days_between
from bot.insight.model import Count, Selection, Volume, Waits
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.figures import SqlFigures
from bot.store.tables import handoffs
from tests.contract.clock import Clock
from tests.contract.telling import tell

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
ANSWER, DECLINE = Decision.ANSWER, Decision.DECLINE
Say = Callable[..., Awaitable[str]]
Hold = Callable[..., Awaitable[None]]


def at(text: str) -> datetime:
    """On Berlin's clocks; with its offset where that says more."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(UTC)


@pytest.fixture
def figures(database: Database) -> SqlFigures:
    return SqlFigures(database)


@pytest.fixture
def say(conversations: SqlConversations, clock: Clock) -> Say:
    """`await say("anna", "2026-11-24T10:00")`: something, and the bot answers."""

    async def say(who: str, when: str, text: str = "Welcher Port?", **how: Any) -> str:
        clock.now = at(when)
        return await tell(conversations, who, text, Reply("Antwort"), **how)

    return say


@pytest.fixture
def hold(database: Database) -> Hold:
    """A hand-off of the conversation."""

    async def hold(conversation: str, queued: str, reason: Reason = Reason.ASKED, **more: Any) -> None:
        row = {"conversation_id": conversation, "reason": reason, "queued_at": at(queued), **more}
        await database.write(lambda connection: connection.execute(insert(handoffs), row))

    return hold


async def volumes(figures: SqlFigures, first: str, last: str, channel: str | None = None) -> dict[str, list[Volume]]:
    """By day."""
    days = days_between(date.fromisoformat(first), date.fromisoformat(last), BERLIN)
    return {str(day): list(found) for day, found in (await figures.by_day(days, channel)).items()}


def selection(first: str, last: str, channel: str | None = None) -> Selection:
    """Whole days."""
    days = days_between(date.fromisoformat(first), date.fromisoformat(last), BERLIN)
    return Selection(days[0].begin, days[-1].end, channel)


async def test_days_begin_at_midnight_where_the_hoster_is(figures: SqlFigures, say: Say) -> None:
    """Not in UTC; the last microsecond belongs to the day, the next one to the day after."""
    await say("anna", "2026-11-23T23:59:59.999999")
    await say("bert", "2026-11-24T00:00:00")
    await say("carl", "2026-11-24T23:59:59.999999")
    await say("dora", "2026-11-25T00:00:00")
    assert {
        day: found[0].conversations for day, found in (await volumes(figures, "2026-11-22", "2026-11-25")).items()
    } == {
        "2026-11-23": 1,
        "2026-11-24": 2,
        "2026-11-25": 1,
    }
    assert await volumes(figures, "2026-11-26", "2026-11-27") == {}


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        # The hour from 2 to 3 comes twice; the day has 25 hours.
        ("2026-10-25", ["00:00+02:00", "02:30+02:00", "02:30+01:00", "23:59:59+01:00"]),
        # There is none; the day has 23.
        ("2026-03-29", ["00:00+01:00", "01:59+01:00", "03:00+02:00", "23:59:59+02:00"]),
    ],
)
async def test_days_on_which_clocks_change_are_whole(
    figures: SqlFigures, say: Say, day: str, moments: list[str]
) -> None:
    """Every message of them counts once, and none of their neighbours'."""
    date_of = date.fromisoformat(day)
    await say("before", str(at(f"{day}T00:00") - timedelta(microseconds=1)))
    await say("after", str(at(f"{date_of + timedelta(days=1)}T00:00")))
    for number, moment in enumerate(moments):
        await say(str(number), f"{day}T{moment}")
    around = [str(date_of + timedelta(days=days)) for days in (-1, 0, 1)]
    found = await volumes(figures, around[0], around[2])
    assert [found[day][0].messages for day in around] == [1, len(moments), 1]


async def test_a_conversation_of_several_days_counts_on_each_but_once_in_all(figures: SqlFigures, say: Say) -> None:
    """Its messages add up."""
    for when in ("2026-11-23T10:00", "2026-11-24T10:00", "2026-11-24T11:00"):
        await say("anna", when)
    assert await volumes(figures, "2026-11-23", "2026-11-24") == {
        "2026-11-23": [Volume("web", conversations=1, messages=1, solved=1)],
        "2026-11-24": [Volume("web", conversations=1, messages=2, solved=1)],
    }
    assert await figures.volumes(selection("2026-11-23", "2026-11-24")) == [
        Volume("web", conversations=1, messages=3, solved=1)
    ]


async def test_channels_are_counted_apart(figures: SqlFigures, say: Say, hold: Hold) -> None:
    """And can be looked at alone."""
    web, rest = await say("anna", "2026-11-24T10:00"), await say("anna", "2026-11-24T10:00", channel="rest")
    await hold(rest, "2026-11-24T10:05", ended_at=at("2026-11-24T10:30"), outcome=Outcome.CLOSED)
    both = [
        Volume("rest", conversations=1, messages=1, solved=0, handoffs=1, closed=1),
        Volume("web", conversations=1, messages=1, solved=1),
    ]
    assert await volumes(figures, "2026-11-24", "2026-11-24") == {"2026-11-24": both}
    assert await volumes(figures, "2026-11-24", "2026-11-24", "rest") == {"2026-11-24": both[:1]}
    assert await figures.volumes(selection("2026-11-24", "2026-11-24", "web")) == both[1:]
    assert await figures.reasons(selection("2026-11-24", "2026-11-24", "web")) == []
    assert await figures.asked(selection("2026-11-24", "2026-11-24", "rest"), 9) == [Count("faq/pop3", 1)]
    assert web != rest


@pytest.mark.parametrize(
    ("decisions", "solved"),
    [
        ([ANSWER], 1),
        ([DECLINE, ANSWER], 1),
        ([ANSWER, DECLINE], 0),
        ([DECLINE], 0),
        ([Decision.ACTION], 1),
        ([Decision.CLARIFY, Decision.ANSWER], 1),
    ],
)
async def test_what_ends_with_an_answer_is_solved(
    figures: SqlFigures, say: Say, decisions: list[Decision], solved: int
) -> None:
    """The last decision says it."""
    for number, decision in enumerate(decisions):
        await say("anna", f"2026-11-24T10:0{number}", decision=decision)
    assert [each.solved for each in await figures.volumes(selection("2026-11-24", "2026-11-24"))] == [solved]


async def test_what_has_no_decision_yet_is_not_solved(
    figures: SqlFigures, conversations: SqlConversations, clock: Clock
) -> None:
    """The message waits for its turn."""
    clock.now = at("2026-11-24T10:00")
    await tell(conversations, "anna", "Hallo")
    assert await figures.volumes(selection("2026-11-24", "2026-11-24")) == [Volume("web", conversations=1, messages=1)]


async def test_what_people_had_is_not_solved_by_the_bot(figures: SqlFigures, say: Say, hold: Hold) -> None:
    """Not on a day of the hand-off, whenever it began; a later day is a new one."""
    conversation = await say("anna", "2026-11-23T10:00")
    await hold(conversation, "2026-11-23T23:30", ended_at=at("2026-11-24T00:10"), outcome=Outcome.CLOSED)
    for when in ("2026-11-24T00:05", "2026-11-24T10:00", "2026-11-25T10:00"):
        await say("anna", when)
    still = await say("bert", "2026-11-25T10:00")
    await hold(still, "2026-11-24T10:00")
    assert await volumes(figures, "2026-11-23", "2026-11-25") == {
        "2026-11-23": [Volume("web", conversations=1, messages=1, solved=0, handoffs=1)],
        "2026-11-24": [Volume("web", conversations=1, messages=2, solved=0, handoffs=1, closed=1)],
        "2026-11-25": [Volume("web", conversations=2, messages=2, solved=1)],
    }


async def test_reasons_and_waits(figures: SqlFigures, say: Say, hold: Hold) -> None:
    """Of hand-offs that began in the period; who was never answered, and what an agent took, is no wait."""
    conversation = await say("anna", "2026-11-24T09:00")
    for seconds in (10, 20, 30, 40, 400):
        await finished(hold, conversation, seconds)
    await finished(hold, conversation, 5, Reason.TAKEN)
    await hold(conversation, "2026-11-24T10:00", Reason.ANGRY, ended_at=at("2026-11-24T10:01"))
    await hold(conversation, "2026-11-25T10:00", Reason.ANGRY, answered_at=at("2026-11-25T12:00"))
    day = selection("2026-11-24", "2026-11-24")
    assert await figures.reasons(day) == [Count("asked", 5), Count("angry", 1), Count("taken", 1)]
    waits = await figures.waits(day)
    assert (waits.median, waits.p90) == (30, pytest.approx(256))
    assert await figures.waits(selection("2026-11-25", "2026-11-25")) == Waits(7200, 7200)
    assert await figures.waits(selection("2026-11-26", "2026-11-26")) == Waits(None, None)


async def finished(hold: Hold, conversation: str, seconds: float, reason: Reason = Reason.ASKED) -> None:
    """A hand-off that was answered after so long."""
    queued = at("2026-11-24T09:00")
    answered = queued + timedelta(seconds=seconds)
    await hold(conversation, str(queued), reason, answered_at=answered, ended_at=answered)


async def test_most_asked_and_most_declined(figures: SqlFigures, say: Say) -> None:
    """Declined questions are one when they differ in case and spaces alone."""
    for number, label in enumerate(["faq/imap", "faq/pop3", "faq/imap"]):
        await say("anna", f"2026-11-24T10:0{number}", label=label)
    for number, text in enumerate(["Größe?", "  GRÖSSE?".replace("SS", "ß"), "größe? ", "Hallöchen"]):
        await say("bert", f"2026-11-24T11:0{number}", text, decision=DECLINE, label="out_of_scope")
    await say("carl", "2026-11-24T12:00", "Bumm", decision=DECLINE, label="failed")
    await say("carl", "2026-11-25T12:00", "Hallöchen", decision=DECLINE, label="out_of_scope")
    day = selection("2026-11-24", "2026-11-24")
    assert await figures.asked(day, 9) == [Count("faq/imap", 2), Count("faq/pop3", 1)]
    assert await figures.asked(day, 1) == [Count("faq/imap", 2)]
    first, second = await figures.declined(day, 9)
    assert (first.what.strip().lower(), first.count) == ("größe?", 3)
    assert second == Count("Hallöchen", 1)

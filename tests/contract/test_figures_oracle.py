"""The database counts as one would count by hand, over days on which clocks change."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert

from bot.insight.days import days_between
from bot.insight.model import Day, Selection, Volume
from bot.store.database import Database
from bot.store.figures import SqlFigures
from bot.store.tables import conversations, handoffs, messages

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = days_between(date(2026, 10, 23), date(2026, 10, 27), BERLIN)
BEGIN = datetime(2026, 10, 22, 12, tzinfo=UTC)
DECISIONS = ["answer", "clarify", "decline", "action", None]
Row = dict[str, Any]


def random_rows(seed: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Conversations, their messages in order, and hand-offs that do not overlap in one conversation."""
    chance = random.Random(seed)
    talks, lines, calls = [], [], []
    for number in range(60):
        talk = {"id": str(number), "channel": chance.choice(["web", "rest"]), "address": str(number), "holder": "bot"}
        times = sorted(BEGIN + timedelta(minutes=chance.randrange(6 * 1440)) for _ in range(chance.randrange(1, 12)))
        talks.append(talk | {"last_seq": len(times), "created_at": times[0], "updated_at": times[-1]})
        for seq, at in enumerate(times, 1):
            author = chance.choice(["customer", "customer", "bot", "agent"])
            decision = chance.choice(DECISIONS) if author == "customer" else None
            row = {"conversation_id": talk["id"], "seq": seq, "author": author, "text": "x", "created_at": at}
            lines.append(row | {"decision": decision})
        at = BEGIN
        while chance.random() < 0.5:
            at += timedelta(minutes=chance.randrange(1, 2000))
            ended = at + timedelta(minutes=chance.randrange(1, 1500))
            outcome = chance.choice(["closed", "returned"])
            calls.append({"conversation_id": talk["id"], "queued_at": at, "ended_at": ended, "outcome": outcome})
            at = ended
    return talks, lines, [call | {"reason": "asked"} for call in calls]


def by_hand(talks: list[Row], lines: list[Row], calls: list[Row], day: Day) -> list[Volume]:
    """As docs/words.md has it."""
    channel_of = {talk["id"]: talk["channel"] for talk in talks}
    counted: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    said: defaultdict[str, list[Row]] = defaultdict(list)
    for line in lines:
        if line["author"] == "customer" and day.begin <= line["created_at"] < day.end:
            said[line["conversation_id"]].append(line)
    for conversation, own in said.items():
        decisions = [line["decision"] for line in own if line["decision"]]
        held = any(
            call["conversation_id"] == conversation and call["queued_at"] < day.end and call["ended_at"] >= day.begin
            for call in calls
        )
        figures = counted[channel_of[conversation]]
        figures["conversations"] += 1
        figures["messages"] += len(own)
        figures["solved"] += bool(decisions) and decisions[-1] != "decline" and not held
    for call in calls:
        figures = counted[channel_of[call["conversation_id"]]]
        figures["handoffs"] += day.begin <= call["queued_at"] < day.end
        figures["closed"] += call["outcome"] == "closed" and day.begin <= call["ended_at"] < day.end
    volumes = [Volume(channel, **figures) for channel, figures in sorted(counted.items())]
    return [volume for volume in volumes if volume != Volume(volume.channel)]


@pytest.mark.parametrize("seed", range(5))
async def test_the_database_counts_as_one_would_by_hand(database: Database, seed: int) -> None:
    """Each day, and all of them together; with one channel and with both."""
    talks, lines, calls = random_rows(seed)

    def fill(connection: Connection) -> None:
        connection.execute(insert(conversations), talks)
        connection.execute(insert(messages), lines)
        connection.execute(insert(handoffs), calls)

    await database.write(fill)
    figures = SqlFigures(database)
    by_day = await figures.by_day(DAYS, None)
    assert {day.date: list(by_day.get(day.date, ())) for day in DAYS} == {
        day.date: by_hand(talks, lines, calls, day) for day in DAYS
    }
    whole = Day(DAYS[0].date, DAYS[0].begin, DAYS[-1].end)
    together = by_hand(talks, lines, calls, whole)
    assert await figures.volumes(Selection(whole.begin, whole.end)) == together
    assert await figures.volumes(Selection(whole.begin, whole.end, "rest")) == together[:1]

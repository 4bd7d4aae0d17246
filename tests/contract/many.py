"""
How long search and figures take on 100,000 messages.

    python -m tests.contract.many           # on SQLite and, if it is installed, on PostgreSQL
    python -m tests.contract.many 1000000   # so many messages

90 days, 10 messages a conversation, a hand-off in every tenth.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, text

from bot.insight.days import days_between
from bot.insight.model import Criteria, Selection
from bot.store.choose import open_database
from bot.store.database import Database
from bot.store.figures import SqlFigures
from bot.store.ratings import SqlRatings
from bot.store.search import SqlSearch
from bot.store.tables import agents, conversations, handoffs, messages, ratings
from tests.contract.postgres import running_postgres, why_no_postgres

Row = dict[str, Any]
FIRST, DAYS, TURNS, BATCH = date(2026, 9, 1), 90, 5, 1000
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
WORDS = (
    "welchen",
    "port",
    "brauche",
    "ich",
    "für",
    "imap",
    "mit",
    "ssl",
    "mailbox",
    "über",
    "größe",
    "anhang",
    "ändern",
    "weiterleitung",
)
DECISIONS = ["answer"] * 6 + ["action"] * 2 + ["clarify", "decline"]
LABELS = [f"faq/entry-{number}" for number in range(40)]


def rows_of(number: int, chance: random.Random) -> tuple[Row, list[Row], list[Row], list[Row]]:
    """A conversation with its messages, hand-offs and ratings."""
    name, at = f"{number:036}", BEGIN + timedelta(seconds=chance.random() * DAYS * 86400)
    channel = chance.choice(["web", "web", "rest"])
    talk = {"id": name, "channel": channel, "address": name, "holder": "bot", "last_seq": 2 * TURNS}
    lines = [line for turn in range(TURNS) for line in turn_of(name, turn, at + timedelta(minutes=turn), chance)]
    calls, stars = [], []
    if number % 10 == 0:
        times = {"queued_at": at, "answered_at": at + timedelta(seconds=chance.expovariate(1 / 90))}
        calls = [
            {"conversation_id": name, "reason": "asked", "agent_id": 1, "ended_at": at + timedelta(hours=1)} | times
        ]
        stars = [{"conversation_id": name, "agent_id": 1, "stars": chance.randint(1, 5), "created_at": at}]
    return talk | {"created_at": at, "updated_at": at + timedelta(minutes=TURNS)}, lines, calls, stars


def turn_of(name: str, turn: int, at: datetime, chance: random.Random) -> Iterator[Row]:
    """The question and the answer."""
    words = " ".join(chance.choices(WORDS, k=12))
    row = {"conversation_id": name, "created_at": at}
    decided = {"decision": chance.choice(DECISIONS), "labels": [chance.choice(LABELS)], "confidence": 0.9}
    yield row | decided | {"seq": 2 * turn + 1, "author": "customer", "text": words, "done_at": at}
    yield row | {
        "seq": 2 * turn + 2,
        "author": "bot",
        "text": 3 * words,
        "decision": None,
        "labels": None,
        "confidence": None,
        "done_at": None,
    }


async def fill(database: Database, count: int) -> None:
    """`count` messages."""
    chance = random.Random(4)
    agent = {"id": 1, "login": "a", "name": "A", "role": "agent", "groups": [], "seats": 4, "created_at": BEGIN}
    await database.write(lambda connection: connection.execute(insert(agents), agent))
    for first in range(0, count // (2 * TURNS), BATCH):
        made = [rows_of(number, chance) for number in range(first, first + BATCH)]

        def unit(connection: Connection, made: Any = made) -> None:
            connection.execute(insert(conversations), [each[0] for each in made])
            for table, place in ((messages, 1), (handoffs, 2), (ratings, 3)):
                connection.execute(insert(table), [row for each in made for row in each[place]])

        await database.write(unit)
    await database.write(lambda connection: connection.execute(text("ANALYZE")))


def questions(database: Database) -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
    """What the desk asks."""
    figures, search, rated = SqlFigures(database), SqlSearch(database), SqlRatings(database, lambda: BEGIN)
    days = days_between(FIRST, FIRST + timedelta(days=DAYS - 1), ZoneInfo("Europe/Berlin"))
    for title, chosen in (("90 days", days), ("a day", days[40:41])):
        selection = Selection(chosen[0].begin, chosen[-1].end)
        yield f"figures of {title}, by day", lambda chosen=chosen: figures.by_day(chosen, None)
        yield f"figures of {title}, together", lambda s=selection: figures.volumes(s)
        yield f"figures of {title}, one channel", lambda s=selection: figures.volumes(Selection(s.begin, s.end, "rest"))
        yield f"waits of {title}", lambda s=selection: figures.waits(s)
        yield f"most asked in {title}", lambda s=selection: figures.asked(s, 20)
        yield f"most declined in {title}", lambda s=selection: figures.declined(s, 20)
        yield f"ratings of {title}", lambda s=selection: rated.of_agents(s)
    for title, criteria in (
        ("a word", Criteria(words=("GRÖSSE".replace("SS", "ß"),))),
        ("three words", Criteria(words=("größe", "anhang", "weiterleitung"))),
        ("a word that nobody said", Criteria(words=("xyzzy",))),
        ("a mailbox that nobody named", Criteria(mailbox="anna@lindenpost.example")),
        ("a word, on one day", Criteria(words=("größe",), begin=days[40].begin, end=days[40].end)),
    ):
        yield f"search for {title}", lambda criteria=criteria: search.find(criteria, 0, 20)


async def measure(url: str, count: int) -> None:
    """The best of three, in milliseconds."""
    database = open_database(url)
    try:
        await database.migrate()
        await fill(database, count)
        for title, ask in questions(database):
            times = []
            for _ in range(3):
                begun = time.perf_counter()
                await ask()
                times.append(time.perf_counter() - begun)
            print(f"{title:45}{1000 * min(times):8.0f} ms")
    finally:
        await database.close()


def main() -> None:
    """On each database."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        print(f"SQLite, {count} messages")
        asyncio.run(measure(f"sqlite:///{folder}/many.db", count))
    if why_no_postgres() is None:
        with running_postgres() as postgres:
            print(f"PostgreSQL, {count} messages")
            asyncio.run(measure(postgres.create_database("many"), count))


if __name__ == "__main__":
    main()

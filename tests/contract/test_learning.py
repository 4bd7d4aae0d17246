"""What is remembered of publications and models, on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert

from bot.conversations.model import Incoming
from bot.faq.learning.errors import JobUnderWayError
from bot.faq.learning.figures import Figures
from bot.faq.learning.model import Edit, Ignore, Job, NewEntry, OutOfScope, Phrasing, Stage, Version
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.learning import SqlRecords
from bot.store.proposals import SqlProposals
from bot.store.tables import agents, verdicts
from tests.contract.clock import START, Clock

pytestmark = pytest.mark.slow

EDIT = Edit("/faq/mail.md", "# Mail\r\n", "# Mail\n")
FIGURES = Figures("digest", 10, 9, 0, 0, 0, 1, {"faq/imap": 1}, {})
FIRST = Version("aaaa", "aaaa", START)


@pytest.fixture
def records(database: Database, clock: Clock) -> SqlRecords:
    return SqlRecords(database, clock)


@pytest.fixture
async def messages(conversations: SqlConversations) -> list[int]:
    """Of a customer."""
    accepted = [await conversations.accept(Incoming("web", "anna", str(n), "hallo"), None, 20) for n in range(4)]
    return [each.message for each in accepted]


async def test_one_publication_at_a_time(records: SqlRecords, clock: Clock) -> None:
    """Of many that begin at once, one does; the next may when it is at its end."""
    begun = await asyncio.gather(*(records.begin([EDIT], None) for _ in range(5)), return_exceptions=True)
    (job,) = [each for each in begun if isinstance(each, Job)]
    assert sum(isinstance(each, JobUnderWayError) for each in begun) == 4
    assert await records.find_unfinished() == job == Job(job.id, Stage.WRITING, "", (EDIT,), START)
    clock.pass_by(5)
    await records.advance(job.id, Stage.TRAINING, "…")
    await records.measured(job.id, FIGURES, replace(FIGURES, right=8))
    await records.give_up(job.id, Stage.REFUSED, "worse")
    assert await records.find_unfinished() is None
    latest = await records.find_latest()
    assert latest
    assert (latest.stage, latest.message, latest.before) == (Stage.REFUSED, "worse", FIGURES)
    assert latest.ended_at
    assert (await records.begin([], None)).id > job.id


async def test_a_publication_ends_with_its_model_in_use(
    records: SqlRecords, database: Database, messages: list[int], clock: Clock
) -> None:
    """And with what was made of its questions, in one transaction."""
    await records.activate(FIRST)
    job = await records.begin([EDIT], None)
    clock.pass_by(1)
    second = Version("bbbb", "bbbb", clock(), "aaaa", FIGURES, job.id)
    changes = [
        Phrasing((messages[0],), "faq/imap"),
        NewEntry((messages[1],), "mail", "size", "Wie groß?", "50 MB"),
        OutOfScope((messages[2],)),
        Ignore((messages[3], messages[3])),
    ]
    await records.complete(job.id, "done", changes, second)
    assert await records.find_active() == second
    assert await records.versions() == [second, FIRST]
    assert await records.find_job(job.id) == await records.find_latest()
    rows = await database.read(lambda connection: connection.execute(verdicts.select()).all())
    assert {row.message_id: (row.verdict, row.label) for row in rows} == {
        messages[0]: ("phrasing", "faq/imap"),
        messages[1]: ("entry", "faq/size"),
        messages[2]: ("out_of_scope", None),
        messages[3]: ("ignore", None),
    }

    clock.pass_by(1)
    await records.activate(replace(FIRST, activated_at=clock(), sources="cccc"), undone=job.id)
    active = await records.find_active()
    assert active
    assert (active.name, active.sources, active.previous) == ("aaaa", "cccc", None)
    assert await database.read(lambda connection: connection.execute(verdicts.select()).all()) == []


async def test_figures_belong_to_a_version(records: SqlRecords) -> None:
    """As the last measurement had them."""
    assert await records.find_version("aaaa") is None
    await records.activate(FIRST)
    await records.set_figures("aaaa", FIGURES)
    found = await records.find_version("aaaa")
    assert found == replace(FIRST, figures=FIGURES)


async def test_processes_that_start_together_use_one_model(records: SqlRecords) -> None:
    """Each writes that it does."""
    await asyncio.gather(*(records.activate(FIRST) for _ in range(4)))
    assert await records.versions() == [FIRST]


async def test_proposals_wait_until_they_are_dealt_with(
    database: Database, records: SqlRecords, messages: list[int], clock: Clock
) -> None:
    """Published by an admin, or taken back."""
    row = {"login": "b@lindenpost.example", "name": "Frau Berger", "role": "agent", "groups": [], "seats": 4}
    await database.write(lambda connection: connection.execute(insert(agents), row | {"id": 1, "created_at": START}))
    proposals = SqlProposals(database, clock)
    for message in messages[:2]:
        await proposals.add({"kind": "ignore", "messages": [message]}, 1)
    first, second = await proposals.all()
    assert (first.change, first.agent, first.at) == (
        {"kind": "ignore", "messages": [messages[0]]},
        "Frau Berger",
        START,
    )
    job = await records.begin([], 1)
    await records.complete(job.id, "", [Ignore((messages[0],))], None)
    assert await proposals.all() == [second]
    assert await proposals.remove(second.id)
    assert not await proposals.remove(second.id)
    assert await proposals.all() == []

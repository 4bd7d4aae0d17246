"""A publication from its beginning to its end, with a workshop that does what the test says, on real files."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.clock import now
from bot.faq.findings import FaqError
from bot.faq.learning.errors import JobUnderWayError, NoPreviousError, UnknownQuestionError, WorkshopError
from bot.faq.learning.files import publishing
from bot.faq.learning.model import Ignore, NewEntry, OutOfScope, Phrasing, Stage
from bot.faq.learning.publish import recover
from bot.faq.learning.watch import ModelWatch
from bot.store.choose import open_database
from bot.store.tables import jobs
from tests.fakes import FakeDialogue
from tests.unit.faq.learning.house import GOOD, MAIL, House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """With one model in use."""
    database = open_database(f"sqlite:///{tmp_path}/learning.db")
    await database.migrate()
    house = House(tmp_path, database)
    await house.begin()
    yield house
    await database.close()


async def test_what_is_published_is_in_the_files_and_in_use(house: House) -> None:
    """And its questions leave the inbox; line ends stay as they were."""
    before = house.engine.version
    asked = await house.ask("imap erklären bitte", "wie wird das wetter", "???")
    job = await house.publish(Phrasing((asked[0],), "faq/imap"), OutOfScope((asked[1],)))
    assert (job.stage, job.before, job.after) == (Stage.DONE, GOOD, GOOD)
    assert "{#imap}\r\n- imap erklären bitte\r\n" in house.mail.read_bytes().decode()
    assert "wie wird das wetter" in house.files.outside.read_text("utf-8")
    assert house.engine.version == await house.workshop.fingerprint() != before
    assert await house.waiting() == []
    present = await house.learning.present()
    assert (present.name, present.previous, present.is_current) == (house.engine.version, before, True)
    assert present.figures == GOOD


async def test_alike_questions_are_one_group(house: House) -> None:
    """With a count, masked, the most asked first."""
    await house.ask(
        "Wie groß darf ein Anhang sein?", "wie gross darf ein anhang sein", "Anhang: wie groß darf er sein?"
    )
    await house.ask("Mail an a@b.de kommt nicht an")
    groups = await house.learning.inbox()
    assert [(group.typical.text, len(group.questions)) for group in groups] == [
        ("Wie groß darf ein Anhang sein?", 3),
        ("Mail an [Mailadresse] kommt nicht an", 1),
    ]


async def test_a_model_that_does_worse_is_not_used(house: House) -> None:
    """The files are as they were, to the letter; the reason is told, and the questions wait on."""
    before = house.engine.version
    asked = await house.ask("imap erklären bitte")
    house.workshop.figures = [GOOD, replace(GOOD, wrong=4, right=88)]
    job = await house.publish(Phrasing((asked[0],), "faq/imap"), OutOfScope((asked[0],), ("etwas",)))
    assert job.stage is Stage.REFUSED
    assert "4 of 100 held-out messages wrongly, the present one 2" in job.message
    assert (house.mail.read_bytes().decode(), house.files.outside.exists()) == (MAIL, False)
    assert (house.engine.version, house.workshop.made) == (before, {before})
    assert await house.waiting() == asked


async def test_what_a_new_entry_answers_is_not_held_against_it(house: House) -> None:
    """Its matter is out of scope in the held-out file until somebody changes it there."""
    asked = await house.ask("wie groß")
    house.workshop.figures = [GOOD, replace(GOOD, wrong=5, right=87, answered_outside={"faq/size": 2})]
    job = await house.publish(NewEntry((asked[0],), "mail", "size", "Wie groß?", "50 MB."))
    assert job.stage is Stage.DONE


@pytest.mark.parametrize("error", [WorkshopError("no room"), RuntimeError("no idea")])
async def test_a_failure_puts_all_back(house: House, error: Exception) -> None:
    """Whatever it was."""
    asked = await house.ask("imap erklären bitte")
    house.workshop.figures = [GOOD, error]
    job = await house.publish(Phrasing((asked[0],), "faq/imap"))
    assert job.stage is Stage.FAILED
    assert str(error) in job.message
    assert house.mail.read_bytes().decode() == MAIL
    assert (await house.publish(Phrasing((asked[0],), "faq/imap"))).stage is Stage.DONE


async def test_what_somebody_else_wrote_meanwhile_is_left(house: House) -> None:
    """It is said which file is to be looked at."""
    asked = await house.ask("imap erklären bitte")
    house.workshop.on_train = lambda: house.mail.write_text("# Ganz anders\n")
    house.workshop.figures = [GOOD, WorkshopError("no room")]
    job = await house.publish(Phrasing((asked[0],), "faq/imap"))
    assert f"Somebody changed {house.mail} meanwhile" in job.message
    assert house.mail.read_text() == "# Ganz anders\n"


async def test_findings_refuse_it_before_anything_is_written(house: House) -> None:
    """And the next one may begin at once."""
    asked = await house.ask("imap erklären bitte")
    with pytest.raises(FaqError, match="no entry `pop3`"):
        await house.learning.publish([Phrasing((asked[0],), "faq/pop3")], None)
    with pytest.raises(UnknownQuestionError):
        await house.learning.publish([Ignore((999,))], None)
    assert house.mail.read_bytes().decode() == MAIL
    assert await house.learning.find_job() is None
    preview = await house.learning.preview([Phrasing((asked[0],), "faq/imap")])
    assert "+- imap erklären bitte" in preview.diff.splitlines()


async def test_what_changes_no_file_trains_nothing(house: House) -> None:
    """The question is dealt with all the same."""
    asked = await house.ask("asdf", "Was ist IMAP")
    before = house.engine.version
    job = await house.publish(Ignore((asked[0],)), Phrasing((asked[1],), "faq/imap"))
    assert (job.stage, job.message) == (Stage.DONE, "Nothing had to be written.")
    assert (house.engine.version, await house.waiting()) == (before, [])


async def test_one_at_a_time(house: House) -> None:
    """In this process or in another one."""
    asked = await house.ask("imap erklären bitte")
    other = publishing(house.files.project / "models")
    assert other.acquire()
    for attempt in (house.learning.publish([Ignore(tuple(asked))], None), house.learning.back()):
        with pytest.raises(JobUnderWayError):
            await attempt
    other.release()
    await house.learning.publish([Ignore(tuple(asked))], None)
    with pytest.raises(JobUnderWayError):
        await house.learning.publish([Ignore(tuple(asked))], None)
    await house.learning.close()


async def test_the_last_publication_can_be_taken_back(house: House) -> None:
    """Model, files and questions are as before it; then the one before that, until there is none."""
    first = house.engine.version
    asked = await house.ask("imap erklären bitte", "imap was bringt das")
    await house.publish(Phrasing((asked[0],), "faq/imap"))
    second, text = house.engine.version, house.mail.read_bytes()
    await house.publish(Phrasing((asked[1],), "faq/imap"))
    await house.learning.back()
    assert (house.engine.version, house.mail.read_bytes(), await house.waiting()) == (second, text, [asked[1]])
    assert (await house.learning.present()).is_current
    await house.learning.back()
    assert (house.engine.version, house.mail.read_bytes().decode(), await house.waiting()) == (first, MAIL, asked)
    with pytest.raises(NoPreviousError):
        await house.learning.back()


async def test_files_that_were_changed_since_stay_when_the_model_goes_back(house: House) -> None:
    """Nobody's work is lost; the inbox knows that the model is older than they."""
    first = house.engine.version
    asked = await house.ask("imap erklären bitte")
    await house.publish(Phrasing((asked[0],), "faq/imap"))
    changed = house.mail.read_bytes() + b"\r\n## Neu? {#new}\r\n\r\nJa.\r\n"
    house.mail.write_bytes(changed)
    await house.learning.back()
    present = await house.learning.present()
    assert (present.name, present.is_current) == (first, False)
    assert (house.mail.read_bytes(), await house.waiting()) == (changed, [])
    active = await house.records.find_active()
    assert active
    assert active.sources == await house.workshop.fingerprint()


async def test_only_the_last_models_are_kept(house: House) -> None:
    """As many as the setting says."""
    asked = await house.ask(*(f"imap frage {number}" for number in "abcd"))
    versions = [house.engine.version]
    for message in asked:
        await house.publish(Phrasing((message,), "faq/imap"))
        versions.append(house.engine.version)
    assert house.workshop.made == set(versions[-3:])


@pytest.mark.parametrize("written", [False, True])
async def test_the_next_start_clears_up_after_a_crash(house: House, written: bool) -> None:
    """Whether or not the files were written already."""
    asked = await house.ask("imap erklären bitte")
    preview = await house.learning.preview([Phrasing((asked[0],), "faq/imap")])
    assert preview.diff
    text = MAIL.removeprefix("\ufeff").replace("\r\n", "\n").replace("{#imap}", "{#imap}\n- imap erklären bitte")
    edit = {"path": str(house.mail), "before": MAIL, "after": text}
    row = {"slot": 1, "stage": "training", "message": "", "edits": [edit], "started_at": now()}
    await house.database.write(lambda connection: connection.execute(insert(jobs), row))
    if written:
        house.mail.write_bytes(text.replace("\n", "\r\n").encode())
    await recover(house.records, house.lock)
    job = await house.learning.find_job()
    assert job
    assert job.stage is Stage.FAILED
    assert job.message == "The server ended while it was under way. The files are as they were."
    assert house.mail.read_bytes().decode() == MAIL


async def test_a_start_leaves_a_living_publication_alone(house: House) -> None:
    """The lock tells that its process lives."""
    await house.records.begin([], None)
    other = publishing(house.files.project / "models")
    assert other.acquire()
    await recover(house.records, house.lock)
    assert await house.records.find_unfinished()
    other.release()


async def test_another_process_s_publication_is_used_here_too(house: House) -> None:
    """As soon as its file is here; several processes speak with one voice."""
    other = FakeDialogue()
    other.version = house.engine.version
    watch = ModelWatch(house.records, house.workshop, other)
    asked = await house.ask("imap erklären bitte")
    await house.publish(Phrasing((asked[0],), "faq/imap"))
    made, house.workshop.made = house.workshop.made, set()
    await watch.do_due()
    assert other.version != house.engine.version
    house.workshop.made = made
    await watch.do_due()
    assert other.version == house.engine.version

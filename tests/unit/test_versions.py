"""Which model a server starts with; none is trained here, their files are empty."""

from pathlib import Path

import pytest

from bot.clock import now
from bot.dialogue.training import fingerprint
from bot.faq.learning.files import publishing
from bot.faq.learning.model import Version
from bot.settings import Settings, load_settings
from bot.store.choose import open_database
from bot.store.learning import SqlRecords
from bot.versions import choose_version


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project of one source."""
    (tmp_path / "config.yml").write_text("language: de\n")
    (tmp_path / "models").mkdir()
    return load_settings(
        database_url=f"sqlite:///{tmp_path}/versions.db",
        project=tmp_path,
        faq=tmp_path / "faq",
        models=tmp_path / "models",
    )


def sources(settings: Settings) -> str:
    """Fingerprint of the present ones; their model is there."""
    version = fingerprint(settings.project, settings.faq)
    (settings.models / f"{version}.tar.gz").touch()
    return version


async def chosen(settings: Settings, *before: Version) -> tuple[str, Version | None]:
    """What a server starts with that finds these in its database, and what is remembered of it."""
    database = open_database(settings.database_url)
    await database.migrate()
    records = SqlRecords(database, now)
    for version in before:
        await records.activate(version)
    try:
        return await choose_version(settings, now, print), await records.find_active()
    finally:
        await database.close()


async def test_the_first_start_uses_the_model_of_the_sources(settings: Settings) -> None:
    """And remembers it."""
    present = sources(settings)
    version, active = await chosen(settings)
    assert version == present
    assert active
    assert (active.name, active.sources, active.previous) == (present, present, None)


async def test_a_model_that_was_brought_back_stays_in_use(settings: Settings) -> None:
    """Over a restart, as long as nobody changed a source since."""
    (settings.models / "older.tar.gz").touch()
    older = Version("older", sources(settings), now())
    version, active = await chosen(settings, older)
    assert (version, active) == ("older", older)


async def test_after_a_change_of_the_sources_their_model_is_used(settings: Settings) -> None:
    """By an editor or a new release; the one before can be brought back."""
    (settings.models / "older.tar.gz").touch()
    older = Version("older", sources(settings), now())
    (settings.project / "config.yml").write_text("language: de\n# changed\n")
    newer = sources(settings)
    version, active = await chosen(settings, older)
    assert version == newer
    assert active
    assert (active.name, active.previous) == (newer, "older")


async def test_a_model_whose_file_is_gone_is_not_used(settings: Settings) -> None:
    """The sources' is."""
    newer = sources(settings)
    version, _ = await chosen(settings, Version("gone", newer, now()))
    assert version == newer


async def test_while_another_process_publishes_its_files_are_not_believed(settings: Settings) -> None:
    """They may be half of it; what is in use stays in use."""
    (settings.models / "older.tar.gz").touch()
    sources(settings)
    database = open_database(settings.database_url)
    await database.migrate()
    await SqlRecords(database, now).begin([], None)
    await database.close()
    lock = publishing(settings.models)
    assert lock.acquire()
    version, _ = await chosen(settings, Version("older", "as they were", now()))
    lock.release()
    assert version == "older"

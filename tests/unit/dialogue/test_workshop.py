"""Models are made and measured in processes of their own."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.dialogue.training import fingerprint
from bot.dialogue.workshop import SubprocessWorkshop
from bot.faq.learning.errors import WorkshopError
from bot.settings import Settings, load_settings
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

HELDOUT = """\
{"text": "was ist imap", "label": "faq/imap"}
{"text": "wie wird das wetter morgen", "label": "out_of_scope", "kind": "far"}
"""


@pytest.fixture
def settings(tmp_path: Path, model: Path) -> Settings:
    """The project with an FAQ folder and models of its own, and two held-out messages."""
    faq = Path(shutil.copytree(PROJECT / "data" / "faq", tmp_path / "faq"))
    (tmp_path / "models").mkdir()
    shutil.copy(model, tmp_path / "models")
    (tmp_path / "heldout.jsonl").write_text(HELDOUT, "utf-8")
    return load_settings(project=PROJECT, faq=faq, models=tmp_path / "models", heldout=tmp_path / "heldout.jsonl")


async def test_a_model_is_measured(settings: Settings, model: Path) -> None:
    """On the held-out file; a file that does not fit is named."""
    workshop, version = SubprocessWorkshop(settings), model.name.removesuffix(".tar.gz")
    assert workshop.has(version)
    figures = await workshop.evaluate(version)
    assert figures
    assert (figures.count, figures.right, figures.examples) == (2, 2, workshop.examples())
    assert settings.heldout
    settings.heldout.write_text('{"text": "hallo", "label": "faq/exchange"}\n', "utf-8")
    with pytest.raises(WorkshopError, match=r"heldout.jsonl:1: label 'faq/exchange' is not known"):
        await workshop.evaluate(version)
    settings.heldout.unlink()
    with pytest.raises(WorkshopError, match="POSTBOTE_HELDOUT"):
        await workshop.evaluate(version)
    workshop.discard(version)
    assert not workshop.has(version)


async def test_without_a_held_out_file_nothing_is_measured(settings: Settings, model: Path) -> None:
    """Who leaves the setting empty wants it so."""
    workshop = SubprocessWorkshop(settings.model_copy(update={"heldout": None}))
    assert workshop.examples() is None
    assert await workshop.evaluate(model.name.removesuffix(".tar.gz")) is None


async def test_training_tells_how_it_goes_and_why_it_failed(settings: Settings) -> None:
    """The version is that of the sources; a fault of the FAQ is told with its line."""
    workshop, told = SubprocessWorkshop(settings), []
    with (settings.faq / "ssl.md").open("a", encoding="utf-8") as file:
        file.write("\n## Was kostet das? {#price}\n\nNichts.\n")
    version = await workshop.train(told.append)
    assert version == fingerprint(PROJECT, settings.faq) == await workshop.fingerprint()
    assert workshop.has(version)
    assert "Training the model …" in told
    with (settings.faq / "ssl.md").open("a", encoding="utf-8") as file:
        file.write("\n## Ohne Namen\n\nNichts.\n")
    with pytest.raises(WorkshopError, match="the heading has no slug"):
        await workshop.train(told.append)


async def test_what_is_under_way_ends_when_the_server_does(settings: Settings) -> None:
    """And nothing begins any more."""
    workshop, begun = SubprocessWorkshop(settings), asyncio.Event()
    with (settings.faq / "ssl.md").open("a", encoding="utf-8") as file:
        file.write("\n## Was kostet das? {#price}\n\nNichts.\n")
    training = asyncio.create_task(workshop.train(lambda _: begun.set()))
    await begun.wait()
    await workshop.close()
    for attempt in (training, workshop.train(print)):
        with pytest.raises(WorkshopError, match="The server was stopped"):
            await attempt

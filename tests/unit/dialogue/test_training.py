"""A model's file is whole and is of the sources that its name says."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.dialogue.training import TrainingError, ensure_model, fingerprint, model_file
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    """A copy of the project's."""
    return Path(shutil.copytree(PROJECT / "data" / "faq", tmp_path / "faq"))


def test_a_model_is_not_kept_when_a_source_changed_meanwhile(tmp_path: Path, faq: Path) -> None:
    """It would bear the name of sources that it did not read."""
    models = tmp_path / "models"

    def change(line: str) -> None:
        if "Training" in line:
            with (faq / "ssl.md").open("a", encoding="utf-8") as file:
                file.write("\nNoch ein Satz.\n")

    with pytest.raises(TrainingError, match="changed while"):
        ensure_model(PROJECT, models, faq, report=change)
    assert list(models.iterdir()) == []


def test_a_current_model_is_not_trained_again(tmp_path: Path, faq: Path) -> None:
    """A change that is taken back finds its model."""
    models = tmp_path / "models"
    ensure_model(PROJECT, models, faq, report=print)
    version = fingerprint(PROJECT, faq)
    assert [file.name for file in models.iterdir()] == [f"{version}.tar.gz"]
    told: list[str] = []
    report: Callable[[str], None] = told.append
    assert ensure_model(PROJECT, models, faq, report=report) == model_file(models, version)
    assert told == []

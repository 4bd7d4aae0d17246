"""A model's file is whole and is of the sources that its name says."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.conversations.model import Decision
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import TrainingError, ensure_model, fingerprint, model_file
from bot.faq.learning.changes import Files
from bot.faq.learning.outside import with_examples
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow
ODD = "Quark mit Zwetschgen im Sonnenuntergang"


class Trained(NamedTuple):
    """A model, and what it was trained from."""

    faq: Path
    models: Path
    model: Path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """From the project's FAQ, beside which editors called one question out of scope."""
    folder = tmp_path_factory.mktemp("trained")
    faq = Path(shutil.copytree(PROJECT / "data" / "faq", folder / "faq"))
    learned = with_examples(None, "learned", [ODD])
    assert learned
    Files.of(PROJECT, faq).outside.write_text(learned, "utf-8")
    return Trained(faq, folder / "models", ensure_model(PROJECT, folder / "models", faq, report=print))


def test_a_model_is_not_kept_when_a_source_changed_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would bear the name of sources that it did not read; and nothing is left where one happened to stand."""
    monkeypatch.chdir(tmp_path)
    faq, models = Path(shutil.copytree(PROJECT / "data" / "faq", tmp_path / "faq")), tmp_path / "models"

    def change(line: str) -> None:
        if "Training" in line:
            with (faq / "ssl.md").open("a", encoding="utf-8") as file:
                file.write("\nNoch ein Satz.\n")

    with pytest.raises(TrainingError, match="changed while"):
        ensure_model(PROJECT, models, faq, report=change, force=True)
    assert list(models.iterdir()) == [models / ".training.lock"]
    assert sorted(tmp_path.iterdir()) == [faq, models]


def test_a_current_model_is_not_trained_again(trained: Trained) -> None:
    """A change that is taken back finds its model."""
    version = fingerprint(PROJECT, trained.faq)
    assert [file.name for file in trained.models.glob("*.gz")] == [f"{version}.tar.gz"]
    told: list[str] = []
    assert ensure_model(PROJECT, trained.models, trained.faq, report=told.append) == model_file(trained.models, version)
    assert told == []


def test_of_two_who_need_a_model_one_trains(trained: Trained, tmp_path: Path) -> None:
    """The other one waits, says so, and takes what the first one made."""
    models = tmp_path / "models"
    models.mkdir()
    with (models / ".training.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            [sys.executable, "-m", "bot", "train"],
            cwd=PROJECT,
            env=os.environ | {"POSTBOTE_MODELS": str(models), "POSTBOTE_FAQ": str(trained.faq)},
            stderr=subprocess.PIPE,
            text=True,
        ) as second:
            assert second.stderr
            assert "another process trains" in second.stderr.readline()
            shutil.copyfile(trained.model, models / trained.model.name)
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert "Training" not in second.stderr.read()
    assert second.returncode == 0


def test_what_editors_called_out_of_scope_is_learnt(trained: Trained) -> None:
    """It stands in the FAQ's folder, as all that editors write."""
    understood = RasaDialogue.load(trained.model).understand(ODD)
    assert (understood.intent, understood.decision) == ("out_of_scope", Decision.DECLINE)


def test_a_model_that_came_with_the_project_is_taken(trained: Trained, tmp_path: Path) -> None:
    """Where its own folder cannot be written to, as in an image, models are kept in another one."""
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    shutil.copyfile(PROJECT / "config.yml", project / "config.yml")
    version = fingerprint(project, trained.faq)
    shutil.copyfile(trained.model, model_file(project / "models", version))
    told: list[str] = []
    taken = ensure_model(project, tmp_path / "writable", trained.faq, report=told.append)
    assert taken == model_file(tmp_path / "writable", version)
    assert taken.read_bytes() == trained.model.read_bytes()
    assert told == []

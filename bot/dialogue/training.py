"""
Train the model, when it is missing or its sources changed.

A model's file is named after its sources' fingerprint, so "is it current" is
"does the file exist", and a change that is taken back finds its model again.
"""

import contextlib
import hashlib
import io
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml
from rasa.model_training import train as rasa_train

from bot.dialogue.nlu import dense
from bot.dialogue.quick_training import quick_training
from bot.errors import PostboteError
from bot.faq.check import check_faq
from bot.file_lock import FileLock

SOURCES = ("config.yml", "domain", "data", "bot/dialogue", "bot/faq", "requirements.lock")
Report = Callable[[str], None]
"""Told what is being done, a line at a time."""


class TrainingError(PostboteError):
    """No model came of the sources."""

    code = "training"


def fingerprint(project: Path, faq: Path) -> str:
    """
    Changes whenever a file changes that training reads.

    Raises bot.errors.SettingsError when config.yml names a sentence model that is not there, or cannot be run.
    """
    digest = hashlib.sha256()
    for file in [*_source_files(project, faq), *_sentence_models(project)]:
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


def _source_files(project: Path, faq: Path) -> Iterator[Path]:
    for root in [*(project / source for source in SOURCES), faq]:
        if root.is_file():
            yield root
        for file in sorted(root.rglob("*")):
            if file.suffix in {".py", ".yml", ".md", ".lock"}:
                yield file


def _sentence_models(project: Path) -> Iterator[Path]:
    file = project / "config.yml"
    config = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else None
    # What else is wrong with the file Rasa says when it trains.
    for component in (config or {}).get("pipeline") or ():
        if named := component.get("dense"):
            yield from dense.files(named)


def model_file(models: Path, version: str) -> Path:
    """Where the model of a version is, or will be; a version is the fingerprint of its sources."""
    return models / f"{version}.tar.gz"


def ensure_model(project: Path, models: Path, faq: Path, *, report: Report, force: bool = False) -> Path:
    """
    The model of the present sources: one that is there or came with the project, or else trained now.

    Of processes that need one at once, one trains. Raises
    bot.faq.findings.FaqError (with every finding) when the FAQ has faults,
    and TrainingError when Rasa made no model or the sources changed meanwhile.
    """
    version = fingerprint(project, faq)
    path = model_file(models, version)
    if not force and (path.exists() or _came_along(project, path)):
        return path
    with _alone(models, report):
        if force or not path.exists():
            _make(project, path, faq, report)
    return path


@contextlib.contextmanager
def _alone(models: Path, report: Report) -> Iterator[None]:
    """No other process trains into this folder meanwhile."""
    lock = FileLock(models / ".training.lock")
    if not lock.acquire():
        report(f"Waiting: another process trains into {models} …")
        lock.acquire(wait=True)
    with lock.held():
        yield


def _make(project: Path, path: Path, faq: Path, report: Report) -> None:
    version = path.name.removesuffix(".tar.gz")
    entries = check_faq(faq).entries
    report(f"Checked {faq}: {len(entries)} entries, {sum(len(entry.examples) for entry in entries)} phrasings.")
    started = time.monotonic()
    report("Training the model …")
    # Under a name of its own until it is whole: what bears a version's name is believed to be that version.
    unproved = path.with_name(f".{version}.{os.getpid()}.tar.gz")
    try:
        with _Progress(report):
            _train(project, unproved, faq)
        if fingerprint(project, faq) != version:
            raise TrainingError(f"A file of {project} or {faq} changed while the model was trained. Train again.")
        unproved.replace(path)
    finally:
        unproved.unlink(missing_ok=True)
    report(f"Trained in {time.monotonic() - started:.1f} s: {path}")


def _came_along(project: Path, path: Path) -> bool:
    """Whether the project has the model, as an image does whose own folders nobody can write to; it is copied."""
    shipped = model_file(project / "models", path.name.removesuffix(".tar.gz"))
    if not shipped.is_file():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    shutil.copyfile(shipped, part)
    part.replace(path)
    return True


def _train(project: Path, path: Path, faq: Path) -> None:
    config = _config_for(project, path, faq)
    try:
        with _quiet(), quick_training():
            result = rasa_train(
                domain=str(project / "domain"),
                config=str(config),
                training_files=[*(str(project / "data" / name) for name in ("nlu", "rules", "stories")), str(faq)],
                output=str(path.parent),
                fixed_model_name=path.name,
                force_training=True,
            )
    finally:
        config.unlink()
    if result.code != 0 or result.model is None:
        raise TrainingError(f"Rasa made no model (code {result.code}): see its messages above.")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without Rasa's bars and banners; what goes wrong is still logged."""
    before = os.environ.get("LOG_LEVEL")
    os.environ["LOG_LEVEL"] = "ERROR"  # What Rasa asks before it draws a bar.
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        if before is None:
            del os.environ["LOG_LEVEL"]
        else:
            os.environ["LOG_LEVEL"] = before


def _config_for(project: Path, path: Path, faq: Path) -> Path:
    """The project's config.yml with the FAQ folder that is asked for; beside the model, for the time of training."""
    config = yaml.safe_load((project / "config.yml").read_text("utf-8"))
    for importer in config["importers"]:
        if "faq" in importer:
            importer["faq"] = str(faq)
    written = path.with_suffix(".config.yml")
    written.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return written


class _Progress(logging.Handler):
    """Turns Rasa's log of its training graph into lines that a person understands."""

    _LOGGERS = ("rasa.engine.training.hooks", dense.__name__)
    _PREFIX = "Starting to train component '"

    def __init__(self, report: Report) -> None:
        super().__init__(logging.INFO)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith(self._PREFIX):
            self._report(f"  {message.removeprefix(self._PREFIX).partition(chr(39))[0]}")
        elif record.name == dense.__name__:
            self._report(f"    {message}")

    def __enter__(self) -> None:
        for logger in map(logging.getLogger, self._LOGGERS):
            logger.setLevel(logging.INFO)
            logger.propagate = False
            logger.addHandler(self)

    def __exit__(self, *_: object) -> None:
        for logger in map(logging.getLogger, self._LOGGERS):
            logger.removeHandler(self)
            logger.propagate = True

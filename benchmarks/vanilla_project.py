"""The same FAQ and intents as a Rasa project without any code of ours: what `make bench` measures against."""

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

import bot.dialogue  # noqa: F401 -- puts the placeholders in place that `import rasa` needs

# isort: split
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.importer import RETRIEVAL_INTENT


def write_project(project: Path, folder: Path) -> None:
    """Write a standard Rasa project with the content of `project` into `folder`, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    content = TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain"), [str(project / "data")]
    )
    nlu = content.get_nlu_data()
    answers = {
        name: [{"text": variants[0]["text"]}]
        for name, variants in content.get_domain().responses.items()
        if "{" not in variants[0]["text"]
    }
    intents = sorted(nlu.intents)
    rules = [_rule(intent, _answer(intent, answers)) for intent in [*intents, "nlu_fallback"]]
    # Our own lists of words are of no use to it, and would cost it time.
    examples = TrainingData(nlu.training_examples, responses=nlu.responses)
    (folder / "data" / "nlu.yml").write_text(examples.nlu_as_yaml(), "utf-8")
    _write(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    _write(folder / "domain.yml", {"version": "3.1", "intents": intents, "responses": answers})
    shutil.copy(project / "benchmarks" / "vanilla" / "config.yml", folder)
    # Durable, as ours is.
    _write(folder / "endpoints.yml", {"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "tracker.db"}})
    _write(folder / "credentials.yml", {"rest": None})


def _answer(intent: str, answers: Collection[str]) -> str:
    """What takes an action of ours to answer is declined."""
    answer = f"utter_{intent}"
    return answer if answer in answers or intent == RETRIEVAL_INTENT else "utter_decline"


def _rule(intent: str, action: str) -> dict[str, Any]:
    return {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")

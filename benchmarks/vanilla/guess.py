"""Train Rasa's default pipeline on a task and write its guesses; runs in the environment of vanilla Rasa."""

import asyncio
import hashlib
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

SEED = 20261124


def main(config: Path, models: Path, task: Path, out: Path) -> None:
    """A model of the same settings and examples is taken from `models`: a training takes many minutes."""
    content = json.loads(task.read_text("utf-8"))
    settings = seeded(yaml.safe_load(config.read_text("utf-8")) | {"language": content["language"]})
    key = hashlib.sha256(json.dumps([settings, content["train"]]).encode()).hexdigest()[:16]
    model = models / f"{key}.tar.gz"
    if not model.exists():
        train(settings, content["train"], model)
    guesses = asyncio.run(ask(Agent.load(model), content["ask"]))
    out.write_text(json.dumps(guesses), "utf-8")


def seeded(settings: dict[str, Any]) -> dict[str, Any]:
    """The default leaves chance to each run; a figure that stands in a table must come out again."""
    trained = {"DIETClassifier", "ResponseSelector"}
    pipeline = [part | {"random_seed": SEED} if part["name"] in trained else part for part in settings["pipeline"]]
    return settings | {"pipeline": pipeline}


def train(settings: dict[str, Any], pairs: list[tuple[str, str]], model: Path) -> None:
    """Each label is an intent; a slash would make it a retrieval intent, whose ranking is not among the intents."""
    examples = defaultdict(list)
    for text, label in pairs:
        examples[label.replace("/", "__")].append(text)
    blocks = [
        {"intent": intent, "examples": "".join(f"- {' '.join(text.split())}\n" for text in texts)}
        for intent, texts in examples.items()
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(settings), "utf-8")
        (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), "utf-8")
        trained = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        model.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(trained, model)


async def ask(agent: Agent, texts: list[str]) -> list[tuple[str, list[str]]]:
    """What it would do, and its ranking."""
    guesses = []
    for text in texts:
        parsed = await agent.parse_message(text)
        order = [one["name"].replace("__", "/") for one in parsed["intent_ranking"]]
        first = (parsed["intent"]["name"] or "nlu_fallback").replace("__", "/")
        guesses.append(("out_of_scope" if first == "nlu_fallback" else first, order))
    return guesses


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))

"""
Vanilla Rasa's guesses, kept in the repository: it trains half an hour and more at a task, on every machine anew.

They are of exactly one pipeline, training data and list of messages, whose digest stands with them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.systems import PROJECT

FOLDER = PROJECT / "benchmarks" / "vanilla" / "guesses"
MOST = 10
"""So many labels of a ranking are kept; Rasa gives no more."""
Found = Sequence[tuple[str, Sequence[str]]]
"""Of each message: what would be done, and the ranking."""


def read(name: str, asked: Mapping[str, Any], folder: Path = FOLDER) -> Found | None:
    """What was guessed for task `name`; None if nothing was, or if it was asked something else than `asked`."""
    file = _file(folder, name)
    if not file.exists():
        return None
    kept = json.loads(file.read_text("utf-8"))
    if kept["of"] != _digest(asked):
        print(f"{file.name}: recorded for other examples, messages or settings, and not used", flush=True)
        return None
    labels = kept["labels"]
    return [(labels[first], [labels[at] for at in ranking]) for first, *ranking in kept["guesses"]]


def write(name: str, asked: Mapping[str, Any], found: Found, folder: Path = FOLDER) -> None:
    """Keep what was guessed, a line a message: the numbers of what would be done and of the ranking's labels."""
    labels = sorted({label for first, ranking in found for label in (first, *ranking[:MOST])})
    place = {label: at for at, label in enumerate(labels)}
    rows = [[place[first], *(place[label] for label in ranking[:MOST])] for first, ranking in found]
    head = {"of": _digest(asked), "on": f"{datetime.now(UTC):%Y-%m-%d}", "labels": labels}
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    opened = json.dumps(head, ensure_ascii=False, indent=0).removesuffix("\n}")
    _file(folder, name).write_text(f'{opened},\n"guesses": [\n{lines}\n]\n}}\n', "utf-8")


def _digest(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(', ', '-').replace(' ', '-')}.json"

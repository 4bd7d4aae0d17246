"""Read labelled messages: JSON lines of `{"text", "label"}`, and `kind` for out-of-scope ones if it is known."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import PostboteError


class ExamplesError(PostboteError):
    """A file of labelled messages has a line that cannot be used; names file, line and rule."""

    code = "examples"


@dataclass(frozen=True)
class Example:
    """A message and what it should be taken for."""

    text: str
    label: str
    """`faq/<slug>`, an intent or `out_of_scope`."""
    kind: str | None = None
    """`near` or `far`: how close an out-of-scope message is to what the bot is for."""


def read_examples(path: Path, labels: Collection[str]) -> list[Example]:
    """
    All of a file.

    Raises ExamplesError for the first line that is no such message, or whose label is not among `labels`.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ExamplesError(f"{path}: cannot be read as UTF-8 text: {error}.") from error
    examples = list(_examples(path, lines, labels))
    if not examples:
        raise ExamplesError(f'{path}: is empty. Write one message a line: {{"text": "…", "label": "…"}}')
    return examples


def _examples(path: Path, lines: list[str], labels: Collection[str]) -> Iterator[Example]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        values = _object(where, line)
        example = Example(_text(where, values, "text"), _text(where, values, "label"), values.get("kind"))
        if example.label not in labels:
            raise ExamplesError(f"{where}: label {example.label!r} is not known. Known: {', '.join(sorted(labels))}.")
        yield example


def _object(where: str, line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise ExamplesError(f"{where}: is no JSON ({error}). Write one object a line.") from error
    if not isinstance(values, dict):
        raise ExamplesError(f'{where}: is no object. Write {{"text": "…", "label": "…"}}.')
    return values


def _text(where: str, values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ExamplesError(f"{where}: needs {key!r} as a text that is not empty.")
    return value

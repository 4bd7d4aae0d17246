"""
The out-of-scope examples that editors found, as Rasa's NLU YAML.

Format: https://legacy-docs-oss.rasa.com/docs/rasa/training-data-format#training-examples. Changes keep
what else stands in the file, comments as well.
"""

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.faq.findings import FaqError, Finding
from bot.faq.words import fold

INTENT = "out_of_scope"
NEW = f"""\
# What editors marked as out of scope at the desk; like every file here it may be changed by hand.
version: "3.1"

nlu:
- intent: {INTENT}
  examples: |
"""
# Rasa takes `[words](name)` for an entity.
_BRACKETS = str.maketrans("[]", "()")


def with_examples(text: str | None, file: str, examples: Sequence[str]) -> str | None:
    """
    The file's text with these examples more, without those that it has, however they are written.

    `text` is None where there is no such file yet. Raises FaqError for a file that cannot be read.
    """
    if not examples:
        return text
    data = _load(NEW if text is None else text, file)
    item = next((item for item in data["nlu"] if item.get("intent") == INTENT), None)
    if item is None:
        item = {"intent": INTENT, "examples": ""}
        data["nlu"].append(item)
    lines = [line for line in (item["examples"] or "").splitlines() if line.strip()]
    known = {fold(line.removeprefix("- ")) for line in lines}
    new = [f"- {each.translate(_BRACKETS)}" for each in examples if fold(each) not in known]
    if not new:
        return text
    item["examples"] = LiteralScalarString("".join(f"{line}\n" for line in [*lines, *new]))
    return _dump(data)


def _load(text: str, file: str) -> Any:
    try:
        data = _yaml().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FaqError([Finding(file, line, f"is no YAML ({error.problem})", "Put it right, or delete it.")]) from error
    if not isinstance(data, dict) or not isinstance(data.get("nlu"), list):
        raise FaqError([Finding(file, 1, "is no NLU data of Rasa", "Put it right, or delete it.")])
    return data


def _dump(data: Any) -> str:
    written = io.StringIO()
    _yaml().dump(data, written)
    return written.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    return yaml

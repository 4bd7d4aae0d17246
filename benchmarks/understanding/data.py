"""What is learnt and what is asked: our own messages, three foreign FAQs, public sets."""

import contextlib
import io
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

import bot.dialogue  # noqa: F401 -- puts the placeholders in place that `import rasa` needs

# isort: split
from rasa.shared.importers.importer import TrainingDataImporter

from benchmarks.systems import PROJECT
from bot.__main__ import main as postbote
from bot.dialogue.importer import label
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.lessons import Lesson, answer_sentences, lessons_of
from bot.evaluation.examples import Example
from bot.faq.model import Faq
from bot.faq.reader import read_faq

QUALITY = PROJECT / "tests" / "quality"
FOREIGN = ("bibliothek", "abfall", "sparkasse")
PUBLIC = ("braun_chatbot", "braun_askubuntu", "braun_webapps", "massive_de", "clinc150_full")


@dataclass(frozen=True)
class Task:
    """What every system learns, and the messages it is then asked about."""

    name: str
    lessons: Sequence[Lesson]
    asked: Sequence[Example]
    language: str = "de"


def own() -> Task:
    """The project's FAQ and intents, and the held-out messages."""
    content = TrainingDataImporter.load_from_config(
        str(PROJECT / "config.yml"), str(PROJECT / "domain"), [str(PROJECT / "data")]
    )
    return Task("own", lessons_of(content.get_nlu_data()), messages(QUALITY / "heldout.jsonl"))


def foreign(name: str, intents: Sequence[Lesson], *, phrasings: bool) -> Task:
    """One of FOREIGN beside these intents, if any; with fifteen phrasings an entry, or its questions alone."""
    file = QUALITY / "foreign" / f"{name}.phrasings.yml"
    more = {slug: lines.splitlines() for slug, lines in yaml.safe_load(file.read_text("utf-8")).items()}
    entries = [
        Lesson(
            label(entry),
            tuple(dict.fromkeys([*entry.examples, *(more[entry.slug] if phrasings else ())])),
            tuple(answer_sentences(entry.answer)),
        )
        for entry in _faq(name).entries
    ]
    others = [lesson for lesson in intents if "/" not in lesson.label]
    asked = messages(QUALITY / "foreign" / f"{name}.jsonl")
    kind = "15 phrasings" if phrasings else "question only"
    beside = "" if intents else " alone"
    return Task(f"{name}{beside}, {kind}", sorted([*entries, *others], key=lambda lesson: lesson.label), asked)


def public(name: str, folder: Path) -> Task:
    """One of PUBLIC: its training split, and its test split."""
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]
    texts = defaultdict(list)
    for row in rows:
        if row["split"] == "train":
            texts[_intent(row["intent"])].append(row["text"])
    lessons = [Lesson(intent, tuple(dict.fromkeys(found))) for intent, found in sorted(texts.items())]
    asked = [Example(row["text"], _intent(row["intent"])) for row in rows if row["split"] == "test"]
    return Task(name, lessons, asked, language="de" if name.endswith("_de") else "en")


def messages(file: Path) -> list[Example]:
    """Labelled messages of ours."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [Example(row["text"], row["label"], row.get("kind")) for row in rows]


def _faq(name: str) -> Faq:
    """From a page as it was found, or from Markdown."""
    source = QUALITY / "foreign" / f"{name}.md"
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        if source.exists():
            (Path(folder) / source.name).write_text(source.read_text("utf-8"), "utf-8")
        else:
            page = str(source.with_suffix(".html"))
            postbote(["faq", "import", page, "--faq", folder, "--topic", name, "--yes"])
        return read_faq(Path(folder))


def _intent(name: str) -> str:
    # "None" is a word of NLP.js's own.
    return {"oos": OUT_OF_SCOPE, "None": "no_intent"}.get(name, name)

"""What a change of the FAQ does to understanding: the model of today and one that is trained on the change."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversations.model import Decision
from bot.dialogue.engine import RasaDialogue, Understood
from bot.dialogue.training import Report, ensure_model
from bot.evaluation.examples import Example
from bot.evaluation.measure import judge
from bot.evaluation.report import figures
from bot.faq.learning.figures import Figures
from bot.faq.learning.model import Edit
from bot.faq.writer import save

Understand = Callable[[str], Understood]


@dataclass(frozen=True)
class Measured:
    """Before and after."""

    heldout: tuple[Figures, Figures] | None
    """None without held-out messages."""
    understood: tuple[int, int]
    """How many of the new phrasings are answered with their entry."""
    count: int
    """Of so many."""


def train_changed(project: Path, faq: Path, edits: Sequence[Edit], report: Report) -> RasaDialogue:
    """The dialogue as it would be with the edits; the FAQ stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "faq"
        shutil.copytree(faq, copy)
        for edit in edits:
            save(copy / Path(edit.path).name, edit.after)
        return RasaDialogue.load(ensure_model(project, Path(folder) / "models", copy, report=report))


def measure_change(
    before: Understand, after: Understand, phrasings: Sequence[Example], heldout: Sequence[Example]
) -> Measured:
    """`phrasings` are the new ones with their entries' labels."""
    return Measured(
        (_figures(heldout, before), _figures(heldout, after)) if heldout else None,
        (_understood(phrasings, before), _understood(phrasings, after)),
        len(phrasings),
    )


def _figures(examples: Sequence[Example], understand: Understand) -> Figures:
    values = figures(judge(examples, understand))
    outside = values.pop("outside")
    return Figures("", **values, answered_outside=outside["answered"], offered_outside=outside["offered"])


def _understood(phrasings: Sequence[Example], understand: Understand) -> int:
    understood = ((example, understand(example.text)) for example in phrasings)
    return sum(each.decision is Decision.ANSWER and each.labels[0] == example.label for example, each in understood)

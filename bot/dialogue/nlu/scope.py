"""
Let out-of-scope examples yield to the FAQ.

The examples that are shipped know nothing of an editor's FAQ: "Spamfilter einstellen"
is out of scope until somebody writes an entry about the spam filter. An entry that has
many phrasings wins by itself; one with few would lose against examples of its own matter.
What stands under an entry word for word is never out of scope.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.lessons import Lesson
from bot.dialogue.nlu.text import LONGEST, grams
from bot.faq.words import fold

FEW = 15
"""An entry with fewer examples needs the help."""
OWN = 0.25
"""An example yields if so much of it is an entry's own: n-grams of its questions that no other label uses."""


def narrowed(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons, the out-of-scope one without the examples that an entry now answers."""
    used = {lesson.label: _grams(lesson.examples) for lesson in lessons if lesson.label != OUT_OF_SCOPE}
    own = [
        used[lesson.label].difference(*(theirs for label, theirs in used.items() if label != lesson.label))
        for lesson in lessons
        if "/" in lesson.label and len(lesson.examples) < FEW
    ]
    said = {fold(text) for lesson in lessons if "/" in lesson.label for text in lesson.examples}
    return [
        replace(
            lesson,
            examples=tuple(text for text in lesson.examples if fold(text) not in said and not _is_answered(text, own)),
        )
        if lesson.label == OUT_OF_SCOPE
        else lesson
        for lesson in lessons
    ]


def _is_answered(text: str, own: Sequence[set[str]]) -> bool:
    found = _grams([text])
    return bool(found) and max((len(found & theirs) for theirs in own), default=0) / len(found) >= OWN


def _grams(texts: Sequence[str]) -> set[str]:
    """The long ones only: short ones are shared by words that have nothing to do with each other."""
    return {gram for text in texts for gram in grams(text) if len(gram) >= LONGEST - 1}

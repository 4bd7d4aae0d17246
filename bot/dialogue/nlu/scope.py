"""
Let out-of-scope examples yield to the FAQ.

The examples that are shipped know nothing of an editor's FAQ: "Spamfilter einstellen"
is out of scope until somebody writes an entry about the spam filter. An entry that has
many phrasings wins by itself; one with few would lose against examples of its own matter.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.features import Features
from bot.dialogue.nlu.lessons import Lesson

FEW = 15
"""An entry with fewer examples needs the help."""
SAME_MATTER = 0.4
"""An example yields if its cosine to one of the entry's examples is as much."""


def narrowed(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons, the out-of-scope one without the examples that an entry now answers."""
    asked = [
        text for lesson in lessons if "/" in lesson.label and len(lesson.examples) < FEW for text in lesson.examples
    ]
    if not asked:
        return list(lessons)
    features = Features.of([text for lesson in lessons for text in lesson.examples])
    return [
        replace(lesson, examples=_unanswered(lesson.examples, asked, features))
        if lesson.label == OUT_OF_SCOPE
        else lesson
        for lesson in lessons
    ]


def _unanswered(examples: tuple[str, ...], asked: Sequence[str], features: Features) -> tuple[str, ...]:
    if not examples:
        return ()
    similar = (features.matrix(examples)[0] @ features.matrix(asked)[0].T).toarray().max(axis=1)
    return tuple(text for text, most in zip(examples, similar, strict=True) if most < SAME_MATTER)

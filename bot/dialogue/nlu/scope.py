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
from bot.dialogue.nlu.features import Features
from bot.dialogue.nlu.lessons import Lesson
from bot.faq.words import fold

FEW = 15
"""An entry with fewer examples needs the help."""
SAME_MATTER = 0.4
"""An example yields if its cosine to one of the entry's examples is as much."""


def narrowed(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons, the out-of-scope one without the examples that an entry now answers."""
    entries = [lesson.examples for lesson in lessons if "/" in lesson.label]
    said = {fold(text) for examples in entries for text in examples}
    poor = [text for examples in entries if len(examples) < FEW for text in examples]
    features = Features.of([text for lesson in lessons for text in lesson.examples])
    return [
        replace(lesson, examples=_unlike(poor, [text for text in lesson.examples if fold(text) not in said], features))
        if lesson.label == OUT_OF_SCOPE
        else lesson
        for lesson in lessons
    ]


def _unlike(poor: Sequence[str], examples: Sequence[str], features: Features) -> tuple[str, ...]:
    """The examples that are of another matter than all of the poor entries'."""
    if not poor or not examples:
        return tuple(examples)
    similar = (features.matrix(examples) @ features.matrix(poor).T).toarray().max(axis=1)
    return tuple(text for text, most in zip(examples, similar, strict=True) if most < SAME_MATTER)

"""
What a short message means after an answer: "und bei POP3?", "und wie stell ich das um".

Such a message names a word or two and leaves the rest to what was just spoken of. It is taken for an entry of that
topic whose question and answer have every telling word of the message, so that nothing foreign is ever answered by it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.faq.words import STOP_WORDS, fold

MOST_WORDS = 7
STEM = 5
"""Letters of a word that tell it: "stellen" is found in "umzustellen"."""
_DOING = re.compile(r"\b(?:wie|wo) (?:stell|mach|richt|geh|aender)\w*\b.*\b(?:das|es|dies)\b")
"""How to do it: that is about the last answer, if no entry of the topic speaks of it in this word."""
_OPENING = re.compile(r"(?:ja |ok |okay |danke )*(?:und|oder|auch|aber)\b")
_ELLIPSIS = re.compile(r"(?:ja |ok |okay |danke )*und (?:was ist )?(?:bei|mit|fuer|per|ueber)\b")


@dataclass(frozen=True)
class Known:
    """An entry as a follow-up sees it."""

    topic: str
    question: str
    """Folded, as the words are."""
    words: str
    """Those of question and answer."""


def known_of(responses: Mapping[str, list[dict[str, Any]]]) -> dict[str, Known]:
    """Of a domain's responses, the entries by their labels."""
    return {
        name.removeprefix("utter_"): _known(**variants[0]["metadata"], text=variants[0]["text"])
        for name, variants in responses.items()
        if "/" in name
    }


def _known(topic: str, title: str, text: str, **_: Any) -> Known:
    return Known(topic, fold(title), fold(f"{title} {text}"))


def find_meant(text: str, about: str, entries: Mapping[str, Known], alone: str | None) -> str | None:
    """
    The label of the entry that `text` asks about after an answer from the entry `about`; None if it stands alone.

    `alone` is the entry that it means without context, if it means one.
    """
    said = fold(text)
    if about not in entries or len(said.split()) > MOST_WORDS or not _OPENING.match(said):
        return None
    telling = [word[:STEM] for word in said.split() if word not in STOP_WORDS and word not in {"ok", "okay", "danke"}]
    if not telling:
        return None
    if alone and entries[alone].topic == entries[about].topic:
        return about if _goes_on(telling, entries[about], entries[alone]) else None
    if alone and not _ELLIPSIS.match(said):
        return None
    same = (label for label, known in entries.items() if known.topic == entries[about].topic and label != about)
    having = (label for label in (about, *same) if all(stem in entries[label].words for stem in telling))
    return next(having, about if len(telling) == 1 and _DOING.search(said) else None)


def _goes_on(telling: Sequence[str], about: Known, alone: Known) -> bool:
    """Whether nothing in it names the other entry ("und welcher Port?"), and the last answer speaks of all of it."""
    return all(stem in about.words and stem not in alone.question for stem in telling)

"""Brings a sentence into the form that the readers of days and times expect; drops what only looks like them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.tickets.german import words

LONGEST = 2_000
"""Characters that are read of a message; nobody says when after so many."""

_WORD = re.compile(r"[^\W\d_]+")
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_COMPOUND = re.compile(
    rf"({'|'.join(words.WEEKDAYS)}|vorgestern|gestern|heute)(frueh|morgen|vormittag|mittag|nachmittag|abend|nacht)"
)

# Whatever is matched here is no point in time: it is blanked before anything else is read.
_NO_POINT = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\S+@\S+|https?://\S+|\bwww\.\S+",
        r"[„“\"»][^„“”\"»«]{1,80}[“”\"«]",
        r"\b(?:guten?|schönen?|schoenen?|schöner?)\s+(?:morgen|tag|mittag|abend|nacht|nachmittag|wochenende)\b",
        r"\b(?:herrn?|frau|fam(?:ilie|\.)?|dr\.)\s+\w+",
        r"\d+(?:\.\d+){3,}",
        r"(?<![\d.:])(?:\+\d{2}|0\d{2,})[\s/()-]*\d[\d\s/()-]*",
        r"\b[a-z]{1,6}[-#_]\d[\w-]*|#\s?\d+|\b0x\w+",
        r"\d{5,}",
        r"\b(?:version|v|ios|android|outlook|office|thunderbird|windows|macos|tls|ssl|ports?|tickets?|fehler|code|nr\.?|"
        r"nummer|kundennummer|rechnung)\s*:?\s*\d[\d./-]*",
        r"\d+(?:[.,]\d+)?\s*(?:[gmkt]i?b\b|%|€|\$|euro?\b|cent\b|prozent\b|gigabyte|megabyte|mbit)",
        r"(?<![\d.,:])\d+(?:er\b|x\b|\s+(?:e-?)?(?:mails?|nachrichten|ordner|konten|postfächer|dateien|anhänge|mal|leute|kunden|"
        r"kollegen|jahre\s+alt|stück)\b)",
        r"\b24\s?h\b|\b24/7\b",
    )
]


class Sentence:
    """A sentence on which readers take their matches one after the other, each from what is left."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        self.left, self._starts, self._ends = _brought_into_form(_without_others(self.text))

    def take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """
        Yield the matches and blank them for the readers to come.

        Where the pattern has a group `said`, that alone is blanked: the rest was context.
        """
        for match in list(pattern.finditer(self.left)):
            start, end = said(match)
            self.left = self.left[:start] + "\0" * (end - start) + self.left[end:]
            yield match

    def original(self, start: int, end: int) -> str:
        """What the customer wrote there."""
        return self.text[self._starts[start] : self._ends[end - 1]].strip()


def said(match: re.Match[str]) -> tuple[int, int]:
    """The span of a match without its context."""
    return match.span("said") if "said" in match.re.groupindex else match.span()


def _without_others(text: str) -> str:
    for pattern in _NO_POINT:
        text = pattern.sub(lambda match: "\0" * len(match.group()), text)
    return text


def _brought_into_form(text: str) -> tuple[str, list[int], list[int]]:
    """The sentence as words that the readers know, and for each of its characters where it came from."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _WORD.finditer(text):
        word = _known_word(match.group())
        pieces += [text[at : match.start()], word]
        starts += [*range(at, match.start()), *[match.start()] * len(word)]
        ends += [*range(at + 1, match.start() + 1), *[match.end()] * len(word)]
        at = match.end()
    pieces.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return re.sub(r"\s", " ", "".join(pieces)), starts, ends


@lru_cache(maxsize=4096)
def _known_word(written: str) -> str:
    word = written.lower().translate(_FOLDED)
    word = words.DIALECT.get(word, word)
    if word in words.NUMBERS:
        return str(words.NUMBERS[word])
    if word in words.ORDINALS:
        return f"{words.ORDINALS[word]}."
    if compound := _COMPOUND.fullmatch(word):
        return " ".join(compound.groups())
    if len(word) < 6 or len(word) > 12 or word[:-1] in words.MENDED:
        return word
    near = process.extractOne(word, words.MENDED, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word

"""What each draft would change, as the trained model and the FAQ see it today."""

from collections.abc import Iterable

from bot.faq.learning.changes import LONGEST_WORDING
from bot.faq.learning.privacy import SIGNS, mask
from bot.faq.model import Entry, Faq
from bot.faq.phrasings.german import why_unusable
from bot.faq.phrasings.model import Approved, Draft, Effect
from bot.faq.phrasings.ports import Read, Reading
from bot.faq.words import fold


class Judge:
    """Remembers what was approved, so that two entries do not get the same in a run."""

    def __init__(self, faq: Faq, read: Read) -> None:
        self._read = read
        self._owners = {fold(example): entry.slug for entry in faq.entries for example in entry.examples}

    def judge(self, entry: Entry, texts: Iterable[str]) -> tuple[Draft, ...]:
        """In the same order."""
        seen: set[str] = set()
        return tuple(self._judge(entry.slug, text, seen) for text in texts)

    def approve(self, approved: Approved) -> None:
        """From now on these are the entry's."""
        self._owners |= {fold(text): approved.slug for text in approved.texts}

    def _judge(self, slug: str, text: str, seen: set[str]) -> Draft:
        if len(text) > LONGEST_WORDING:
            return Draft(text, Effect.TOO_LONG, f"{len(text)} characters; {LONGEST_WORDING} are allowed")
        if reason := why_unusable(text):
            return Draft(text, Effect.UNUSABLE, reason)
        masked = mask(text)
        if any(sign in masked for sign in SIGNS):
            return Draft(text, Effect.UNUSABLE, "it has an address, a link, a name or a long number")
        words = fold(masked)
        owner = self._owners.get(words)
        if owner is not None and owner != slug:
            return Draft(masked, Effect.TAKEN, f"under `{owner}`", owner)
        if owner == slug or words in seen:
            return Draft(masked, Effect.DUPLICATE, "the entry has it, or an earlier draft")
        seen.add(words)
        return self._read_draft(slug, masked)

    def _read_draft(self, slug: str, text: str) -> Draft:
        reading = self._read(text)
        confidence = round(reading.confidence, 3)
        first = reading.labels[0]
        match reading.decision:
            case "answer" if first == f"faq/{slug}":
                return Draft(text, Effect.KNOWN, "answered", confidence=confidence)
            case "answer" | "action":
                other = first.removeprefix("faq/")
                return Draft(text, Effect.COLLIDES, f"taken for `{other}`", other, confidence)
        return Draft(text, Effect.NEW, _unsure(reading, f"faq/{slug}"), confidence=confidence)


def _unsure(reading: Reading, label: str) -> str:
    if reading.decision != "clarify":
        return "declined"
    return "asks back, with this entry" if label in reading.labels else "asks back, without this entry"

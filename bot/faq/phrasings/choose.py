"""Which entries phrasings are drafted for."""

from collections.abc import Sequence

from bot.faq.model import Entry, Faq
from bot.faq.overview import get_entry


def choose_entries(faq: Faq, slugs: Sequence[str], enough: int) -> list[Entry]:
    """
    Those of the slugs, each once; without any, those with fewer phrasings than `enough`, the fewest first.

    Raises UnknownEntryError.
    """
    if slugs:
        return [get_entry(faq, slug) for slug in dict.fromkeys(slugs)]
    poor = [entry for entry in faq.entries if len(entry.phrasings) < enough]
    return sorted(poor, key=lambda entry: len(entry.phrasings))

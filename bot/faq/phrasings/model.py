"""What a drafted phrasing is, and what it would change."""

from dataclasses import dataclass
from enum import StrEnum

from bot.faq.model import Entry


class Effect(StrEnum):
    """What a draft would change."""

    NEW = "now understood"
    """The bot has no sure answer to it today."""
    KNOWN = "already understood"
    """The bot already answers it with the entry."""
    COLLIDES = "collides"
    """The bot answers it with something else, and may be right."""
    TAKEN = "stands elsewhere"
    """Another entry has these very words, or got them just now; one phrasing cannot belong to two."""
    DUPLICATE = "duplicate"
    """The entry has it, or an earlier draft."""
    TOO_LONG = "too long"
    UNUSABLE = "unusable"


WANTED = frozenset({Effect.NEW, Effect.KNOWN})
"""What an editor takes without looking at each."""
TAKEABLE = WANTED | {Effect.COLLIDES}
"""What an editor may take at all."""


@dataclass(frozen=True)
class Draft:
    """A phrasing that the language model proposes for an entry."""

    text: str
    effect: Effect
    today: str = ""
    """What the bot does with it today, or why it cannot be used."""
    other: str | None = None
    """Slug of the entry, or name of the intent, that it collides with."""
    confidence: float | None = None
    """Of what the bot does with it today."""


@dataclass(frozen=True)
class Drafted:
    """An entry with its drafts."""

    entry: Entry
    drafts: tuple[Draft, ...]

    @property
    def wanted(self) -> tuple[Draft, ...]:
        """Those that do not collide and can be used."""
        return tuple(draft for draft in self.drafts if draft.effect in WANTED)


@dataclass(frozen=True)
class Approved:
    """What an editor takes of an entry's drafts."""

    slug: str
    texts: tuple[str, ...]

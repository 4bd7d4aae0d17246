"""What can be seen of all conversations at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.handoff.model import Person

FEWEST_STARS, MOST_STARS = 1, 5
"""Also what a thumb down and a thumb up are worth."""


@dataclass(frozen=True)
class Selection:
    """From a moment to before another one, in one channel or in all."""

    begin: datetime
    end: datetime
    channel: str | None = None


@dataclass(frozen=True)
class Rating:
    """What a customer thinks of an answer, or of a conversation."""

    conversation: str
    stars: int
    """1 to 5; a thumb is 5 (up) or 1 (down)."""
    comment: str | None
    at: datetime
    agent: Person | None
    """Who held the conversation; None: the bot is meant."""
    label: str | None
    """The entry answered; None: the whole conversation is meant."""


@dataclass(frozen=True)
class Mean:
    """What many customers think together."""

    count: int
    mean: float | None
    """None of nothing."""


@dataclass(frozen=True)
class AgentsRating:
    """What customers think of conversations with one agent."""

    agent: Person
    rating: Mean


@dataclass(frozen=True)
class EntrysRating:
    """What customers think of one entry's answers."""

    label: str
    rating: Mean


@dataclass(frozen=True)
class Day:
    """A day on the hoster's clocks."""

    date: date
    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Volume:
    """What happened in one channel in a stretch of time; docs/words.md says what is counted."""

    channel: str
    conversations: int = 0
    messages: int = 0
    solved: int = 0
    handoffs: int = 0
    closed: int = 0


@dataclass(frozen=True)
class Count:
    """How often something was."""

    what: str
    count: int


@dataclass(frozen=True)
class Waits:
    """Seconds from the call for a person to the person's first words; None when nobody was answered."""

    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Criteria:
    """What conversations are searched for; all of it must hold."""

    words: tuple[str, ...] = ()
    """Each occurs in some message, in whichever case."""
    mailbox: str | None = None
    """Proven, restored or mentioned."""
    ticket: str | None = None
    """Its number or the ticket system's, opened in the conversation or mentioned."""
    channel: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    """Messages count from `begin` to before `end`."""


@dataclass(frozen=True)
class Hit:
    """A conversation that fits."""

    conversation: str
    excerpt: str
    """Of the newest message that fits best, around what was searched for."""


@dataclass(frozen=True)
class Found:
    """A page of hits, the conversation that was written in last first."""

    total: int
    hits: Sequence[Hit]

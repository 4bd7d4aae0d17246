"""What can be seen of all conversations at once."""

from dataclasses import dataclass
from datetime import datetime

FEWEST_STARS, MOST_STARS = 1, 5
"""Also what a thumb down and a thumb up are worth."""


@dataclass(frozen=True)
class Period:
    """From a moment to before another one."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Person:
    """An agent, as far as others need to know."""

    id: int
    name: str


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
class AgentsRating:
    """What customers think of conversations with one agent."""

    agent: Person
    count: int
    mean: float


@dataclass(frozen=True)
class EntrysRating:
    """What customers think of one entry's answers."""

    label: str
    count: int
    mean: float

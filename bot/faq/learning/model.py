"""Questions that the bot did not answer well, what editors make of them, and the models that come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.faq.learning.figures import Figures


class Why(StrEnum):
    """Why a question is in the inbox."""

    DECLINED = "declined"
    CLARIFIED = "clarified"
    """The bot asked back."""
    RATED = "rated"
    """The answer was rated badly."""
    HANDED_OVER = "handed_over"
    """It was answered, and then a person was called."""


@dataclass(frozen=True)
class Question:
    """A customer's message that there is something to learn from."""

    message: int
    """The store's id of it."""
    conversation: str
    text: str
    at: datetime
    why: Why
    chosen: str | None = None
    """The label of the button that the customer pressed when the bot asked back."""
    answer: str | None = None
    """What an agent answered."""


@dataclass(frozen=True)
class Group:
    """Questions that are alike."""

    questions: Sequence[Question]
    """The most typical one first."""

    @property
    def key(self) -> str:
        """The same as long as its oldest question is in it."""
        return str(min(question.message for question in self.questions))

    @property
    def typical(self) -> Question:
        """The one that stands for all."""
        return self.questions[0]

    @property
    def answer(self) -> str | None:
        """The newest of the agents' answers."""
        answered = [question for question in self.questions if question.answer]
        return max(answered, key=lambda question: question.at).answer if answered else None


@dataclass(frozen=True)
class Phrasing:
    """These questions are further ways to ask the entry's."""

    messages: tuple[int, ...]
    label: str
    """`faq/<slug>`."""
    wordings: tuple[str, ...] | None = None
    """As the editor put them; None: as they were asked, masked."""


@dataclass(frozen=True)
class NewEntry:
    """These questions are answered by a new entry."""

    messages: tuple[int, ...]
    topic: str
    """Name of the topic's file; a new one is made if there is none."""
    slug: str
    question: str
    answer: str
    """Markdown."""
    wordings: tuple[str, ...] | None = None

    @property
    def label(self) -> str:
        """What it will be called by."""
        return f"faq/{self.slug}"


@dataclass(frozen=True)
class OutOfScope:
    """These questions are none that the bot should answer."""

    messages: tuple[int, ...]
    wordings: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Ignore:
    """There is nothing to learn from these."""

    messages: tuple[int, ...]


Change = Phrasing | NewEntry | OutOfScope | Ignore


@dataclass(frozen=True)
class Proposal:
    """A change that an agent proposes."""

    id: int
    change: Mapping[str, Any]
    """As the desk's pages have it."""
    agent: str
    """Name of the agent."""
    at: datetime


class Verdict(StrEnum):
    """What was made of a question."""

    PHRASING = "phrasing"
    ENTRY = "entry"
    OUT_OF_SCOPE = "out_of_scope"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Edit:
    """A file that changes."""

    path: str
    """Absolute."""
    before: str | None
    """Its text, to the letter; None: there is no such file."""
    after: str


class Stage(StrEnum):
    """How far a publication is."""

    WRITING = "writing"
    TRAINING = "training"
    EVALUATING = "evaluating"
    ACTIVATING = "activating"
    DONE = "done"
    REFUSED = "refused"
    """The new model did worse; nothing changed."""
    FAILED = "failed"
    """Nothing changed either."""


@dataclass(frozen=True)
class Job:
    """A publication: from the editor's changes to the model in use."""

    id: int
    stage: Stage
    message: str
    """What it is doing, or why it ended as it did."""
    edits: tuple[Edit, ...]
    started_at: datetime
    ended_at: datetime | None = None
    before: Figures | None = None
    """Of the model that was in use."""
    after: Figures | None = None
    """Of the new one."""


@dataclass(frozen=True)
class Version:
    """A model that is or was in use; its name is the fingerprint of the sources that it was trained on."""

    name: str
    sources: str
    """Fingerprint of the sources at the time of its activation; another one than its name if it was brought back."""
    activated_at: datetime
    previous: str | None = None
    """What was in use before it first was."""
    figures: Figures | None = None
    job: int | None = None
    """The publication that it came of; None: trained when the server started."""

"""What learning needs from others."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from bot.faq.learning.figures import Figures
from bot.faq.learning.model import Change, Edit, Job, Proposal, Question, Stage, Version


class Questions(Protocol):
    """Customers' messages that there may be something to learn from."""

    async def waiting(self, most: int) -> Sequence[Question]:
        """Those of which nothing was made yet, the newest first."""

    async def texts(self, messages: Collection[int]) -> Mapping[int, str]:
        """Of customers' messages, by their ids; others are left out."""


class Records(Protocol):
    """Publications and models, as they are remembered over restarts."""

    async def begin(self, edits: Sequence[Edit], agent: int | None) -> Job:
        """A new job. Raises JobUnderWayError while there is another one."""

    async def advance(self, job: int, stage: Stage, message: str) -> None:
        """It is so far."""

    async def complete(self, job: int, message: str, changes: Iterable[Change], version: Version | None) -> None:
        """In one transaction: the job is done, its questions are dealt with, `version` (if any) is in use."""

    async def give_up(self, job: int, stage: Stage, message: str) -> None:
        """It ended without effect."""

    async def measured(self, job: int, before: Figures, after: Figures) -> None:
        """What the comparison of the models said."""

    async def find_unfinished(self) -> Job | None:
        """The one that is under way, or was when its process died."""

    async def find_latest(self) -> Job | None:
        """The one that began last."""

    async def find_active(self) -> Version | None:
        """The model in use."""

    async def find_version(self, name: str) -> Version | None:
        """If it ever was in use."""

    async def find_job(self, number: int) -> Job | None:
        """By its id."""

    async def activate(self, version: Version, undone: int | None = None) -> None:
        """The version is in use; the questions of the job `undone` are back in the inbox."""

    async def set_figures(self, version: str, figures: Figures) -> None:
        """What the version was measured at."""

    async def versions(self) -> Sequence[Version]:
        """All, the one in use first, then by when they were."""


class Proposals(Protocol):
    """What agents would change; an admin publishes it, or takes it back."""

    async def add(self, change: Mapping[str, Any], agent: int) -> None:
        """As the desk's pages send it, with the messages' ids under `messages`."""

    async def all(self) -> Sequence[Proposal]:
        """The oldest first; those whose questions are dealt with are none any more."""

    async def remove(self, proposal: int) -> bool:
        """False if it was not there."""


class Workshop(Protocol):
    """Makes and measures models, apart from the process that talks with customers."""

    async def fingerprint(self) -> str:
        """Of the present sources; the name of their model."""

    async def train(self, tell: Callable[[str], None]) -> str:
        """The version of the present sources, trained if there is none. Raises WorkshopError."""

    def examples(self) -> str | None:
        """Digest of the held-out file; None without one. Raises WorkshopError when it cannot be read."""

    async def evaluate(self, version: str) -> Figures | None:
        """On the held-out file; None without one. Raises WorkshopError."""

    def has(self, version: str) -> bool:
        """Whether its file is there."""

    def discard(self, version: str) -> None:
        """Delete its file."""

    async def close(self) -> None:
        """End what is under way; it raises WorkshopError."""


class Engine(Protocol):
    """The dialogue in use."""

    @property
    def version(self) -> str:
        """Of its model."""

    async def prepare(self, version: str) -> Callable[[], None]:
        """Load another version; what is returned puts it to use."""

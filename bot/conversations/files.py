"""What customers attach, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class File:
    """Something that a customer attached."""

    name: str
    type: str
    """Media type as the channel says, such as `image/png`."""
    size: int | None
    """In bytes, where the channel says it."""
    reference: str
    """What the channel needs to fetch it."""


class FileState(StrEnum):
    """What became of a file that a customer attached."""

    WAITING = "waiting"
    """To be fetched."""
    KEPT = "kept"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    """By its content it is of a type that is not kept."""
    NOT_FETCHED = "not_fetched"
    """The channel does not give it."""


@dataclass(frozen=True)
class Attachment:
    """A file that a customer attached, without its content."""

    id: int
    name: str
    type: str
    """As the channel says; of one that is kept by its content."""
    size: int | None
    state: FileState
    reason: str | None
    """Why it is not kept, such as its type or the vendor's words."""


@dataclass(frozen=True)
class Expected:
    """A file that is to be fetched."""

    id: int
    conversation: str
    seq: int
    """Of the message that it belongs to."""
    channel: str
    file: File
    attempts: int
    """How often it was tried and failed."""

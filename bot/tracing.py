"""
What is told of where a message's time goes, for whoever draws it; nothing is done where nobody does.

A stretch of the road begins with a `Tracer`, which the stops are given; what happens within it, however deep, is a
`part` of it. `traceparent()` is stored with what goes on elsewhere, so that it goes on in the same trace.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

About = Mapping[str, str | int | float | bool]
"""What a span is about: ids and names from short lists; no words, no addresses, nothing personal."""
NOTHING: About = {}
CONVERSATION, MESSAGE, CHANNEL = "postbote.conversation", "postbote.message", "postbote.channel"


class Kind(StrEnum):
    """Which way a span looks, in OpenTelemetry's words."""

    INTERNAL = "internal"
    SERVER = "server"
    """We are asked."""
    CLIENT = "client"
    """We ask another system."""
    PRODUCER = "producer"
    """Something is stored, to go on later."""
    CONSUMER = "consumer"
    """It goes on."""


class Span(Protocol):
    """A stretch of the road that is under way. What is raised within it is its end, and is named in it."""

    @property
    def traceparent(self) -> str | None:
        """Its name for other processes, as https://www.w3.org/TR/trace-context/ has it."""

    def tell(self, about: About) -> None:
        """What is only known on the way."""

    def fail(self, what: str) -> None:
        """It did not end well, though nothing is raised; `what` is the name of an error."""

    def part(self, name: str, kind: Kind, about: About) -> "AbstractContextManager[Span]":
        """See the function."""


class Tracer(Protocol):
    """Draws the road."""

    def begin(
        self, name: str, kind: Kind, about: About = NOTHING, *, parent: str | None = None
    ) -> AbstractContextManager[Span]:
        """A stretch that goes on from `parent`, which may be another process's; without one a trace begins."""

    def waited(self, name: str, since: datetime, parent: str | None) -> None:
        """Since then something lay where nobody worked on it, in the trace of `parent`, if there is one."""

    def close(self) -> None:
        """Hand over what is drawn; takes some seconds at most."""


class NoSpan:
    """Where nobody draws."""

    traceparent = None

    def tell(self, about: About) -> None:
        """See Span."""

    def fail(self, what: str) -> None:
        """See Span."""

    def part(self, name: str, kind: Kind, about: About) -> Self:  # noqa: ARG002 -- as of Span
        """See Span."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """What is raised goes on."""


NO_SPAN = NoSpan()
CURRENT: ContextVar[Span] = ContextVar("span", default=NO_SPAN)
"""Set by tracers alone."""


class Untraced:
    """The tracer that draws nothing."""

    def begin(self, name: str, kind: Kind, about: About = NOTHING, *, parent: str | None = None) -> NoSpan:  # noqa: ARG002 -- as of Tracer
        """See Tracer."""
        return NO_SPAN

    def waited(self, name: str, since: datetime, parent: str | None) -> None:
        """See Tracer."""

    def close(self) -> None:
        """See Tracer."""


UNTRACED = Untraced()


def part(name: str, kind: Kind = Kind.INTERNAL, about: About = NOTHING) -> AbstractContextManager[Span]:
    """A part of the stretch that is under way here."""
    return CURRENT.get().part(name, kind, about)


def trace_id_of(traceparent: str | None) -> str | None:
    """By which a collector finds the trace."""
    return traceparent.split("-")[1] if traceparent else None


def traceparent() -> str | None:
    """Of the stretch that is under way here, to be stored with what goes on elsewhere."""
    return CURRENT.get().traceparent

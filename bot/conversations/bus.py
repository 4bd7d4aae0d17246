"""How processes that share a database tell each other that something happened; never what must not be lost."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

Payload = Mapping[str, Any]
"""Small JSON values: where more is to be known, the others read it from the database."""
Heard = Callable[[Payload], None]


class Bus(Protocol):
    """A wake-up among processes. Whoever depends on it also looks by itself, now and then."""

    def publish(self, topic: str, payload: Payload) -> None:
        """To all other processes, in order, soon; not at all while the database is away."""

    def hear(self, topic: str, heard: Heard) -> None:
        """Call `heard` for each payload of the topic that another process publishes."""

    def when_back(self, call: Callable[[], None]) -> None:
        """Call it after the connection was lost and is there again: something may have been missed."""


class NoBus:
    """The bus of a process that is alone."""

    def publish(self, topic: str, payload: Payload) -> None:
        """See Bus."""

    def hear(self, topic: str, heard: Heard) -> None:
        """See Bus."""

    def when_back(self, call: Callable[[], None]) -> None:
        """See Bus."""

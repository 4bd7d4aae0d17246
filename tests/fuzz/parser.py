"""What a parser of foreign bytes is to the tests, and how one that is written for waiting is called at once."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Parser:
    """One way in."""

    name: str
    parse: Callable[[bytes], object]
    seeds: Sequence[bytes]
    """Real ones, so that changed ones get far."""
    errors: tuple[type[Exception], ...] = ()
    """By which it says that it cannot read something; any other is a fault."""

    def __str__(self) -> str:
        return self.name


def at_once(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """The result of what never really waits, without a loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        coroutine.close()
    raise AssertionError("it waits for something")


def text(raw: bytes) -> str:
    """As a door hands it on: what is no UTF-8 never gets that far."""
    return raw.decode("utf-8", "replace")


def encoded(*texts: str) -> tuple[bytes, ...]:
    """Seeds."""
    return tuple(each.encode() for each in texts)

"""What a check finds, and how checks are run."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import PostboteError

PATIENCE = 20.0
"""Seconds for each check."""


class State(StrEnum):
    """How it stands."""

    OK = "ok"
    WARNING = "warning"
    """It works, but not as customers should have it."""
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """A line of the doctor's."""

    name: str
    state: State
    text: str
    """What was found, and unless it is ok what to do."""


Results = Sequence[Result]


def ok(name: str, text: str) -> Result:
    """All is well."""
    return Result(name, State.OK, text)


def warning(name: str, text: str) -> Result:
    """See State."""
    return Result(name, State.WARNING, text)


def failed(name: str, text: str) -> Result:
    """See State."""
    return Result(name, State.FAILED, text)


async def run_all(checks: Iterable[tuple[str, Awaitable[Results]]]) -> list[Result]:
    """All at once; their results in the order of the checks. What a check raises is its result."""
    results = await asyncio.gather(*(_run(name, check) for name, check in checks))
    return [result for each in results for result in each]


async def _run(name: str, check: Awaitable[Results]) -> Results:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check
    except PostboteError as error:
        return [failed(name, str(error))]
    except TimeoutError:
        return [failed(name, f"No answer within {PATIENCE:.0f} s. Is it reachable from this host?")]
    except Exception as error:  # noqa: BLE001 -- the edge: whatever a driver raises is what the doctor is there to tell
        return [failed(name, f"{type(error).__name__}: {error}".split("\n", 1)[0])]

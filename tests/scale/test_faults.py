"""The faults of `make chaos` in small: nothing is lost, nothing comes twice, nobody meets silence."""

import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from tests.scale import scenarios
from tests.scale.faults import Clock, why_no_faketime
from tests.scale.scenarios import HOUR, Outcome, Size

SMALL = Size(conversations=40, messages=4, thinking=(0.2, 1.0), outage=3.0, gateways=1, workers=1)
"""One process of each kind: what dies when there are several is in test_processes."""
AHEAD_AND_BACK = partial(scenarios.clocks_jumped, seconds=HOUR)

pytestmark = pytest.mark.slow


async def play(scenario: Callable[[Size], Awaitable[Outcome]]) -> Outcome:
    """Skipped where it cannot be played; else each message was answered once, in order, and nothing else happened."""
    if reason := scenarios.why_not(getattr(scenario, "func", scenario)):
        pytest.skip(reason)
    outcome = await scenario(SMALL)
    assert not outcome.audit.faults
    assert outcome.audit.accepted == outcome.audit.answered >= SMALL.conversations * SMALL.messages
    return outcome


async def test_the_disk_of_postgresql_is_full(model: Path) -> None:
    """Who writes meanwhile is told to try again, and is answered when there is room."""
    outcome = await play(scenarios.postgres_full)
    assert outcome.refused > 0, "Nobody met the full disk: the test shows nothing."


async def test_the_disk_of_sqlite_is_full(model: Path) -> None:
    """The same; the log is on that disk, too."""
    outcome = await play(scenarios.sqlite_full)
    assert outcome.refused > 0, "Nobody met the full disk: the test shows nothing."


async def test_the_ticket_system_is_gone(model: Path) -> None:
    """Restores are taken on, and each is one ticket when it is back."""
    await play(partial(scenarios.tickets_gone, stages=scenarios.on_sqlite))


async def test_the_mail_platform_is_gone(model: Path) -> None:
    """Who asks for the quota is told that it cannot be said now."""
    outcome = await play(partial(scenarios.platform_gone, stages=scenarios.on_sqlite))
    assert not outcome.remarks[0].startswith("0 "), outcome.remarks


@pytest.mark.parametrize(
    "scenario",
    [AHEAD_AND_BACK, partial(AHEAD_AND_BACK, stages=partial(scenarios.on_sqlite, proof_minutes="180"))],
    ids=["postgresql", "sqlite"],
)
async def test_the_clock_jumps(model: Path, scenario: Callable[[Size], Awaitable[Outcome]]) -> None:
    """An hour ahead, and back: restores that were ordered in that hour are delivered soon, not an hour later."""
    await play(scenario)


def test_the_clock_of_a_process_jumps(tmp_path: Path) -> None:
    """As the tests above believe."""
    if reason := why_no_faketime():
        pytest.skip(reason)
    clock = Clock(tmp_path)
    clock.jump(HOUR)
    command = [sys.executable, "-c", "import time; print(time.time())"]
    said = subprocess.run(command, env=dict(clock.variables), capture_output=True, text=True, check=True).stdout
    assert abs(float(said) - time.time() - HOUR) < 60

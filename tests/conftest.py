"""What every test may use: the project's folder, the trained model, and the rule on skips."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from actions import _wiring
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import ensure_model

PROJECT = Path(__file__).parent.parent

# Machines are shared, so time says nothing here; in CI the same examples come each time.
settings.register_profile(
    "postbote",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("postbote")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, so that `make test` soon has a first answer."""
    items.sort(key=lambda item: sum(item.get_closest_marker(mark) is not None for mark in ("slow", "browser")))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Where POSTBOTE_NO_SKIPS is set (in CI), a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("POSTBOTE_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which POSTBOTE_NO_SKIPS forbids: {report.longrepr}"


@pytest.fixture(autouse=True)
def nothing_provided() -> Iterator[None]:
    """What a test gave to the actions is not there for the next one."""
    yield
    _wiring.provide(None)


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the present sources, trained if there is none."""
    return ensure_model(PROJECT, PROJECT / "models", PROJECT / "data" / "faq", report=print)


@pytest.fixture(scope="session")
def dialogue(model: Path) -> RasaDialogue:
    """The real dialogue engine."""
    return RasaDialogue.load(model)

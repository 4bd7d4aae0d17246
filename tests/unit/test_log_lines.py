"""Nobody writes into the log, or into the terminal that shows it, what we did not."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import configure
from bot.settings import load_settings

FORGED = "/x\n2026-11-24T10:00:00Z [info     ] signed in\r\x1b[2J\x1b]0;owned\x07\u2028\x9b31m\u202e"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Other tests log as they did."""
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.mark.parametrize("shape", ["console", "json"])
def test_one_event_is_one_line(capsys: pytest.CaptureFixture[str], shape: str) -> None:
    """Line ends, commands for terminals and signs that turn the writing round are shown, not done; umlauts stay."""
    logging.getLogger().handlers.clear()
    configure(load_settings(log_format=shape))
    structlog.get_logger(stop="door").warning("größer", path=FORGED)
    logging.getLogger("library").warning("cannot read %s", FORGED)
    lines = capsys.readouterr().err.split("\n")[:-1]
    assert len(lines) == 2
    assert "größer" in lines[0]
    for line in lines:
        assert "signed in" in line
        assert all(sign.isprintable() for sign in line)
        if shape == "json":
            assert json.loads(line)["level"] == "warning"


def test_a_stack_trace_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """For people, who read it; what is in it is escaped nevertheless."""
    configure(load_settings(log_format="console"))
    try:
        raise ValueError("\x1b[2Jcleared")
    except ValueError:
        structlog.get_logger(stop="door").exception("failed")
    told = capsys.readouterr().err
    assert told.count("\n") > 3
    assert "\x1b" not in told

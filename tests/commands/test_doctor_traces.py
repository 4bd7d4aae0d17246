"""`python -m bot doctor` on traces: whether there are any, and whether somebody takes them."""

import asyncio
import socket

import pytest

from bot.commands.checks.model import State
from bot.commands.checks.outside import check_traces
from bot.settings import load_settings
from tests.collector import collecting


def look(traces: str) -> tuple[State, str]:
    """Of its only line."""
    (result,) = asyncio.run(check_traces(load_settings(traces=traces)))
    return result.state, result.text


def test_traces_are_off_or_somebody_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address is named."""
    assert look("off") == (State.OK, "off")
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        assert look("otlp") == (State.OK, f"{collector.url}/v1/traces takes them")


def test_who_does_not_take_them_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than that: customers notice nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{probe.getsockname()[1]}")
        state, text = look("otlp")
    assert state is State.WARNING
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in text

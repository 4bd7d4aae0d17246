"""The spans of several processes join: a gateway's door and a worker's turn are one trace, at a real receiver."""

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest

from tests.collector import Collector, collecting, tree
from tests.scale.fleet import Start
from tests.scale.test_processes import DOOR, QUESTION

pytestmark = pytest.mark.slow


@pytest.fixture
def collector() -> Iterator[Collector]:
    """On loopback."""
    with collecting() as collector:
        yield collector


async def test_a_message_is_one_trace_over_gateway_and_worker(
    start: Start, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is still in memory is handed over at the end; the sampler is the environment's."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    worker = await asyncio.to_thread(start, "worker", traces="otlp")
    gateway = await asyncio.to_thread(start, "gateway", traces="otlp")
    body = {"sender": "anna", "message": QUESTION}
    async with aiohttp.ClientSession() as session, session.post(gateway.url + DOOR, json=body) as response:
        assert "993" in (await response.json())[0]["text"]
    for process in (gateway, worker):
        await asyncio.to_thread(process.stop)
    spans = collector.wait_for(f"POST {DOOR}", "accept", "wait", "turn")
    assert len({span.trace for span in spans}) == 1
    lines = tree(spans)
    assert lines[:3] == [f"POST {DOOR}", "  accept", "    turn"]
    assert {"      understand", "      policies", "      store", "    wait"} <= set(lines)
    roles = {span.name: span.service["postbote.role"] for span in spans}
    assert (roles["accept"], roles["turn"]) == ("gateway", "worker")
    assert {span.service["service.name"] for span in spans} == {"postbote"}
    assert len({span.service["service.instance.id"] for span in spans}) == 2


async def test_a_sampler_that_takes_nothing_is_heeded_everywhere(
    start: Start, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway decides; the worker, which would take everything, follows it."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    worker = await asyncio.to_thread(start, "worker", traces="otlp")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    gateway = await asyncio.to_thread(start, "gateway", traces="otlp")
    body = {"sender": "bert", "message": QUESTION}
    async with aiohttp.ClientSession() as session, session.post(gateway.url + DOOR, json=body) as response:
        assert response.status == 200
    for process in (gateway, worker):
        await asyncio.to_thread(process.stop)
    assert collector.spans == []

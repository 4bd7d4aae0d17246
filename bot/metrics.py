"""The meter for Prometheus: counts in this process, and writes what it counted in Prometheus' text format."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.insight.backlog import Backlog, Backlogs
from bot.meter import Stop

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds: a turn takes milliseconds, a vendor's answer may take half a minute."""
FRESH = 5.0
"""Seconds for which the database is not asked again, however many ask us."""
PATIENCE = 5.0
"""Seconds that it has for an answer; Prometheus gives us 10."""
TYPE = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger(stop="metrics")


@dataclass(frozen=True)
class Present:
    """What is only known when it is asked for."""

    sockets: int
    polls: int
    model: str
    role: str


class Metrics:
    """The port `bot.meter.Meter`; one for each process."""

    def __init__(self, backlogs: Backlogs) -> None:
        self._registry = CollectorRegistry()
        self._backlogs = _Fresh(backlogs)
        self._waiting = _BacklogCollector()
        self._registry.register(self._waiting)
        # Registers itself: memory, processor time, open files.
        ProcessCollector(registry=self._registry)
        self._seconds = self._histogram("postbote_stop_seconds", "Time at a stop of the road.", "stop")
        self._messages = self._counter("postbote_messages", "Customers' messages that were stored.", "channel")
        self._turns = self._counter("postbote_turns", "Turns that were taken.", "decision")
        self._deliveries = self._counter("postbote_deliveries", "Attempts to deliver.", "queue", "outcome")
        self._requests = self._counter("postbote_http_requests", "Requests that were answered.", "method", "status")
        self._swept = self._counter("postbote_retention_rows", "Rows deleted as their time was over.", "kind")
        self._sockets = self._gauge("postbote_sockets", "WebSockets that are open here.")
        self._polls = self._gauge("postbote_polls", "Fetches that wait here for news.")
        self._model = self._gauge("postbote_model_info", "The model in use.", "version")
        self._process = self._gauge("postbote_process_info", "What this process is there for.", "role")
        self._by_stop = {stop: self._seconds.labels(stop) for stop in Stop}
        # To find the counter of some labels takes longer than to count.
        self._message, self._turn = cache(self._messages.labels), cache(self._turns.labels)
        self._delivery, self._request = cache(self._deliveries.labels), cache(self._requests.labels)

    def passed(self, stop: Stop, seconds: float) -> None:
        """See Meter."""
        self._by_stop[stop].observe(seconds)

    def accepted(self, channel: str) -> None:
        """See Meter."""
        self._message(channel).inc()

    def turned(self, decision: str) -> None:
        """See Meter."""
        self._turn(decision).inc()

    def delivered(self, queue: str, outcome: str) -> None:
        """See Meter."""
        self._delivery(queue, outcome).inc()

    def requested(self, method: str, status: int) -> None:
        """See Meter."""
        self._request(method, status).inc()

    def swept(self, kind: str, rows: int) -> None:
        """See Meter."""
        self._swept.labels(kind).inc(rows)

    async def text(self, present: Present) -> bytes:
        """Everything, in the format `TYPE`; also while the database is away, which is then a metric itself."""
        self._waiting.latest = await self._backlogs.get()
        self._sockets.set(present.sockets)
        self._polls.set(present.polls)
        for gauge, value in ((self._model, present.model), (self._process, present.role)):
            gauge.clear()
            gauge.labels(value).set(1)
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(name, text, labels, registry=self._registry, buckets=BUCKETS)


class _Fresh:
    """The backlog as it was some seconds ago at most."""

    def __init__(self, backlogs: Backlogs, clock: Callable[[], float] = time.monotonic) -> None:
        self._backlogs = backlogs
        self._clock = clock
        self._until = 0.0
        self._latest: Backlog | None = None
        self._asking = asyncio.Lock()

    async def get(self) -> Backlog | None:
        """None while the database does not answer."""
        async with self._asking:
            if self._clock() >= self._until:
                self._latest = await self._ask()
                self._until = self._clock() + FRESH
            return self._latest

    async def _ask(self) -> Backlog | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._backlogs.now()
        except Exception as error:  # noqa: BLE001 -- the edge: what the process counted is told all the same
            log.warning("the database does not answer", error=repr(error))
            return None


class _BacklogCollector(Collector):
    """What the database says, as gauges; without a database only that it is away."""

    def __init__(self) -> None:
        self.latest: Backlog | None = None

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """See Collector."""
        yield _family("postbote_database_up", "Whether the database answers.", float(self.latest is not None))
        if self.latest is None:
            return
        yield _family("postbote_waiting_messages", "Messages that wait for their turn.", self.latest.waiting)
        yield _family("postbote_oldest_waiting_seconds", "Age of the oldest of them.", self.latest.oldest_waiting)
        yield _family("postbote_handoffs_waiting", "Customers who wait for a person.", self.latest.handoffs)
        yield _family("postbote_oldest_handoff_seconds", "For how long the first of them.", self.latest.oldest_handoff)
        yield _family("postbote_workers_alive", "Workers that give signs of life.", self.latest.workers)
        ages = GaugeMetricFamily("postbote_oldest_queued_seconds", "Age of the oldest on its way.", labels=["queue"])
        rows = GaugeMetricFamily(
            "postbote_queue_rows", "What is on its way, and what is dead.", labels=["queue", "state"]
        )
        for name, queue in self.latest.queues.items():
            ages.add_metric([name], queue.oldest)
            rows.add_metric([name, "queued"], queue.queued)
            rows.add_metric([name, "dead"], queue.dead)
        yield from (ages, rows)


def _family(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)

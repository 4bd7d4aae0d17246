"""
The tracer for OpenTelemetry: spans by OTLP over HTTP, set up by OpenTelemetry's own variables.

Needs the extra `otel`, and is imported only where POSTBOTE_TRACES asks for it (bot.wiring.tracer). Of an error only its
name is told: what it says may hold what a customer wrote, and stands masked in the log, whose lines name the trace.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from threading import Thread
from typing import Self
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bot.tracing import CURRENT, NOTHING, About, Kind, Span

KINDS = {kind: trace.SpanKind[kind.name] for kind in Kind}
PATIENCE = 5.0
"""Seconds that the collector has for what is still here when the process ends."""
_propagator = TraceContextTextMapPropagator()


class OtelSpan:
    """The port `bot.tracing.Span`."""

    def __init__(self, tracer: "OtelTracer", span: trace.Span) -> None:
        self._tracer = tracer
        self._span = span

    @property
    def traceparent(self) -> str:
        """See Span."""
        carrier: dict[str, str] = {}
        _propagator.inject(carrier, trace.set_span_in_context(self._span))
        return carrier["traceparent"]

    def tell(self, about: About) -> None:
        """See Span."""
        self._span.set_attributes(about)

    def fail(self, what: str) -> None:
        """See Span."""
        self._span.set_attribute("error.type", what)
        self._span.set_status(trace.StatusCode.ERROR)

    def part(self, name: str, kind: Kind, about: About) -> AbstractContextManager[Span]:
        """See Span."""
        return self._tracer.go(name, kind, about, trace.set_span_in_context(self._span))


class OtelTracer:
    """The port `bot.tracing.Tracer`; one for each process."""

    def __init__(self, role: str, processor: SpanProcessor) -> None:
        """`role`: what the process is there for."""
        self._provider = TracerProvider(resource=_resource(role), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("postbote")

    @classmethod
    def by_otlp(cls, role: str) -> Self:
        """To the collector of OTEL_EXPORTER_OTLP_ENDPOINT; sampled as OTEL_TRACES_SAMPLER says."""
        return cls(role, BatchSpanProcessor(OTLPSpanExporter()))

    def begin(
        self, name: str, kind: Kind, about: About = NOTHING, *, parent: str | None = None
    ) -> AbstractContextManager[Span]:
        """See Tracer."""
        return self.go(name, kind, about, _context(parent))

    def waited(self, name: str, since: datetime, parent: str | None) -> None:
        """See Tracer."""
        if parent:
            start = int(since.timestamp() * 1_000_000_000)
            self._tracer.start_span(name, _context(parent), start_time=start).end()

    def close(self) -> None:
        """See Tracer."""
        # OpenTelemetry's own end waits for a collector that is away for longer than an orchestrator waits for us.
        ending = Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(PATIENCE)

    @contextmanager
    def go(self, name: str, kind: Kind, about: About, context: Context) -> Iterator[OtelSpan]:
        """A span within a context of OpenTelemetry's; for our own spans."""
        started = self._tracer.start_as_current_span(
            name, context, KINDS[kind], about, record_exception=False, set_status_on_exception=False
        )
        with started as raw:
            span = OtelSpan(self, raw)
            token = CURRENT.set(span)
            try:
                yield span
            except Exception as error:
                span.fail(type(error).__name__)
                raise
            finally:
                CURRENT.reset(token)


def endpoint() -> str:
    """Where spans go, as https://opentelemetry.io/docs/specs/otel/protocol/exporter/ has it."""
    base = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")
    full = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{base.rstrip('/')}/v1/traces")
    parts = urlsplit(full)
    # Without a user's name and password.
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def try_collector() -> bool:
    """Whether the collector takes spans, of which it gets none; asks for some seconds at most, and blocks."""
    exporter = OTLPSpanExporter(timeout=3)
    try:
        return exporter.export(()) is SpanExportResult.SUCCESS
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call]  # OpenTelemetry's own


def _context(parent: str | None) -> Context:
    """Never the one that is under way here: what a task was begun in is not what it works on."""
    return _propagator.extract({"traceparent": parent}, Context()) if parent else Context()


def _resource(role: str) -> Resource:
    """What the process is; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win."""
    ours = Resource({"service.name": "postbote", "service.instance.id": secrets.token_hex(8), "postbote.role": role})
    return Resource.create().merge(ours).merge(OTELResourceDetector().detect())

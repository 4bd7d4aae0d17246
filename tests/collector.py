"""What a test knows of spans: as OpenTelemetry's memory has them, or as a collector gets them over OTLP."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest

MISSING = "The extra otel is missing (make otel)"
pytest.importorskip("opentelemetry.sdk", reason=MISSING)
pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason=MISSING)

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: E402 -- only where it is installed
    ExportTraceServiceRequest,
)
from opentelemetry.sdk.trace import ReadableSpan  # noqa: E402 -- as above
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402 -- as above
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402 -- as above

from bot.otel import OtelTracer  # noqa: E402 -- as above


@dataclass(frozen=True)
class Drawn:
    """A span, wherever it was seen."""

    name: str
    id: str
    parent: str
    trace: str
    kind: str
    about: dict[str, Any] = field(compare=False)
    """Attributes."""
    error: str | None
    service: dict[str, Any] = field(compare=False)
    """Attributes of the process."""

    @classmethod
    def of(cls, span: ReadableSpan) -> Self:
        """As the SDK has it."""
        about = dict(span.attributes or {})
        return cls(
            name=span.name,
            id=f"{span.context.span_id:016x}",
            parent=f"{span.parent.span_id:016x}" if span.parent else "",
            trace=f"{span.context.trace_id:032x}",
            kind=span.kind.name.lower(),
            about=about,
            error=str(about.get("error.type")) if span.status.status_code.name == "ERROR" else None,
            service=dict(span.resource.attributes),
        )

    @classmethod
    def read(cls, span: Any, service: dict[str, Any]) -> Self:
        """As OTLP has it."""
        about = _values(span.attributes)
        return cls(
            name=span.name,
            id=span.span_id.hex(),
            parent=span.parent_span_id.hex(),
            trace=span.trace_id.hex(),
            kind=str(span.SpanKind.Name(span.kind)).removeprefix("SPAN_KIND_").lower(),
            about=about,
            error=str(about.get("error.type")) if span.status.code == span.status.STATUS_CODE_ERROR else None,
            service=service,
        )


class Memory:
    """A tracer, and what it drew."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracer = OtelTracer("run", SimpleSpanProcessor(self._exporter))

    @property
    def spans(self) -> list[Drawn]:
        """Those that are over."""
        return [Drawn.of(span) for span in self._exporter.get_finished_spans()]

    def everything(self) -> str:
        """All that a collector would see."""
        return "\n".join(span.to_json() for span in self._exporter.get_finished_spans())


def tree(spans: Sequence[Drawn]) -> list[str]:
    """One line for each, indented under its parent, in the order of names."""

    def lines(parent: str, depth: int) -> Iterator[str]:
        for span in sorted((each for each in spans if each.parent == parent), key=lambda each: each.name):
            yield "  " * depth + span.name
            yield from lines(span.id, depth + 1)

    return list(lines("", 0))


class Collector:
    """A receiver of OTLP over HTTP on loopback."""

    def __init__(self) -> None:
        self.spans: list[Drawn] = []
        self.url = ""
        self._came = threading.Condition()

    def take(self, body: bytes) -> None:
        """Of one request."""
        asked = ExportTraceServiceRequest.FromString(body)
        with self._came:
            for each in asked.resource_spans:
                service = _values(each.resource.attributes)
                for scope in each.scope_spans:
                    self.spans += [Drawn.read(span, service) for span in scope.spans]
            self._came.notify_all()

    def wait_for(self, *names: str) -> list[Drawn]:
        """All spans, as soon as there is one of each name."""
        with self._came:
            arrived = self._came.wait_for(lambda: set(names) <= {span.name for span in self.spans}, timeout=30)
            assert arrived, f"Of {names}, there are {[span.name for span in self.spans]}."
            return list(self.spans)


@contextmanager
def collecting() -> Iterator[Collector]:
    """While it runs."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found = self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
            if found:
                collector.take(body)
            self.send_response(200 if found else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}

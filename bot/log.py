"""Logs with the ids of conversation and message on every line, for people or for machines; without personal data."""

import logging
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

from bot.masking import mask
from bot.settings import Settings
from bot.tracing import trace_id_of, traceparent

OURS = frozenset({"conversation", "level", "stop", "timestamp", "trace_id"})
"""Keys whose values are made here, of nothing that a customer wrote."""
SEVERAL_LINES = frozenset({"exception", "stack"})


def configure(settings: Settings) -> None:
    """Send the log to stderr, as the settings say; call it once, before the first line."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        name_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, mask_personal, escape, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unbreakable(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_handler(shared, render)])


def name_trace(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A processor: the line says which trace it belongs to, where there are traces."""
    if here := trace_id_of(traceparent()):
        event["trace_id"] = here
    return event


class Unbreakable:
    """A stream whose end may be full, or gone: a line of the log is then lost, and no turn fails for it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def mask_personal(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A processor: no value of the line holds an e-mail address, a telephone number or a code."""
    for key, value in event.items():
        if key not in OURS:
            event[key] = _masked(value)
    return event


def escape(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A processor: nobody writes lines of their own into the log, or commands for the terminal that shows it."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            kept = "\n\t" if key in SEVERAL_LINES else ""
            event[key] = "".join(sign if sign.isprintable() or sign in kept else _escaped(sign) for sign in value)
    return event


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def tell(line: str) -> None:
    """Progress, for whoever waits at the terminal: on stderr, as stdout is for results; or a line of the log."""
    if isinstance(structlog.get_config()["processors"][-1], structlog.processors.JSONRenderer):
        structlog.get_logger(stop="start").info(line)
    else:
        print(line, file=sys.stderr, flush=True)


def _masked(value: Any) -> Any:
    match value:
        case str():
            return mask(value)
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {key: _masked(each) for key, each in value.items()}
        case list() | tuple():
            return [_masked(each) for each in value]
    # What the renderer would write of it.
    return mask(repr(value))


def _handler(shared: list[Processor], render: Processor) -> logging.Handler:
    """For libraries, which log by `logging`: their lines look like ours."""
    handler = logging.StreamHandler(sys.stderr)
    own = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask_personal, escape, render]
    named = [*shared, structlog.stdlib.add_logger_name]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=own, foreign_pre_chain=named))
    return handler

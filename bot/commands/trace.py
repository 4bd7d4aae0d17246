"""The road of one conversation: messages, decisions, deliveries, tickets, people; personal data on demand only."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.clock import now
from bot.insight.trace import Detail, Trace, shown
from bot.settings import Settings, load_settings
from bot.store.audit import SqlAudit
from bot.store.choose import open_database
from bot.store.trace import SqlTraces

SOURCE = "command line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The conversation, `--show`, `--json`."""
    parser.add_argument("conversation", help="its id, as in logs and the desk's address; or channel:address")
    parser.add_argument("--show", action="store_true", help="personal data too; the audit log remembers it")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Print it. Raises UnknownTraceError."""
    trace = asyncio.run(_read(args, load_settings()))
    if args.json:
        print(json.dumps(_as_json(trace, plainly=args.show), ensure_ascii=False, indent=2))
    else:
        _print(trace, plainly=args.show)
    return 0


async def _read(args: argparse.Namespace, settings: Settings) -> Trace:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        trace = await SqlTraces(database).get(args.conversation)
        if args.show:
            await SqlAudit(database, now).record(None, "trace", conversation=trace.id, source=SOURCE)
        return trace
    finally:
        await database.close()


def _as_json(trace: Trace, *, plainly: bool) -> dict[str, Any]:
    return {
        "conversation": trace.id,
        **_plain(trace.facts, plainly=plainly),
        "steps": [
            {
                "at": step.at.isoformat() if step.at else None,
                "stop": step.stop,
                "what": step.what,
                **_plain(step.details, plainly=plainly),
            }
            for step in trace.steps
        ],
    }


def _print(trace: Trace, *, plainly: bool) -> None:
    print(f"conversation {trace.id}  {_line(trace.facts, plainly=plainly)}")
    for step in trace.steps:
        print(f"{_time(step.at):23}  {step.stop:8} {step.what}  {_line(step.details, plainly=plainly)}".rstrip())


def _line(details: Mapping[str, Detail], *, plainly: bool) -> str:
    told = {key: value for key, value in _plain(details, plainly=plainly).items() if value not in (None, "", 0, False)}
    return "  ".join(f"{key}={_short(value)}" for key, value in told.items())


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) and "\n" in value else str(value)


def _plain(details: Mapping[str, Detail], *, plainly: bool) -> dict[str, Any]:
    return {key: shown(detail, plainly=plainly) for key, detail in details.items()}


def _time(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00") if at else "to come"

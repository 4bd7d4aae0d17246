"""How many values of restore messages are extracted: mailbox, point in time, scope."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.understanding.data import QUALITY
from bot.tickets.contacts import mailbox_in
from bot.tickets.moments import Moment, read_moment
from bot.tickets.reading import Folder, Whole, folder_in

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
RETENTION = timedelta(days=30)


def measure() -> dict[str, tuple[int, int]]:
    """For each kind of value: how many of the labelled ones are read rightly, and how many there are."""
    right, count = Counter[str](), Counter[str]()
    for line in (QUALITY / "restore.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found = _read(row["text"])
        for kind in ("mailbox", "point", "scope"):
            if kind in row:
                count[kind] += 1
                right[kind] += _same(found[kind], row[kind])
            elif found[kind] is not None:
                count[f"{kind} where none is"] += 1
    return {kind: (right[kind], count[kind]) for kind in count}


def _read(text: str) -> dict[str, Any]:
    moment = read_moment(text, NOW, RETENTION, ())
    match folder_in(text):
        case Whole():
            scope: str | None = ""
        case Folder(name):
            scope = name
        case _:
            scope = None
    point = f"{moment.at:%Y-%m-%dT%H:%M}" if isinstance(moment, Moment) else None
    return {"mailbox": mailbox_in(text), "point": point, "scope": scope}


def _same(found: str | None, wanted: str) -> bool:
    return found is not None and found.casefold() == wanted.casefold()

"""
What faults do to conversations: a table of what was accepted, answered, lost, doubled, and how soon all was well again.

Every fault strikes in the middle of 200 conversations, with the same seed each time, on processes of their own. Writes
the table into benchmarks/README.md, and fails if anything was lost or doubled. Takes root: a small disk is mounted.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from benchmarks.marked import CHAOS, README, write_marked
from benchmarks.table import measured_by
from tests.scale import scenarios
from tests.scale.scenarios import HOUR, Outcome, Size

Scenario = Callable[[Size], Awaitable[Outcome]]
ON_SQLITE = {"stages": partial(scenarios.on_sqlite, proof_minutes="180")}
SCENARIOS: dict[str, Scenario] = {
    "a worker is killed": scenarios.worker_killed,
    "a gateway is killed": scenarios.gateway_killed,
    "PostgreSQL is restarted": scenarios.postgres_restarted,
    "PostgreSQL's disk is full": scenarios.postgres_full,
    "the ticket system is gone": scenarios.tickets_gone,
    "the mail platform is gone": scenarios.platform_gone,
    "clocks jump an hour ahead, and back": partial(scenarios.clocks_jumped, seconds=HOUR),
    "clocks jump an hour back, and ahead": partial(scenarios.clocks_jumped, seconds=-HOUR),
    "one process on SQLite is killed": scenarios.killed,
    "its disk is full": scenarios.sqlite_full,
    "its clock jumps an hour ahead, and back": partial(scenarios.clocks_jumped, seconds=HOUR, **ON_SQLITE),
    "its clock jumps an hour back, and ahead": partial(scenarios.clocks_jumped, seconds=-HOUR, **ON_SQLITE),
}
HEAD = (
    "| fault | accepted | answered | lost | doubled | tried again | first answer, s | last late answer, s | |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---|"
)


def parse_arguments() -> argparse.Namespace:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200, help="in each row")
    parser.add_argument("--messages", type=int, default=8, help="of each conversation")
    parser.add_argument("--outage", type=float, default=10, help="seconds that a fault lasts")
    parser.add_argument("--only", nargs="*", default=list(SCENARIOS), help="rows by their names or parts of them")
    parser.add_argument("--dry", action="store_true", help="write nothing into benchmarks/README.md")
    return parser.parse_args()


def main() -> int:
    """See the module."""
    args = parse_arguments()
    size = Size(conversations=args.conversations, messages=args.messages, outage=args.outage)
    chosen = {name: play for name, play in SCENARIOS.items() if any(part in name for part in args.only)}
    rows, faults = [], []
    for name, play in chosen.items():
        print(f"{name} …", flush=True)
        row, found = _play(name, play, size)
        print(row, *found[:20], sep="\n", flush=True)
        rows.append(row)
        faults += found
    told = f"{measured_by('chaos')} {size.conversations} conversations each."
    if not args.dry:
        write_marked(README, CHAOS, "\n".join([told, "", HEAD, *rows]))
    return 1 if faults else 0


def _play(name: str, play: Scenario, size: Size) -> tuple[str, list[str]]:
    if reason := scenarios.why_not(getattr(play, "func", play)):
        return f"| {name} | | | | | | | | not played: {reason} |", []
    outcome = asyncio.run(play(size))
    audit = outcome.audit
    remarks = [
        *outcome.remarks,
        *([f"{len(audit.wrong)} wrong, {len(audit.disordered)} out of order"] * bool(_odd(audit))),
    ]
    numbers = (audit.accepted, audit.answered, len(audit.lost), len(audit.doubled), outcome.refused)
    cells = [*(f"{number:,}" for number in numbers), _seconds(outcome.first), _seconds(outcome.last)]
    return f"| {name} | {' | '.join(cells)} | {'; '.join(remarks)} |", audit.faults


def _odd(audit: scenarios.Audit) -> int:
    return len(audit.wrong) + len(audit.disordered)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


if __name__ == "__main__":
    raise SystemExit(main())

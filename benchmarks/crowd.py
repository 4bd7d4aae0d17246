"""
A crowd at two gateways, two workers and PostgreSQL: is each message answered, once, in order, and how soon?

Each customer waits for the answer, thinks, and goes on; half by REST, half by the widget's WebSocket, at both gateways.
All on one machine, the customers too. Writes the figures into benchmarks/README.md, and fails if anything was amiss.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.marked import LOAD, README, write_marked
from benchmarks.processes import Usage, usages
from benchmarks.table import measured_by
from tests.contract.postgres import Postgres, running_postgres
from tests.scale.customers import EVERY_OTHER, opened, questions
from tests.scale.fleet import Fleet, starting, two_of_each
from tests.scale.ledger import Audit, Ledger, Line

SEED = 7
PERCENTS = (50, 95, 99)


def parse_arguments() -> argparse.Namespace:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="for which customers begin to say something")
    parser.add_argument("--conversations", type=int, default=1000, help="at once")
    parser.add_argument(
        "--think", type=float, nargs=2, default=(13, 23), metavar=("FROM", "TO"), help="seconds after each answer"
    )
    parser.add_argument("--dry", action="store_true", help="write nothing into benchmarks/README.md")
    return parser.parse_args()


def main() -> int:
    """See the module."""
    args = parse_arguments()
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = postgres.create_database("crowd")
        fleet = two_of_each(stack.enter_context(starting(url, folder)))
        print(f"{args.conversations:,} conversations for {args.minutes:g} minutes …", flush=True)
        talk = asyncio.run(_talk(fleet, postgres, args))
        audit = asyncio.run(talk.ledger.audit(url))
        logged = "".join(file.read_text("utf-8") for file in sorted(folder.glob("*.log")))
    report = f"{measured_by('load')}\n\n{_figures(talk, audit, args)}\n\n{_processes(talk)}"
    print(report)
    problems = [*audit.faults, *(f"refused: {reason}, {n} times" for reason, n in talk.ledger.refusals.items())]
    print(*problems[:50], logged[-5000:], sep="\n")
    if not args.dry:
        write_marked(README, LOAD, report)
    return 1 if problems else 0


@dataclass(frozen=True)
class Talk:
    """What was said, and what it took from when every conversation had, on average, its first answer."""

    ledger: Ledger
    seconds: float
    before: Mapping[str, Usage]
    after: Mapping[str, Usage]


async def _talk(fleet: Fleet, postgres: Postgres, args: argparse.Namespace) -> Talk:
    ledger = Ledger()
    pids = _pids(fleet, postgres)
    end = time.monotonic() + 60 * args.minutes
    async with opened(fleet.doors, ledger, tuple(args.think)) as door:
        customers = [EVERY_OTHER[n % len(EVERY_OTHER)](door, n, SEED) for n in range(args.conversations)]
        talking = [
            asyncio.create_task(customer.talk(questions(customer.chance), lambda: time.monotonic() < end))
            for customer in customers
        ]
        await ledger.has(args.conversations)
        began, before = time.monotonic(), usages(pids)
        await asyncio.sleep(end - time.monotonic())
        seconds, after = time.monotonic() - began, usages(pids)
        await asyncio.gather(*talking)
        await asyncio.gather(*(customer.close() for customer in customers))
    return Talk(ledger, seconds, before, after)


def _pids(fleet: Fleet, postgres: Postgres) -> dict[str, int]:
    kinds = {"gateway": fleet.gateways, "worker": fleet.workers}
    ours = {f"{kind} {n}": server.pid for kind, servers in kinds.items() for n, server in enumerate(servers, 1)}
    return ours | {"PostgreSQL": postgres.pid, "the customers": os.getpid()}


def _figures(talk: Talk, audit: Audit, args: argparse.Namespace) -> str:
    lines, think = talk.ledger.lines, "–".join(f"{each:g}" for each in args.think)
    kinds = {"REST": "rest", "WebSocket": "socket"}
    rows = [
        ("conversations at once, REST and WebSocket", f"{args.conversations:,}"),
        ("minutes", f"{args.minutes:g}"),
        ("thinking after an answer, s", think),
        ("messages", f"{len(lines):,}"),
        ("messages a second", f"{len(lines) / (60 * args.minutes):.1f}"),
        ("accepted, answered", f"{audit.accepted:,}, {audit.answered:,}"),
        ("errors", str(talk.ledger.refusals.total() + len(audit.wrong))),
        ("lost, doubled, out of order", f"{len(audit.lost)}, {len(audit.doubled)}, {len(audit.disordered)}"),
        *(
            (f"{kind}: p50, p95, p99, ms", _percentiles([line for line in lines if line.id.startswith(prefix)]))
            for kind, prefix in kinds.items()
        ),
    ]
    return "\n".join(["| | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)])


def _percentiles(lines: Sequence[Line]) -> str:
    times = [1000 * (line.answered - line.began) for line in lines if line.answered is not None]
    found = statistics.quantiles(times, n=100, method="inclusive")
    return ", ".join(f"{found[percent - 1]:.0f}" for percent in PERCENTS)


def _processes(talk: Talk) -> str:
    rows = [
        f"| {name} | {100 * (talk.after[name].cpu - begun.cpu) / talk.seconds:.0f} "
        f"| {begun.memory:.0f} | {talk.after[name].memory:.0f} |"
        for name, begun in talk.before.items()
    ]
    return "\n".join(["| process | CPU, % of a core | memory before, MB | after |", "|---|---:|---:|---:|", *rows])


if __name__ == "__main__":
    raise SystemExit(main())

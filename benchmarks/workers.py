"""One gateway and one worker on PostgreSQL, then one gateway and two: what a message costs, what the second adds."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.load import load
from benchmarks.table import COST_OF_WORKERS, GAIN_OF_WORKERS, Row
from tests.contract.postgres import Postgres, running_postgres, why_no_postgres
from tests.scale.fleet import starting

CLIENTS = 16


@dataclass(frozen=True)
class Cost:
    """Of a run of load: messages a second, and milliseconds of the processor for a message, by who spent them."""

    throughput: float
    gateway: float
    workers: float
    postgres: float

    @property
    def processor(self) -> float:
        """Of all together."""
        return self.gateway + self.workers + self.postgres


def measure_workers(texts: Sequence[str], count: int) -> Row:
    """What `count` messages cost with each; nothing where PostgreSQL is missing."""
    if reason := why_no_postgres():
        print(f"Workers are not measured: {reason}.", flush=True)
        return {}
    row: Row = {}
    costs = []
    with running_postgres() as postgres:
        for workers in (1, 2):
            print(f"PostgreSQL, {workers} worker(s) …", flush=True)
            cost = _cost(postgres, workers, texts, count)
            costs.append(cost)
            name = f"PostgreSQL, gateway and {workers} worker{'s' if workers > 1 else ''}"
            row[f"{name}: messages a second"] = cost.throughput
            row[f"{name}: processor for a message, ms"] = cost.processor
            for part in ("gateway", "workers", "postgres"):
                row[f"{name}: of it {part}, ms"] = getattr(cost, part)
    row[GAIN_OF_WORKERS] = costs[1].throughput / costs[0].throughput
    row[COST_OF_WORKERS] = costs[1].processor / costs[0].processor
    return row


def _cost(postgres: Postgres, workers: int, texts: Sequence[str], count: int) -> Cost:
    url = postgres.create_database(f"workers{workers}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start = stack.enter_context(starting(url, folder))
        working = [start("worker") for _ in range(workers)]
        gateway = start("gateway")
        asyncio.run(load(gateway.url, texts, clients=CLIENTS, messages=200, name="warm"))

        def spent() -> NDArray[np.float64]:
            each = (_spent(gateway.pid), sum(_spent(worker.pid) for worker in working), _spent(postgres.pid))
            return np.array(each) * 1000 / count

        before = spent()
        throughput = asyncio.run(load(gateway.url, texts, clients=CLIENTS, messages=count, name="workers")).throughput
        return Cost(throughput, *(spent() - before).tolist())


def _spent(pid: int) -> float:
    """Seconds of the processor, of a process and its children, those that ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    # See proc(5): utime, stime, cutime, cstime.
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_spent(int(child)) for child in children)

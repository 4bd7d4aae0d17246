"""Speed and memory of one trained system, by what it answers to customers."""

import asyncio
import statistics
from collections.abc import Sequence

from benchmarks.load import converse, load
from benchmarks.systems import Running, System, running
from benchmarks.table import GROWTH_OF_TURNS, Row

WARM_UP = 50
SETTLED = 2000
"""Messages until everything is loaded that is loaded on demand; from then on memory is not to grow."""


def measure(system: System, texts: Sequence[str], count: int) -> Row:
    """Everything about a system; `count` messages in each run of load."""
    row: Row = {}
    print(f"{system.name}: starting …", flush=True)
    with running(system) as server:
        row["start to first answer, s"] = server.seconds_to_first_answer
        asyncio.run(_speak(server, texts, count, row))
        row["memory, MB"] = server.memory()
    return row


async def _speak(server: Running, texts: Sequence[str], count: int, row: Row) -> None:
    await load(server.url, texts, clients=1, messages=WARM_UP, name="warm")
    for clients in (1, 8):
        print(f"  {clients} client(s) …", flush=True)
        run = await load(server.url, texts, clients=clients, messages=count, name=f"c{clients}")
        word = "client" if clients == 1 else "clients"
        row |= {f"{clients} {word}: p{percent}, ms": run.percentile(percent) for percent in (50, 95, 99)}
        row[f"{clients} {word}: messages a second"] = run.throughput
    print("  a conversation of 300 turns …", flush=True)
    turns = await converse(server.url, "long", texts, 305)
    # Around the turn, because single turns differ by what is asked.
    third, last = statistics.median(turns[:10]), statistics.median(turns[294:])
    row["message at turn 3, ms (median of 1-10)"] = third
    row["message at turn 300, ms (median of 295-305)"] = last
    row[GROWTH_OF_TURNS] = last / third


def measure_growth(system: System, texts: Sequence[str], count: int) -> Row:
    """What `count` messages in ever new conversations leave in memory."""
    print(f"{system.name}: {count:,} messages …", flush=True)
    with running(system) as server:
        asyncio.run(load(server.url, texts, clients=8, messages=SETTLED, name="before"))
        before = server.memory()
        asyncio.run(load(server.url, texts, clients=8, messages=count, name="then"))
        after = server.memory()
    return {f"memory after {count:,} messages more, in all, MB": after, "memory grew, %": (after / before - 1) * 100}

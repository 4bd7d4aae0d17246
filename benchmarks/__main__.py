"""
Measure Postbote and vanilla Rasa side by side in one run, and write the table into benchmarks/README.md.

Same machine, same FAQ, same messages, one after the other; read the ratios, not the times.
"""

import argparse
import asyncio
import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.load import converse, load
from benchmarks.material import messages
from benchmarks.systems import PROJECT, WORK, Running, System, postbote, running, train, vanilla
from benchmarks.vanilla_project import write_project

MARK = "<!-- measured -->"
Row = dict[str, float]


def trained(system: System) -> Row:
    """What its training took."""
    print(f"{system.name}: training …", flush=True)
    return {"training, s": train(system)}


def measure(system: System, texts: Sequence[str], count: int) -> Row:
    """Everything about one trained system, named as in the table."""
    row: Row = {}
    print(f"{system.name}: starting …", flush=True)
    with running(system) as server:
        row["start to first answer, s"] = server.seconds_to_first_answer
        asyncio.run(_speak(server, texts, count, row))
        row["memory after it all, MB"] = server.memory()
    return row


async def _speak(server: Running, texts: Sequence[str], count: int, row: Row) -> None:
    await load(server.url, texts, clients=1, messages=50, name="warm")
    for clients in (1, 8):
        print(f"  {clients} client(s) …", flush=True)
        run = await load(server.url, texts, clients=clients, messages=count, name=f"c{clients}")
        word = "client" if clients == 1 else "clients"
        row |= {f"{clients} {word}: p{percent}, ms": run.percentile(percent) for percent in (50, 95, 99)}
        row[f"{clients} {word}: messages a second"] = run.throughput
    print("  a conversation of 300 turns …", flush=True)
    turns = await converse(server.url, "long", texts, 305)
    # Around the turn, because single turns differ by what is asked.
    row["message at turn 3, ms (median of 1-10)"] = statistics.median(turns[:10])
    row["message at turn 300, ms (median of 295-305)"] = statistics.median(turns[294:])


def table(ours: Row, theirs: Row) -> str:
    """Markdown; the ratio is how many times better ours is."""
    lines = ["| | Postbote | Rasa, default pipeline | ratio |", "|---|---:|---:|---:|"]
    for name, value in ours.items():
        ratio = value / theirs[name] if "a second" in name else theirs[name] / value
        lines.append(f"| {name} | {value:,.1f} | {theirs[name]:,.1f} | {ratio:.1f} × |")
    return "\n".join(lines)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--vanilla", type=Path, default=Path(".venv-vanilla"), help="environment of vanilla Rasa")
    parser.add_argument("--messages", type=int, default=800, help="messages in each run of load")
    args = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    texts = messages()
    write_project(PROJECT, WORK / "vanilla")
    systems = (postbote(), vanilla(args.vanilla.resolve()))
    trainings = [trained(system) for system in systems]
    # One right after the other, so that both meet the machine in the same state.
    rows = [measure(system, texts, args.messages) for system in systems]
    ours, theirs = (training | row for training, row in zip(trainings, rows, strict=True))
    measured = table(ours, theirs)
    print(measured)
    readme = PROJECT / "benchmarks" / "README.md"
    before, _, rest = readme.read_text("utf-8").partition(MARK)
    after = rest.partition(MARK)[2]
    machine = f"Measured by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}."
    readme.write_text(f"{before}{MARK}\n{machine}\n\n{measured}\n{MARK}{after}", "utf-8")


if __name__ == "__main__":
    main()

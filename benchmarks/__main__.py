"""
Measure Postbote and vanilla Rasa side by side in one run, and write the table into benchmarks/README.md.

Same machine, same FAQ, same messages, one after the other; read the ratios, not the times.
"""

import argparse
import json
from pathlib import Path

from benchmarks import capacity
from benchmarks.marked import MEASURED, README, write_marked
from benchmarks.material import messages
from benchmarks.scale import measure_change, measure_faqs
from benchmarks.systems import PROJECT, WORK, System, postbote, train, vanilla
from benchmarks.table import Row, measured_by, table
from benchmarks.talk import measure, measure_growth
from benchmarks.vanilla_project import write_project
from benchmarks.workers import measure_workers

TRAINED = WORK / "trained.json"
"""Seconds of each system's last training, by its name: `--again` needs no more, beside vanilla Rasa's model."""


def parse_arguments() -> argparse.Namespace:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--vanilla", type=Path, default=Path(".venv-vanilla"), help="environment of vanilla Rasa")
    parser.add_argument("--messages", type=int, default=800, help="messages in each run of load")
    parser.add_argument("--growth", type=int, default=10_000, help="messages after which memory is looked at again")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 100, 1000, 5000], help="entries of the large FAQs")
    parser.add_argument(
        "--again", action="store_true", help=f"with the last run's model of vanilla Rasa, and its time ({TRAINED.name})"
    )
    parser.add_argument("--only", choices=["ours"], help="measure Postbote alone, and write nothing")
    return parser.parse_args()


def main() -> None:
    """See the module."""
    args = parse_arguments()
    WORK.mkdir(parents=True, exist_ok=True)
    systems = [postbote()] if args.only else [postbote(), vanilla(args.vanilla.resolve())]
    trainings = [_trained(system, again=args.again) for system in systems]
    texts = messages()
    # One right after the other, so that both meet the machine in the same state.
    rows = [measure(system, texts, args.messages) for system in systems]
    ours, *theirs = (training | row for training, row in zip(trainings, rows, strict=True))
    ours |= measure_workers(texts, args.messages)
    ours |= measure_growth(systems[0], texts, args.growth) if args.growth else {}
    ours |= measure_change() | measure_faqs(args.sizes)
    measured = table(ours, theirs[0] if theirs else {})
    print(measured)
    if not args.only:
        _write(measured)


def _trained(system: System, *, again: bool) -> Row:
    """What its training took."""
    times: dict[str, float] = json.loads(TRAINED.read_text("utf-8")) if TRAINED.exists() else {}
    ours = system.folder == PROJECT
    if ours or not (again and system.name in times):
        print(f"{system.name}: training …", flush=True)
        if not ours:
            write_project(PROJECT, system.folder)
        times[system.name] = train(system)
        TRAINED.write_text(json.dumps(times, indent=2), "utf-8")
    return {"training, s": times[system.name]}


def _write(measured: str) -> None:
    write_marked(README, MEASURED, f"{measured_by('bench')}\n\n{measured}")
    # The page of arithmetic is made of these figures.
    capacity.write()


if __name__ == "__main__":
    main()

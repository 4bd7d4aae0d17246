"""The table: every figure, vanilla Rasa's beside it, and what we aim at."""

import operator
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Row = dict[str, float]
"""Figures by their names in the table."""
GROWTH_OF_TURNS = "turn 300 to turn 3, ratio"
GROWTH_OF_ANSWERS = "answer with 1,000 entries to one with 10, ratio"
GAIN_OF_WORKERS = "2 workers to 1, ratio"
COST_OF_WORKERS = "processor for a message, 2 workers to 1, ratio"
HIGHER_IS_BETTER = ("a second", "right")
PLAIN = ("right", "ratio", "grew", "in all")
"""Figures that are not compared with vanilla Rasa's as times."""


@dataclass(frozen=True)
class Aim:
    """Of the product; either a figure of its own, or how many times better than vanilla Rasa it is to be."""

    limit: float
    is_ratio: bool = False
    is_least: bool = False
    """Our own figure is to be at least that."""

    def __str__(self) -> str:
        if self.is_least:
            return f"≥ {self.limit:g}"
        return f"≥ {self.limit:g} ×" if self.is_ratio else f"≤ {self.limit:g}"

    def is_met(self, ours: float, ratio: float | None) -> bool | None:
        """None where there is nothing to compare with."""
        if self.is_ratio:
            return None if ratio is None else ratio >= self.limit
        return ours >= self.limit if self.is_least else ours <= self.limit


AIMS: Mapping[str, Aim] = {
    "training, s": Aim(6),
    "training of 1,000 entries, s": Aim(45),
    "training after one changed entry, s": Aim(6),
    "start to first answer, s": Aim(4),
    "1 client: p95, ms": Aim(10),
    "1 client: messages a second": Aim(10, is_ratio=True),
    "8 clients: p99, ms": Aim(60),
    "8 clients: messages a second": Aim(10, is_ratio=True),
    GROWTH_OF_TURNS: Aim(1.2),
    GROWTH_OF_ANSWERS: Aim(2),
    GAIN_OF_WORKERS: Aim(1.7, is_least=True),
    COST_OF_WORKERS: Aim(1.1),
    "memory, MB": Aim(320),
    "memory grew, %": Aim(5),
}


def measured_by(target: str) -> str:
    """The machine, above a table that a target of make has written."""
    return f"Measured by `make {target}` on {os.cpu_count()} cores, Python {platform.python_version()}."


def table(ours: Row, theirs: Row) -> str:
    """Markdown; the ratio is how many times better ours is."""
    lines = ["| | Postbote | Rasa, default pipeline | ratio | aim | |", "|---|---:|---:|---:|---:|---|"]
    return "\n".join([*lines, *(_line(name, value, theirs.get(name)) for name, value in ours.items())])


def _line(name: str, value: float, other: float | None) -> str:
    ratio = None
    if other is not None and not any(word in name for word in PLAIN):
        better: Callable[[float, float], float] = operator.truediv
        ratio = better(value, other) if any(word in name for word in HIGHER_IS_BETTER) else better(other, value)
    aim = AIMS.get(name)
    met = aim.is_met(value, ratio) if aim else None
    verdict = "" if met is None else "met" if met else "missed"
    digits = 2 if "ratio" in name else 1
    numbers = (_number(value, digits), _number(other, digits), _number(ratio, 1, " ×"))
    return f"| {name} | {' | '.join((*numbers, str(aim or ''), verdict))} |"


def _number(value: float | None, digits: int, unit: str = "") -> str:
    return "–" if value is None else f"{value:,.{digits}f}{unit}"

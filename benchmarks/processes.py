"""What processes use, as the kernel tells it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Of a process and its children, at a moment."""

    cpu: float
    """Seconds since it was started."""
    memory: float
    """Resident, in MB; what children share with it counts once for each."""


def usage(pid: int) -> Usage:
    """Of those that live now, and of those children whose end was noticed; our own children are others' business."""
    members = [pid] if pid == os.getpid() else family(pid)
    return Usage(sum(map(_cpu, members)), sum(map(resident, members)) / 1024)


def usages(pids: Mapping[str, int]) -> dict[str, Usage]:
    """By the names of the processes."""
    return {name: usage(pid) for name, pid in pids.items()}


def family(pid: int) -> list[int]:
    """The process and all below it."""
    children = _read(pid, f"task/{pid}/children").split()
    return [pid, *(member for child in children for member in family(int(child)))]


def resident(pid: int) -> int:
    """In kB."""
    return next((int(line.split()[1]) for line in _read(pid, "status").splitlines() if line.startswith("VmRSS")), 0)


def _cpu(pid: int) -> float:
    # After the name, which may have blanks in it; see proc(5): utime, stime, cutime, cstime.
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it has ended meanwhile

"""The two systems that are measured, started as their users start them."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import DOOR
from benchmarks.processes import usage

PROJECT = Path(__file__).parent.parent
WORK = PROJECT / "var" / "bench"


@dataclass(frozen=True)
class System:
    """How to train and to start one of them."""

    name: str
    folder: Path
    train: tuple[str, ...]
    start: tuple[str, ...]
    """With `{port}` where the port goes."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of the environment, beside those that all have."""


def postbote(faq: Path | None = None) -> System:
    """This project, as `make run` starts it; with another FAQ and models of its own if that is given."""
    bot = (sys.executable, "-m", "bot")
    settings = {"POSTBOTE_FAQ": str(faq), "POSTBOTE_MODELS": str(WORK / "models")} if faq else {}
    return System("Postbote", PROJECT, (*bot, "train", "--force"), (*bot, "run"), settings)


def vanilla(environment: Path) -> System:
    """`rasa run` in an environment with TensorFlow; its project must be at `WORK / "vanilla"`."""
    rasa = (str(environment / "bin" / "python"), "-m", "rasa")
    run = (*rasa, "run", "--interface", "127.0.0.1", "--port", "{port}")
    return System("Rasa, default pipeline", WORK / "vanilla", (*rasa, "train"), run)


def train(system: System) -> float:
    """Seconds of the whole training process."""
    started = time.monotonic()
    subprocess.run(system.train, cwd=system.folder, env=_environment(system), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


@dataclass(frozen=True)
class Running:
    """A system that has given its first answer."""

    url: str
    pid: int
    seconds_to_first_answer: float

    def memory(self) -> float:
        """Resident memory of the process and its children, in MB."""
        return usage(self.pid).memory


@contextmanager
def running(system: System) -> Iterator[Running]:
    """Start it on a free port with an empty database, wait for its first answer, stop it in the end."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [part.format(port=port) for part in system.start]
    for database in (system.folder / "tracker.db", *WORK.glob("postbote.db*")):
        database.unlink(missing_ok=True)
    environment = _environment(system) | {
        "PORT": str(port),
        "POSTBOTE_DATABASE_URL": f"sqlite:///{WORK}/postbote.db",
        "POSTBOTE_LOG_LEVEL": "warning",
        # Vanilla Rasa has no limits, and the load comes from few conversations.
        "POSTBOTE_MESSAGES_PER_MINUTE": "1000000",
        "POSTBOTE_UNLIMITED_FROM": '["127.0.0.1"]',
    }
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=system.folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        _first_answer(url, process)
        yield Running(url, process.pid, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait(60)


def _first_answer(url: str, process: "subprocess.Popen[bytes]") -> None:
    request = urllib.request.Request(
        url + DOOR, b'{"sender": "first", "message": "hallo"}', {"Content-Type": "application/json"}
    )
    while process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                if response.status == 200 and response.read() != b"[]":
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)  # nothing tells another process that a port is open
    raise RuntimeError(f"The server stopped with code {process.returncode} before it answered.")


def _environment(system: System) -> dict[str, str]:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "2"}
    return {**os.environ, **quiet, **system.settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

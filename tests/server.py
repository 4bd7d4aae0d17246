"""The application as a process of its own, as `make run` starts it, and how to kill it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from tests.conftest import PROJECT

PATIENCE = 60


class Server:
    """`python -m bot run`, or another command, on a free port and a database of its own; `POSTBOTE_…` by keyword."""

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] = ("-m", "bot", "run"),
        log: Path | None = None,
        variables: Mapping[str, str] | None = None,
        **settings: str,
    ) -> None:
        """`log`: where stderr goes; else it is the test's. `variables`: further ones of the environment."""
        self._log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "PORT": str(port),
            "POSTBOTE_DATABASE_URL": f"sqlite:///{folder / 'postbote.db'}",
            "POSTBOTE_LOG_LEVEL": "warning",
            **{f"POSTBOTE_{name.upper()}": value for name, value in settings.items()},
            **(variables or {}),
        }
        self._command = command
        self.start()
        self.wait()

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        return self._process.pid

    def start(self) -> None:
        """Start it and return at once; see `wait`."""
        command = [sys.executable, *self._command]
        with self._log.open("ab") if self._log else nullcontext() as stderr:
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=subprocess.DEVNULL, stderr=stderr
            )

    def wait(self) -> None:
        """Return as soon as it answers."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "The server ended; its stderr is above."
            assert time.monotonic() < deadline, f"The server does not answer on {self.url}."
            time.sleep(0.05)  # nothing tells another process when it is up

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError):
            return False

    def run(self, *arguments: str) -> str:
        """What another command of ours prints, on the same database."""
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def stop(self) -> None:
        """As an operator does."""
        self._process.terminate()
        assert self._process.wait(PATIENCE) == 0, "The server did not end well; its stderr is above."

    def kill(self) -> None:
        """As the kernel would: no handler runs, nothing is flushed."""
        self._process.kill()
        self._process.wait()

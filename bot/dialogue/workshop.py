"""
Train and measure models in processes of their own, so that this one goes on answering customers.

They are `python -m bot train` and `python -m bot evaluate`, with less right to the processor than we have.
"""

import asyncio
import hashlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bot.dialogue.training import fingerprint, model_file
from bot.faq.learning.errors import WorkshopError
from bot.faq.learning.figures import Figures
from bot.settings import Settings

NICENESS = 5
"""How much less right to the processor: a third of ours, when there is too little of it."""
LONGEST = 1800.0
"""Seconds that a process may take."""
LAST_LINES = 5


class SubprocessWorkshop:
    """The port `bot.faq.learning.ports.Workshop`."""

    def __init__(self, settings: Settings) -> None:
        self._project = settings.project.resolve()
        self._faq = settings.faq.resolve()
        self._models = settings.models.resolve()
        self._heldout = settings.heldout.resolve() if settings.heldout else None
        self._process: Process | None = None
        self._closed = False

    async def fingerprint(self) -> str:
        """See the port."""
        return await asyncio.to_thread(fingerprint, self._project, self._faq)

    async def train(self, tell: Callable[[str], None]) -> str:
        """See the port."""
        printed = await self._run(tell, "train")
        return Path(printed.strip()).name.removesuffix(".tar.gz")

    def examples(self) -> str | None:
        """See the port."""
        if self._heldout is None:
            return None
        try:
            return hashlib.sha256(self._heldout.read_bytes()).hexdigest()[:16]
        except OSError as error:
            raise WorkshopError(
                f"POSTBOTE_HELDOUT cannot be read: {error}. Name another file of labelled messages, or none."
            ) from error

    async def evaluate(self, version: str) -> Figures | None:
        """See the port."""
        digest = self.examples()
        if digest is None:
            return None
        file = str(model_file(self._models, version))
        values = json.loads(await self._run(_ignore, "evaluate", str(self._heldout), "--model", file, "--json"))
        outside = values.pop("outside")
        return Figures(digest, **values, answered_outside=outside["answered"], offered_outside=outside["offered"])

    def has(self, version: str) -> bool:
        """See the port."""
        return model_file(self._models, version).is_file()

    def discard(self, version: str) -> None:
        """See the port."""
        model_file(self._models, version).unlink(missing_ok=True)

    async def close(self) -> None:
        """See the port."""
        self._closed = True
        if self._process:
            _kill(self._process)

    async def _run(self, tell: Callable[[str], None], *command: str) -> str:
        """What the command prints; each line of its progress is told."""
        if self._closed:
            raise WorkshopError("The server was stopped.")
        process = await self._start(command)
        lines: list[str] = []
        try:
            async with asyncio.timeout(LONGEST):
                printed, _ = await asyncio.gather(_read(process), _hear(process, tell, lines))
                code = await process.wait()
        except TimeoutError as error:
            raise WorkshopError(f"{command[0]} took more than {LONGEST:.0f} seconds.") from error
        finally:
            _kill(process)
            self._process = None
        if self._closed:
            raise WorkshopError("The server was stopped.")
        if code:
            raise WorkshopError(f"{command[0]} ended with code {code}: {' '.join(lines[-LAST_LINES:])}")
        return printed

    async def _start(self, command: Sequence[str]) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command, "--attached"),
            # A pipe from us, so that it learns when we die; see bot/commands/attached.py.
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._environment(),
            # Ctrl-C in our terminal is for us.
            start_new_session=True,
        )
        with suppress(ProcessLookupError, PermissionError):
            priority = os.getpriority(os.PRIO_PROCESS, 0) + NICENESS
            os.setpriority(os.PRIO_PROCESS, self._process.pid, priority)
        return self._process

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "POSTBOTE_PROJECT": str(self._project),
            "POSTBOTE_FAQ": str(self._faq),
            "POSTBOTE_MODELS": str(self._models),
            "POSTBOTE_LOG_LEVEL": "error",
        }


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


async def _read(process: Process) -> str:
    assert process.stdout
    return (await process.stdout.read()).decode()


async def _hear(process: Process, tell: Callable[[str], None], lines: list[str]) -> None:
    assert process.stderr
    async for raw in process.stderr:
        if line := raw.decode(errors="replace").strip():
            lines.append(line)
            tell(line)


def _ignore(line: str) -> None:
    """Its progress is of no interest."""

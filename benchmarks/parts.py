"""
What a message costs, part by part: `python -m benchmarks.parts`.

The whole system runs in this process with a stopwatch at the border of each part, and one client sends it
messages from another. What is counted is time of the processor, so other load on the machine does little
harm; of the disk it is the wait.
"""

import argparse
import asyncio
import functools
import inspect
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import uvloop
from aiohttp import web
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa_sdk.executor import ActionExecutor
from sqlalchemy.engine.default import DefaultDialect

from bot.commands.serving import assemble
from bot.dialogue import state
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.nlu.anger import Anger
from bot.dialogue.nlu.understanding import Understanding
from bot.dialogue.processor import Processor
from bot.dialogue.rules import Rules
from bot.settings import load_settings
from bot.store.sqlite import SqliteDatabase

DISK = "disk: commits, waited for"
STORE = "store: what is looked up, and the way to the thread that writes"
WRITER = "store: the thread that writes, beside the others"
HTTP = "door: HTTP, JSON, event loop, the rest"
PARTS: dict[str, list[tuple[Any, str]]] = {
    "understanding": [(Understanding, "process"), (Anger, "process")],
    "Rasa: prediction of the next action": [(Processor, "predict_next_with_tracker_if_should")],
    "Rasa: rules": [(Rules, "predict_action_probabilities")],
    "Rasa: replies from templates": [(TemplatedNaturalLanguageGenerator, "generate")],
    "Rasa: what is around them": [(RasaDialogue, "respond")],
    "actions": [(ActionExecutor, "run")],
    "state: read and written": [(state, "load"), (state, "dump")],
    STORE: [(SqliteDatabase, "look_up"), (SqliteDatabase, "read"), (SqliteDatabase, "write")],
}


class Stopwatches:
    """Each part's own time, without that of the parts that it calls; for one turn at a time."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._inside: list[str] = []
        self._since = 0.0

    def put(self, part: str, owner: Any, name: str) -> None:
        """Around a function or a coroutine function."""
        inner = getattr(owner, name)
        around = self._around_coroutine if inspect.iscoroutinefunction(inner) else self._around
        setattr(owner, name, around(part, inner))

    def _around(self, part: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(inner)
        def measured(*args: Any, **kwargs: Any) -> Any:
            self._enter(part)
            try:
                return inner(*args, **kwargs)
            finally:
                self._leave()

        return measured

    def _around_coroutine(self, part: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(inner)
        async def measured(*args: Any, **kwargs: Any) -> Any:
            self._enter(part)
            try:
                return await inner(*args, **kwargs)
            finally:
                self._leave()

        return measured

    def _enter(self, part: str) -> None:
        self._charge()
        self.calls[part] += 1
        self._inside.append(part)

    def _leave(self) -> None:
        self._charge()
        self._inside.pop()

    def _charge(self) -> None:
        now = time.thread_time()
        if self._inside:
            self.seconds[self._inside[-1]] += now - self._since
        self._since = now


class Commits:
    """How long the disk was waited for."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def watch(self) -> None:
        """From now on."""
        commit = DefaultDialect.do_commit

        def measured(dialect: DefaultDialect, connection: Any) -> None:
            started = time.perf_counter()
            commit(dialect, connection)
            self.seconds += time.perf_counter() - started

        DefaultDialect.do_commit = measured


async def split(count: int) -> dict[str, float]:
    """Milliseconds of each part in an average message."""
    watches, commits = Stopwatches(), Commits()
    commits.watch()
    for part, places in PARTS.items():
        for owner, name in places:
            watches.put(part, owner, name)
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            database_url=f"sqlite:///{folder}/postbote.db",
            log_level="error",
            messages_per_minute=10**6,
            unlimited_from=("127.0.0.1",),
        )
        runner = web.AppRunner(await asyncio.to_thread(assemble, settings))
        await runner.setup()
        door = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(runner, door).start()
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        await _load(url, 200)
        watches.seconds.clear()
        watches.calls.clear()
        commits.seconds, all_threads, this_thread = 0.0, time.process_time(), time.thread_time()
        await _load(url, count)
        all_threads, this_thread = time.process_time() - all_threads, time.thread_time() - this_thread
        await runner.cleanup()
    seconds = dict(watches.seconds)
    seconds[HTTP] = this_thread - sum(seconds.values())
    seconds[WRITER] = all_threads - this_thread
    return {part: value / count * 1000 for part, value in (seconds | {DISK: commits.seconds}).items()}


async def _load(url: str, count: int) -> None:
    command = (sys.executable, "-m", "benchmarks.load", url, str(count))
    child = await asyncio.create_subprocess_exec(*command)
    if await child.wait():
        raise RuntimeError(f"{' '.join(command)} failed.")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parts", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    uvloop.install()
    parts = asyncio.run(split(parser.parse_args().messages))
    for part, milliseconds in sorted(parts.items(), key=lambda item: -item[1]):
        print(f"| {part} | {milliseconds:.2f} |")
    print(f"| processor in all | {sum(parts.values()) - parts[DISK]:.2f} |")


if __name__ == "__main__":
    main()

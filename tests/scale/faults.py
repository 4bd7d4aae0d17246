"""What can happen to the world around the processes: a full disk, a jumping clock, a system that is gone."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BLOCK = 64 * 1024


def why_no_small_disk() -> str | None:
    """The reason for which no file system can be mounted here; None if one can."""
    try:
        with small_disk(1):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no tmpfs can be mounted here, which takes root: {error}"


@dataclass(frozen=True)
class Disk:
    """A file system of few megabytes."""

    folder: Path

    def fill(self) -> None:
        """Until not a byte is free."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while file.write(b"\0" * BLOCK):
                pass

    def free(self) -> None:
        """Again."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """Mounted as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "postbote", str(folder))
        try:
            yield Disk(folder)
        finally:
            _run("umount", "--lazy", str(folder))
    finally:
        folder.rmdir()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def find_libfaketime() -> Path | None:
    """Debian's."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def why_no_faketime() -> str | None:
    """The reason for which no process can be given a clock that jumps; None if one can."""
    return None if find_libfaketime() else "libfaketime is missing (Debian: apt install faketime)"


class Clock:
    """Of the processes that are started with its `variables`; their monotonic clock goes on, as in reality."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.jump(0)

    @property
    def variables(self) -> Mapping[str, str]:
        """Of the environment; see faketime(1)."""
        return {
            "LD_PRELOAD": str(find_libfaketime()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # With it, threads of Python wait for each other a hundred times as long.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def jump(self, seconds: int) -> None:
        """So far away from the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}s\n")
        # In one step: a process that read an empty file would have the true time.
        new.replace(self._file)


class Line:
    """The way to a system on loopback, which can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """Of this end."""
        return f"http://127.0.0.1:{self.port}"

    async def mend(self) -> None:
        """Listen, at the same port each time."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nobody listens, and what was under way is lost."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        there, back = await asyncio.open_connection(*self._target)
        try:
            await asyncio.gather(_copy(reader, back), _copy(there, writer))
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            for end in (writer, back):
                end.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(BLOCK):
        writer.write(chunk)
        await writer.drain()
    with suppress(OSError):
        writer.write_eof()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """To a server at `http://host:port`."""
    host, _, port = url.removeprefix("http://").partition(":")
    line = Line(host, int(port))
    await line.mend()
    yield line
    await line.cut()

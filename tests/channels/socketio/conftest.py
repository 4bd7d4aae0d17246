"""The application with the Socket.IO door, and real clients from npm."""

import asyncio
import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateway.app import create_app
from bot.gateway.keys import SERVICES
from bot.settings import load_settings
from bot.wiring import Services, build
from tests.fakes import FakeDialogue

HERE = Path(__file__).parent
PATIENCE = 10
WEBCHAT = "rasa-webchat@1.0.1"
WEBCHAT_DIGEST = "Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKKUXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w=="
"""Of its package, as npm publishes it."""


class Door:
    """The whole application, and how often it was asked what."""

    def __init__(self, server: TestServer, dialogue: Any) -> None:
        self.server = server
        self.url = str(server.make_url("")).rstrip("/")
        self.dialogue = dialogue

    @property
    def services(self) -> Services:
        """What it works with."""
        return self.server.app[SERVICES]


async def start(folder: Path, dialogue: Any = None, **settings: Any) -> Door:
    """To be closed by `door.server.close()`."""
    dialogue = dialogue or FakeDialogue()
    made = build(
        load_settings(
            **{
                "database_url": f"sqlite:///{folder}/postbote.db",
                "channels": ("socketio",),
                "messages_per_minute": 10_000,
                "allowed_origins": ("https://www.example.de",),
                **settings,
            }
        ),
        dialogue,
    )
    app: web.Application = create_app(made)
    server = TestServer(app)
    await server.start_server()
    return Door(server, dialogue)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """With limits that no test meets by chance."""
    door = await start(tmp_path)
    yield door
    await door.server.close()


class Clients:
    """Real socket.io-clients in a process of Node's."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self.url = url
        self._seen: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)

    def do(self, what: str, **arguments: Any) -> None:
        """See client.js."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **arguments}).encode() + b"\n")

    def open(self, name: str, version: int = 4, **options: Any) -> None:
        """Connect."""
        self.do("open", name=name, version=version, url=self.url, options=options)

    def emit(self, name: str, *args: Any) -> None:
        """Send an event."""
        self.do("emit", name=name, args=args)

    async def next(self, name: str, event: str) -> list[Any]:
        """The arguments of the client's next event of this name; others are kept for whoever asks for theirs."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for seen in self._seen[name]:
                    if seen["event"] == event:
                        self._seen[name].remove(seen)
                        return list(seen["args"])
                assert self._process.stdout is not None
                line = await self._process.stdout.readline()
                assert line, "Node ended; its stderr is above."
                told = json.loads(line)
                self._seen[told["name"]].append(told)

    def rest(self, name: str, event: str) -> list[list[Any]]:
        """What was seen meanwhile, and not asked for."""
        return [seen["args"] for seen in self._seen[name] if seen["event"] == event]

    async def session(self, name: str, wanted: str | None = None) -> str:
        """Request a session; the confirmed id."""
        self.emit(name, "session_request", {"session_id": wanted})
        confirmed: str = (await self.next(name, "session_confirm"))[0]
        return confirmed

    async def say(self, name: str, text: str, **more: Any) -> dict[str, Any]:
        """Say something; the next thing that the bot says."""
        self.emit(name, "user_uttered", {"message": text, **more})
        answer: dict[str, Any] = (await self.next(name, "bot_uttered"))[0]
        return answer

    async def until(self, name: str, text: str) -> None:
        """Until the bot says this; an answer that may not have arrived on another connection comes again before it."""
        while (await self.next(name, "bot_uttered"))[0]["text"] != text:
            pass


@pytest.fixture(scope="session")
def packages() -> Path:
    """What package-lock.json names, installed once."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: apt-get install nodejs npm")
    marker = HERE / "node_modules" / ".package-lock.json"
    if not marker.exists() or marker.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True, timeout=120)
        marker.touch()
    return HERE / "node_modules"


@asynccontextmanager
async def node(url: str) -> AsyncIterator[Clients]:
    """A process of Node's."""
    process = await asyncio.create_subprocess_exec(
        "node", HERE / "client.js", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    yield Clients(process, url)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


@pytest.fixture
async def clients(door: Door, packages: Path) -> AsyncIterator[Clients]:
    """See the class."""
    async with node(door.url) as clients:
        yield clients


@pytest.fixture(scope="session")
def webchat(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of rasa-webchat, which holds all that it needs; its package would install 590 others."""
    script = packages / ".rasa-webchat.js"
    if not script.exists():
        command = ["npm", "pack", WEBCHAT, "--pack-destination", str(folder := tmp_path_factory.mktemp("webchat"))]
        subprocess.run(command, cwd=HERE, check=True, timeout=120, capture_output=True)
        [archive] = folder.glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        assert digest == WEBCHAT_DIGEST, f"{WEBCHAT} is not what it was"
        with tarfile.open(archive) as opened:
            bundle = opened.extractfile("package/lib/index.js")
            assert bundle is not None
            script.write_bytes(bundle.read())
    return script

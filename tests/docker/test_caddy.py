"""Caddy's file is valid, and takes requests where they belong, by TLS."""

import asyncio
import json
import os
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.contract.dovecot import free_port
from tests.docker.checks import FOLDER, run

FILE = FOLDER / "Caddyfile"
WHO = web.AppKey("who", str)


@pytest.fixture(autouse=True)
def installed() -> None:
    """Caddy must be."""
    if not shutil.which("caddy"):
        pytest.skip("Caddy is missing (Debian: apt install caddy)")


async def tell(request: web.Request) -> web.StreamResponse:
    """Who got it and how; a WebSocket says the same in its first message."""
    names = ("Host", "X-Forwarded-For", "X-Forwarded-Proto")
    told = {name: request.headers.get(name) for name in names} | {"who": request.app[WHO], "path": request.path}
    socket = web.WebSocketResponse()
    if not socket.can_prepare(request).ok:
        return web.json_response(told)
    await socket.prepare(request)
    await socket.send_json(told)
    await socket.close()
    return socket


def server(who: str) -> TestServer:
    """In the place of a gateway or a desk."""
    app = web.Application()
    app[WHO] = who
    app.router.add_get("/{path:.*}", tell)
    return TestServer(app, host="127.0.0.1")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[str]:
    """Caddy with our file before both, on ports of its own; its certificates stay in the test's folder."""
    async with server("gateway") as gateway, server("desk") as desk:
        port = free_port()
        environment = os.environ | {
            "SITE": f"localhost:{port}",
            "GATEWAY": f"127.0.0.1:{gateway.port}",
            "DESK": f"127.0.0.1:{desk.port}",
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        }
        configuration = json.loads(run(["caddy", "adapt", "--config", FILE], **environment))
        # Else it would take port 80. That it makes this machine trust its certificates is switched off in the file.
        configuration["apps"]["http"]["http_port"] = free_port()
        assert not configuration["apps"]["pki"]["certificate_authorities"]["local"]["install_trust"]
        configuration["admin"] = {"disabled": True}
        (tmp_path / "caddy.json").write_text(json.dumps(configuration), "utf-8")
        command = ("caddy", "run", "--config", str(tmp_path / "caddy.json"))
        caddy = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.DEVNULL)
        try:
            async with asyncio.timeout(30):
                while not (root_of(tmp_path).exists() and await answers(port)):
                    assert caddy.returncode is None
                    await asyncio.sleep(0.05)  # nothing tells another process when it is up
            yield f"https://localhost:{port}"
        finally:
            with suppress(ProcessLookupError):
                caddy.terminate()
            await caddy.wait()


def root_of(folder: Path) -> Path:
    """The certificate that Caddy's own are signed by."""
    return folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"


async def answers(port: int) -> bool:
    """Whether it takes connections."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True
    return False


def test_the_file_is_valid() -> None:
    """For localhost and for a name that the internet knows; and formatted as Caddy would."""
    for site in ("localhost", "chat.example.de"):
        run(["caddy", "validate", "--config", FILE], SITE=site)
    assert run(["caddy", "fmt", FILE]) == FILE.read_text("utf-8")


async def test_requests_come_where_they_belong(site: str, tmp_path: Path) -> None:
    """With a certificate for the name; who is in between says so, and what is ours alone stays inside."""
    trust = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=str(root_of(tmp_path))))
    async with aiohttp.ClientSession(site, connector=trust) as client:
        for path, who in (("/", "gateway"), ("/desk", "desk"), ("/desk/api/me", "desk"), ("/deskfoo", "gateway")):
            async with client.get(path, headers={"X-Forwarded-For": "192.0.2.7"}) as answer:
                told = await answer.json()
            assert (told["who"], told["path"]) == (who, path)
            assert told["X-Forwarded-Proto"] == "https"
            # What the customer claims to be is not passed on.
            assert told["X-Forwarded-For"] in {"127.0.0.1", "::1"}
            assert told["Host"] == site.removeprefix("https://")
        for path in ("/desk/api/socket", "/conversations/socket"):
            async with client.ws_connect(path) as socket:
                told = await socket.receive_json()
            assert told["who"] == ("desk" if path.startswith("/desk") else "gateway")
        for path in ("/metrics", "/health/ready"):
            async with client.get(path) as answer:
                assert answer.status == 404

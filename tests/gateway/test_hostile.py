"""Requests as no client sends them: ambiguous, endless, slow, deep or far larger than they look."""

import asyncio
import gzip
import json
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestClient

from bot.gateway import body
from bot.gateway.app import create_app
from tests.fakes import FakeDialogue
from tests.visitor import SOCKET
from tests.walk import everything

IDLE = 0.3
"""Seconds that a connection may take for the head of its first request; a minute and more elsewhere."""
POST = "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SAID = b'{"sender": "a", "message": "hallo"}'


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    """Of the application, served as bot.commands.serving does."""
    runner = web.AppRunner(create_app(everything(tmp_path)), keepalive_timeout=IDLE, access_log=None)
    await runner.setup()
    door = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, door).start()
    yield door.getsockname()[1]
    await runner.cleanup()


async def exchange(port: int, sent: bytes) -> bytes:
    """All that is answered until the connection ends, which is here for the server to do."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(20):
        answered = await reader.read()
    writer.close()
    return answered


SMUGGLED = f"Content-Length: {len(SAID)}\r\n"
AMBIGUOUS = {
    "two lengths": f"{SMUGGLED}Content-Length: 5\r\n",
    "length and chunks": f"{SMUGGLED}Transfer-Encoding: chunked\r\n",
    "chunks that are none": "Transfer-Encoding: xchunked\r\n",
    "chunks twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "a sign in the length": f"Content-Length: +{len(SAID)}\r\n",
    "a negative length": "Content-Length: -1\r\n",
    "a length in hexadecimals": "Content-Length: 0x23\r\n",
    "a length of two numbers": f"Content-Length: {len(SAID)}, {len(SAID)}\r\n",
    "a blank before the colon": f"Content-Length : {len(SAID)}\r\n",
    "a folded line": f"{SMUGGLED}X-A: b\r\n c\r\n",
    "a carriage return alone": f"{SMUGGLED}X-A: b\rContent-Length: 0\r\n",
    "a name with a NUL": f"{SMUGGLED}X\0A: b\r\n",
}


@pytest.mark.parametrize("what", AMBIGUOUS)
async def test_a_head_that_two_servers_would_read_in_two_ways(port: int, what: str) -> None:
    """Is refused, and the connection ended: a proxy in front may have taken the rest for another's request."""
    head = (POST + AMBIGUOUS[what] + "\r\n").encode()
    hidden = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    answered = await exchange(port, head + SAID + hidden)
    assert answered.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400")), answered[:200]
    assert len(re.findall(rb"HTTP/1\.\d \d{3}", answered)) == 1
    assert b"Traceback" not in answered


async def test_an_endless_head(port: int) -> None:
    """A line, and many lines."""
    for head in (b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n"):
        assert b" 400 " in (await exchange(port, head + b"\r\n\r\n")).partition(b"\r\n")[0]


async def test_a_head_that_never_ends(port: int) -> None:
    """Who sends a byte now and then holds no connection for ever."""
    assert await exchange(port, b"GET / HTTP/1.1\r\nX: a") == b""
    assert await exchange(port, b"") == b""


async def test_a_body_that_never_comes(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same."""
    monkeypatch.setattr(body, "PATIENCE", IDLE)
    answered = await exchange(port, (POST + "Content-Length: 40\r\n\r\n").encode() + SAID[:5])
    assert b" 408 " in answered.partition(b"\r\n")[0]
    assert b'"error": "slow"' in answered


async def test_a_body_that_is_a_thousand_times_larger_than_it_looks(client: TestClient) -> None:
    """Compressed: what counts is what it becomes, and no more of it is unpacked."""
    bomb = gzip.compress(b'{"sender": "a", "message": "' + b" " * 60_000_000 + b'"}')
    assert len(bomb) < 65_536
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    refused = await client.post("/webhooks/rest/webhook", data=bomb, headers=headers)
    assert (refused.status, (await refused.json())["error"]) == (413, "too_large")
    taken = await client.post("/webhooks/rest/webhook", data=gzip.compress(SAID), headers=headers)
    assert taken.status == 200
    broken = await client.post("/webhooks/rest/webhook", data=b"no gzip", headers=headers)
    assert broken.status == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"sender": "a", "message": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"sender": "a", "message": "x", "metadata": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
        b"9" * 60_000,
        b'{"sender": "a", "message": 1e999999}',
        b'{"sender": "a", "sender": "b", "message": "\\ud800"}',
        b"\xff\xfe",
        b"",
    ],
    ids=[
        "open lists",
        "open objects",
        "a list as text",
        "deep metadata",
        "a long number",
        "infinity",
        "half a sign",
        "no UTF-8",
        "nothing",
    ],
)
async def test_json_that_is_made_to_break_its_reader(client: TestClient, sent: bytes) -> None:
    """4xx, in JSON, at every depth."""
    answer = await client.post("/webhooks/rest/webhook", data=sent, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status < 500
    assert set(json.loads(await answer.read())) == {"error", "message"}


async def test_a_frame_that_is_too_large(client: TestClient, fake_dialogue: FakeDialogue) -> None:
    """Ends the socket, whole or in pieces, compressed or not; the next one is welcome."""
    secret = (await (await client.post("/channels/web/conversations")).json())["secret"]
    for compress in (0, 15):
        async with client.ws_connect(SOCKET, compress=compress) as socket:
            await socket.send_json({"type": "hello", "secret": secret, "after": 0})
            await socket.receive()
            await socket.send_str('{"type": "say", "id": "1", "text": "' + "a" * 1_000_000 + '"}')
            while (message := await socket.receive(timeout=10)).type is WSMsgType.TEXT:
                pass
            assert socket.close_code == 1009, message
    assert fake_dialogue.asked == []
    async with client.ws_connect(SOCKET) as socket:
        await socket.send_json({"type": "hello", "secret": secret, "after": 0})
        assert (await socket.receive_json(timeout=5))["type"] == "welcome"


@pytest.mark.parametrize(
    "path",
    [
        "/widget/../../bot/settings/server.py",
        "/widget/%2e%2e/%2e%2e/bot/settings/server.py",
        "/widget/..%2f..%2fbot/settings/server.py",
        "/widget/%252e%252e/bot",
        "/widget/....//bot",
        "/widget//etc/passwd",
        "/widget/%5c..%5c..%5cbot",
        "/demo/.",
        "/widget/\0",
    ],
)
async def test_no_way_out_of_the_folders(port: int, path: str) -> None:
    """Sent as it is, since a client would tidy it up."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    status = (await exchange(port, request)).split(b" ")[1]
    assert status in {b"400", b"403", b"404"}


async def test_no_header_is_made_of_what_was_sent(port: int) -> None:
    """Line ends in a path, a query or an origin stay there."""
    for line in (
        "GET /nowhere%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x",
        "GET /desk/%0d%0aX-A:b HTTP/1.1\r\nHost: x",
        "GET /channels/web/messages?after=%0d%0aX-A:b HTTP/1.1\r\nHost: x\r\nOrigin: http://x",
        "GET / HTTP/1.1\r\nHost: x%0d%0aX-A: b",
    ):
        answered = await exchange(port, f"{line}\r\nConnection: close\r\n\r\n".encode())
        head = answered.partition(b"\r\n\r\n")[0].lower()
        assert b"\nset-cookie" not in head
        assert b"\nx-a" not in head

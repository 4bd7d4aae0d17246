"""The log of a whole run: every line can be read by machines and says whose it is, and none says who that is."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.server import Server

pytestmark = pytest.mark.slow

MAILBOX, OTHER, PHONE = "anna@lindenpost.example", "anna.brandt@privat.example", "0171 5550102"
PERSONAL = ("anna", "brandt", "lindenpost", "privat", "5550102", "0171")


@pytest.fixture
def server(model: Path, tmp_path: Path) -> Iterator[Server]:
    """That logs everything for machines; its ticket system is not there, so that errors are logged, too."""
    server = Server(
        tmp_path,
        log=tmp_path / "log",
        log_level="debug",
        log_format="json",
        tickets="webhook",
        tickets_url="http://127.0.0.1:1",
        tickets_token="geheim",
    )
    yield server
    server.kill()


async def say(session: aiohttp.ClientSession, url: str, text: str) -> list[dict[str, Any]]:
    """By the REST door, as somebody whose id is a telephone number."""
    body = {"sender": PHONE, "message": text, "metadata": {"message_id": f"<{len(text)}.{OTHER}>"}}
    async with session.post(f"{url}/webhooks/rest/webhook", json=body) as response:
        replies: list[dict[str, Any]] = await response.json()
        return replies


async def code_of(session: aiohttp.ClientSession, url: str) -> str:
    """The one that was mailed."""
    while True:
        async with session.get(f"{url}/demo/mails.json") as response:
            for mail in await response.json():
                return re.findall(r"^\d{6}$", mail["text"], re.MULTILINE)[0]
        await asyncio.sleep(0.02)  # nothing tells another process when a mail is out


async def test_a_whole_run_names_nobody(server: Server, tmp_path: Path) -> None:
    """Quota, code, message for people, what no door takes: ids everywhere, personal data nowhere."""
    async with aiohttp.ClientSession() as session:
        await say(session, server.url, f"wie voll ist {MAILBOX}")
        code = await code_of(session, server.url)
        assert await say(session, server.url, code)
        await say(session, server.url, f"ich bin Anna Brandt, {OTHER}, {PHONE}, bitte rufen Sie mich an")
        async with session.request("PROPFIND", f"{server.url}/{MAILBOX}?phone={PHONE}"):
            pass
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
        writer.write(f"GET / HTTP/1.1\r\nno header of {MAILBOX} {PHONE}\r\n\r\n".encode())
        await writer.drain()
        await reader.read()
        writer.close()
    server.stop()
    log = (tmp_path / "log").read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    for line in lines:
        assert {"timestamp", "level", "event"} <= line.keys()
        if line.get("stop") in {"intake", "turn"}:
            assert re.fullmatch(r"[0-9a-f-]{36}", line["conversation"])
            assert isinstance(line["message"], int)
    assert {"intake", "turn", "mail"} <= {line.get("stop") for line in lines}
    # Its own line about what was no HTTP, by the library's logger.
    assert any(line.get("logger", "").startswith("aiohttp") for line in lines)
    for personal in (*PERSONAL, code):
        assert personal not in log.lower(), personal

"""Requests that no client sends by intention: each is refused by the real application, and none is our fault."""

import asyncio
import gzip
import json

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.desk.app import add_desk
from bot.gateway.app import create_app
from bot.settings import Settings
from bot.wiring import build
from tests.fakes import FakeDialogue

WEBHOOK = "/webhooks/rest/webhook"
JSON = {"Content-Type": "application/json"}
GOOD = {"sender": "anna", "message": "hallo"}


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_not_what_its_encoding_says(client: TestClient, encoding: str) -> None:
    """400, with what is wrong."""
    response = await client.post(WEBHOOK, data=b"garbage", headers={**JSON, "Content-Encoding": encoding})
    assert (response.status, (await response.json())["error"]) == (400, "bad_request")


async def test_a_body_that_swells(client: TestClient) -> None:
    """Its size is what it has when it is unpacked; one of fitting size is read."""
    packed = {**JSON, "Content-Encoding": "gzip"}
    response = await client.post(WEBHOOK, data=gzip.compress(b" " * 10_000_000), headers=packed)
    assert (response.status, (await response.json())["error"]) == (413, "too_large")
    response = await client.post(WEBHOOK, data=gzip.compress(json.dumps(GOOD).encode()), headers=packed)
    assert response.status == 200


@pytest.mark.parametrize("path", ["/widget/" + "a" * 5000, "/widget/%00", "/a\0b", "/channels/" + "%C3%A4" * 200])
async def test_a_path_that_nothing_can_have(client: TestClient, path: str) -> None:
    """It is not there; neither the file system nor the database is asked."""
    response = await client.get(path)
    assert (response.status, (await response.json())["error"]) == (404, "not_found")


async def test_a_method_that_is_not_taken(client: TestClient) -> None:
    """The answer names those that are, as HTTP wants it."""
    response = await client.delete("/channels/web/messages")
    assert response.status == 405
    assert {*response.headers["Allow"].split(",")} >= {"GET", "POST"}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "9" * 5000])
async def test_a_number_that_is_none(client: TestClient, number: str) -> None:
    """PostgreSQL would not store it."""
    body = f'{{"sender": "anna", "message": "hallo", "metadata": {{"x": {number}}}}}'
    response = await client.post(WEBHOOK, data=body, headers=JSON)
    assert (response.status, (await response.json())["error"]) == (400, "bad_json")


async def test_zero_bytes_are_dropped_everywhere(client: TestClient) -> None:
    """No text of PostgreSQL can hold one; a name of nothing else is none."""
    metadata = {"message_id": "m\0-1", "a\0": ["b\0"]}
    response = await client.post(WEBHOOK, json={"sender": "an\0na", "message": "ha\0llo", "metadata": metadata})
    assert (response.status, (await response.json())[0]["recipient_id"]) == (200, "anna")
    response = await client.post(WEBHOOK, json={"sender": "\0", "message": "hallo"})
    assert response.status == 422


@pytest.mark.parametrize("path", ["/channels/web/messages", "/metrics", "/desk/api/me", "/desk/oidc/callback"])
async def test_headers_that_are_no_text(settings: Settings, fake_dialogue: FakeDialogue, path: str) -> None:
    """Bytes that are no UTF-8 prove nothing, and break nothing."""
    app = create_app(build(settings.model_copy(update={"metrics_token": SecretStr("x" * 40)}), fake_dialogue))
    add_desk(app)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        noise = b"Authorization: Bearer \xff\xfe\r\nCookie: postbote_desk=\xff\xfe\r\nX-Forwarded-For: \xff\r\n"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode() + noise + b"\r\n")
        answered = await reader.read()
        writer.close()
    assert int(answered.split()[1]) in {401, 403, 404}, answered

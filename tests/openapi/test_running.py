"""Schemathesis against the server that really runs: no 5xx, and nothing that the descriptions do not say."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from bot.desk.guard import COOKIE, CSRF_HEADER
from tests.conftest import PROJECT
from tests.server import Server

HERE = Path(__file__).parent
LOGIN = "amsel@lindenpost.example"
TOKEN = "ein-langes-wort-der-aufrufer-4711-0815"
WIDE = "1000000"
"""Nobody is to be refused for asking too often: tests/gateway/test_limits.py does that."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As `make run` starts it, with a channel that calls us."""
    server = Server(
        tmp_path_factory.mktemp("openapi"),
        messages_per_minute=WIDE,
        conversations_per_hour=WIDE,
        unlimited_from='["127.0.0.1"]',
        channels='["callback"]',
        channel_callback_url="http://127.0.0.1:9/",  # where nobody listens
        channel_callback_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        channel_callback_token=TOKEN,
        log_level="error",
    )
    yield server
    server.stop()


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx2.Client]:
    """Without anything that opens a door."""
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        yield client


def schemathesis(config: str, document: Path | str, server: Server, **environment: str) -> None:
    """Fails with what it found."""
    where = [str(document), "--url", server.url]
    found = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "--config-file", HERE / config, "run", *where],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    print(found.stdout, found.stderr)
    assert found.returncode == 0, found.stdout


def test_the_gateway(server: Server, client: httpx2.Client) -> None:
    """Served for everybody, as any client's generator would fetch it."""
    secret = client.post("/channels/web/conversations").json()["secret"]
    schemathesis("gateway.toml", f"{server.url}/openapi.json", server, SECRET=secret, TOKEN=TOKEN)


def test_the_desk(server: Server, client: httpx2.Client, tmp_path: Path) -> None:
    """Signed in as an admin, with a conversation in hand."""
    speak(client, "Wie wird das Wetter morgen in Hamburg?")
    session, csrf = sign_in(server, client)
    with httpx2.Client(base_url=server.url, cookies={COOKIE: session}, headers={CSRF_HEADER: csrf}) as desk:
        [case, *_] = desk.get("/desk/api/lists").json()["open"]
        conversation = case["conversation"]
        assert desk.post(f"/desk/api/conversations/{conversation}/claim").status_code == 200
        described = desk.get("/desk/openapi.json")
    document = tmp_path / "openapi.json"
    document.write_bytes(described.content)
    schemathesis("desk.toml", document, server, SESSION=session, CSRF=csrf, CONVERSATION=conversation)


def speak(client: httpx2.Client, text: str) -> None:
    """A customer says something, and has the bot's answer."""
    secret = client.post("/channels/web/conversations").json()["secret"]
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.post("/channels/web/messages", json={"id": "1", "text": text}, headers=headers).status_code == 202
    assert client.get("/channels/web/messages?after=1&wait=25", headers=headers).json()["messages"]


def sign_in(server: Server, client: httpx2.Client) -> tuple[str, str]:
    """The session's cookie, and the token for what changes something."""
    told = server.run("desk", "add-agent", LOGIN, "--name", "Herr Amsel", "--admin")
    password = told.strip().rpartition("Password: ")[2]
    answer = client.post("/desk/api/session", json={"login": LOGIN, "password": password})
    assert answer.status_code == 200, answer.text
    return answer.cookies[COOKIE], answer.json()["csrf"]

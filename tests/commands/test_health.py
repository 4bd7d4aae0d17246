"""`python -m bot health` and `migrate`, which container platforms run."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.conftest import PROJECT


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of ours, in a process of its own."""
    command = [sys.executable, "-m", "bot", *arguments]
    variables = {name: value for name, value in os.environ.items() if name not in {"PORT", "POSTBOTE_PORT"}}
    return subprocess.run(
        command, cwd=PROJECT, env=variables | environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(("status", "code", "said"), [(200, 0, ""), (503, 1, "Not ready")])
async def test_health_says_what_the_process_says(status: int, code: int, said: str) -> None:
    """By its exit code; the reason is on stderr, where platforms keep it."""

    async def ready(request: web.Request) -> web.Response:
        return web.json_response({"status": "as it is"}, status=status)

    app = web.Application()
    app.router.add_get("/health/ready", ready)
    async with TestServer(app, host="127.0.0.1") as server:
        done = await asyncio.to_thread(run, "health", PORT=str(server.port), POSTBOTE_HOST="0.0.0.0")
    assert (done.returncode, said in done.stderr) == (code, True)


def test_health_of_nobody_is_a_failure() -> None:
    """A port that nobody listens on, here the one of TCP's multiplexer."""
    done = run("health", POSTBOTE_PORT="1")
    assert done.returncode == 1
    assert "Nobody answers on port 1" in done.stderr


def test_migrate_makes_the_tables_and_may_be_run_again(tmp_path: Path) -> None:
    """Before the first process starts, and at each release."""
    url = f"sqlite:///{tmp_path / 'postbote.db'}"
    for _ in range(2):
        done = run("migrate", POSTBOTE_DATABASE_URL=url)
        assert (done.returncode, done.stdout) == (0, "The database is as this release needs it.\n"), done.stderr
    assert (tmp_path / "postbote.db").stat().st_size > 0

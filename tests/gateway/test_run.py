"""`python -m bot run` as a process: what is said on the terminal, how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.server import Server

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "bot", "run"]


def second_beside(server: Server, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What a second server does that is started like the first one, but for some variables; the first one ends."""
    try:
        return subprocess.run(
            COMMAND,
            cwd=PROJECT,
            env=server.environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        server.kill()


def test_a_second_server_on_the_same_port_starts_nothing(model: Path, tmp_path: Path) -> None:
    """It says what to do before it touches the database, whose turns are the first one's."""
    second = second_beside(Server(tmp_path), POSTBOTE_DATABASE_URL=f"sqlite:///{tmp_path}/second.db")
    assert second.returncode == 1
    assert "Cannot listen on 127.0.0.1:" in second.stderr
    assert "Choose another port" in second.stderr
    assert "Demo page" not in second.stdout
    assert not (tmp_path / "second.db").exists()


def test_a_second_server_on_the_same_file_starts_nothing(model: Path, tmp_path: Path) -> None:
    """On another port it would take the first one's turns."""
    second = second_beside(Server(tmp_path), PORT="0")
    assert second.returncode == 1
    assert "already, and an SQLite file is for one" in second.stderr
    assert "Demo page" not in second.stdout


def test_ctrl_c_stops_it(model: Path, tmp_path: Path) -> None:
    """It says where everything is, with the port that it got; and ends with code 0, once asked to."""
    environment = os.environ | {"PORT": "0", "POSTBOTE_DATABASE_URL": f"sqlite:///{tmp_path}/postbote.db"}
    with subprocess.Popen(COMMAND, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Stop with Ctrl-C"):
                break
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert rest == "Stopped.\n"
    assert any(line.startswith("REST API   http://127.0.0.1:") for line in lines)
    assert not any("127.0.0.1:0/" in line for line in lines)

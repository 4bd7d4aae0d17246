"""`python -m bot desk`: accounts without the desk."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.conftest import PROJECT

BERGER = ["add-agent", "Berger@b.example", "--name", "Frau Berger", "--admin", "--group", "Technik", "--seats", "2"]
AMSEL = ["add-agent", "amsel@b.example", "--name", "Herr Amsel", "--no-password"]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of its own; pytest's stdin is no terminal."""
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", f"sqlite:///{tmp_path}/postbote.db")


def desk(*arguments: str) -> int:
    """Run the command; returns its exit code."""
    return main(["desk", *arguments])


def test_without_a_terminal_a_password_is_made_and_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """It is good enough for its own rule, and nowhere else to be read."""
    assert desk(*BERGER) == 0
    added, password = capsys.readouterr().out.splitlines()
    assert added == "Added Frau Berger (berger@b.example, admin)."
    assert len(password.removeprefix("Password: ")) == 23
    assert desk("list", "--json") == 0
    (berger,) = json.loads(capsys.readouterr().out)
    assert berger == {
        "login": "berger@b.example",
        "name": "Frau Berger",
        "role": "admin",
        "groups": ["Technik"],
        "seats": 2,
        "active": True,
        "seen_at": None,
    }


def test_accounts_are_listed_reset_and_deactivated(capsys: pytest.CaptureFixture[str]) -> None:
    """An account for OpenID Connect gets no password."""
    desk("list")
    assert "add-agent" in capsys.readouterr().out
    desk(*BERGER)
    capsys.readouterr()
    desk(*AMSEL)
    assert "Password" not in capsys.readouterr().out
    assert desk("reset-password", "amsel@b.example") == 0
    assert "Password: " in capsys.readouterr().out
    assert desk("deactivate", "AMSEL@b.example") == 0
    capsys.readouterr()
    desk("list")
    berger, amsel = capsys.readouterr().out.splitlines()
    assert berger.split() == ["berger@b.example", "admin", "Frau", "Berger", "Technik"]
    assert amsel.split() == ["amsel@b.example", "agent", "Herr", "Amsel", "deactivated"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (BERGER, "There is an account berger@b.example already"),
        (["add-agent", "admin", "--name", "Admin"], "login: an e-mail address"),
        (["add-agent", "eck@b.example", "--name", "Eck", "--seats", "0"], "seats: from 1 to 50"),
        (["reset-password", "eck@b.example"], "There is no account eck@b.example"),
        (["deactivate", "berger@b.example"], "last active admin"),
    ],
)
def test_what_does_not_work_says_why(capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str) -> None:
    """And tells no password of an account that was not made."""
    desk(*BERGER)
    capsys.readouterr()
    assert desk(*arguments) == 1
    captured = capsys.readouterr()
    assert complaint in captured.err
    assert "Password" not in captured.out


def test_an_account_is_unlinked(capsys: pytest.CaptureFixture[str]) -> None:
    """Of somebody whom the provider has made anew."""
    desk(*BERGER)
    assert desk("unlink", "berger@b.example") == 0
    assert "linked again at the next sign-in" in capsys.readouterr().out


def test_a_password_is_no_argument(capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody on the machine could read it in the list of processes."""
    with pytest.raises(SystemExit):
        desk(*BERGER, "--password", "drei müde Füchse")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (["drei müde Füchse", "drei müde Füchse"], 0, "Added Frau Berger"),
        (["drei müde Füchse", "drei muede Fuechse"], 1, "The two passwords differ"),
        (["kurz", "kurz"], 1, "A password has 12 to 256 characters"),
        (["\x04"], 1, "No password was typed"),
    ],
)
def test_at_a_terminal_a_password_is_asked_for(typed: list[str], code: int, said: str) -> None:
    """Twice, without showing it."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "desk", *BERGER],
        cwd=PROJECT,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    seen = ""
    for prompt, line in zip(["Password: ", "Once more: "], typed, strict=False):
        seen += read_until(terminal, prompt)
        os.write(terminal, line.encode() + (b"" if line == "\x04" else b"\n"))
    seen += read_until(terminal, None)
    assert process.wait(30) == code
    os.close(terminal)
    assert said in seen
    assert typed[0] not in seen


def read_until(terminal: int, prompt: str | None) -> str:
    """What comes out, to the prompt, or to the end."""
    read = b""
    while prompt is None or not read.decode(errors="replace").endswith(prompt):
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # a terminal whose other side is closed
            break
        if not chunk:
            break
        read += chunk
    return read.decode()

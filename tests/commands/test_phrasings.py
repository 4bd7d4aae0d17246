"""`python -m bot faq phrasings`, with a model of a small FAQ and an endpoint on the loopback interface."""

import asyncio
import json
import os
import pty
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.dialogue.training import ensure_model
from tests.chat_endpoint import KEY, MODEL, ChatEndpoint, choice, refusal
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

BAKERY = """\
# Bäckerei

## Wann haben Sie geöffnet? {#hours}
- öffnungszeiten
- wann macht ihr auf
- habt ihr sonntags offen


Montag bis Samstag von 6 bis 18 Uhr.

## Kann ich eine Torte vorbestellen? {#cake}

Ja, mit drei Tagen Vorlauf.
"""
CAKE = [
    "1. hochzeitstorte bestellen",
    "Wann haben Sie geöffnet?",
    "öffnungszeiten am sonntag",
    "Kann ich eine Torte vorbestellen",
    "what is the price of your cake please",
    "geburtstagskuchen reservieren geht das",
]


@dataclass(frozen=True)
class Done:
    """What the command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., "asyncio.Future[Done]"]


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the FAQ and its trained model."""
    folder = tmp_path_factory.mktemp("bakery")
    (folder / "faq").mkdir()
    # As Windows' Notepad writes it.
    (folder / "faq" / "bakery.md").write_bytes(b"\xef\xbb\xbf" + BAKERY.replace("\n", "\r\n").encode())
    ensure_model(PROJECT, folder / "models", folder / "faq", report=print)
    return folder


@pytest.fixture
def folder(bakery: Path, tmp_path: Path) -> Path:
    """The same to be changed; models are found by what the FAQ says."""
    shutil.copytree(bakery, tmp_path / "bakery")
    return tmp_path / "bakery"


@pytest.fixture
async def endpoint() -> AsyncIterator[ChatEndpoint]:
    """The language model."""
    endpoint = ChatEndpoint()
    await endpoint.start()
    yield endpoint
    await endpoint.stop()


async def run(
    folder: Path, endpoint: ChatEndpoint, *arguments: str, typed: str | None = None, heldout: str = ""
) -> Done:
    """The command as a process; `typed` is what somebody types at a terminal, None: there is none."""
    environment = os.environ | {
        "POSTBOTE_FAQ": str(folder / "faq"),
        "POSTBOTE_MODELS": str(folder / "models"),
        "POSTBOTE_HELDOUT": heldout,
        "POSTBOTE_PHRASINGS_URL": endpoint.url,
        "POSTBOTE_PHRASINGS_MODEL": MODEL,
        "POSTBOTE_PHRASINGS_KEY": KEY,
        "no_proxy": "127.0.0.1",
    }
    command = [sys.executable, "-m", "bot", "faq", "phrasings", *arguments]
    keyboard, stdin = pty.openpty() if typed is not None else (None, asyncio.subprocess.DEVNULL)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=PROJECT, env=environment, stdin=stdin, stdout=PIPE, stderr=PIPE
    )
    if keyboard is not None and typed is not None:
        os.write(keyboard, typed.encode())
    async with asyncio.timeout(120):
        out, err = await process.communicate()
    for terminal in (keyboard, stdin):
        if terminal is not None and terminal >= 0:
            os.close(terminal)
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


def text(folder: Path) -> str:
    """The FAQ's file to the letter."""
    return (folder / "faq" / "bakery.md").read_bytes().decode()


def marks(done: Done) -> list[str]:
    """Number and sign of each draft shown."""
    return [line[2:7] for line in done.out.splitlines() if line.startswith("  ") and line[2:5].strip().isdigit()]


async def test_all_that_do_not_collide_are_written(folder: Path, endpoint: ChatEndpoint) -> None:
    """`--yes` shows what each would change, writes the good ones, and leaves every other byte as it was."""
    before = text(folder)
    endpoint.script.append(CAKE)
    done = await run(folder, endpoint, "cake", "--yes", "-n", "6")
    assert done.code == 0, done.err
    assert "cake: Kann ich eine Torte vorbestellen? (phrasings: 0)" in done.out
    assert "    2 - stands elsewhere    Wann haben Sie geöffnet? (under `hours`)" in done.out
    assert "    3 ! collides            öffnungszeiten am sonntag (today: taken for `hours`, " in done.out
    assert "    4 - duplicate " in done.out
    assert "    5 - unusable            what is the price of your cake please (it does not look German)" in done.out
    assert "Drafting for `cake` (1 of 1)" in done.err
    assert "Written: 2 phrasings of 1 entry into bakery.md." in done.out
    assert "python -m bot train" in done.out
    new = "- hochzeitstorte bestellen\r\n- geburtstagskuchen reservieren geht das\r\n"
    heading = "{#cake}\r\n"
    assert text(folder) == before.replace(heading, heading + new)


async def test_only_the_entry_is_sent(folder: Path, endpoint: ChatEndpoint) -> None:
    """Question, phrasings and answer of the one; nothing of the others."""
    endpoint.script.append(["wann macht ihr zu"])
    await run(folder, endpoint, "hours", "--dry-run")
    (prompt,) = endpoint.prompts
    for part in ("Wann haben Sie geöffnet?", "- habt ihr sonntags offen", "Montag bis Samstag", "Schreibe 15"):
        assert part in prompt
    assert "Torte" not in prompt


async def test_the_editor_is_asked_for_each_entry(folder: Path, endpoint: ChatEndpoint) -> None:
    """The poorest entry first. Numbers take one that collides, but none that another entry has; n takes none."""
    endpoint.script += [CAKE, ["wann macht ihr zu"]]
    done = await run(folder, endpoint, typed="2\nfoo\n1 3\nn\n")
    assert done.code == 0, done.err
    assert done.out.index("cake:") < done.out.index("hours:")
    assert "2 cannot be taken: stands elsewhere (under `hours`)." in done.out
    assert "That is none of the answers." in done.out
    assert "- hochzeitstorte bestellen\r\n- öffnungszeiten am sonntag\r\n" in text(folder)
    assert "wann macht ihr zu" not in text(folder)


async def test_what_was_approved_before_the_end_is_written(folder: Path, endpoint: ChatEndpoint) -> None:
    """q ends the run, not what was said before."""
    endpoint.script += [CAKE, ["wann macht ihr zu"]]
    done = await run(folder, endpoint, typed="y\nq\n")
    assert done.code == 0, done.err
    assert "hochzeitstorte bestellen" in text(folder)
    assert "wann macht ihr zu" not in text(folder)


async def test_all_entries_are_taken_at_once(folder: Path, endpoint: ChatEndpoint) -> None:
    """After a there are no more questions."""
    endpoint.script += [CAKE, ["wann macht ihr zu"]]
    done = await run(folder, endpoint, typed="a\n")
    assert done.code == 0, done.err
    assert "hochzeitstorte bestellen" in text(folder)
    assert "wann macht ihr zu" in text(folder)


async def test_nothing_to_do_is_told_without_asking(folder: Path, endpoint: ChatEndpoint) -> None:
    """Every entry has as many as are wanted."""
    endpoint.script.append(CAKE)
    await run(folder, endpoint, "cake", "--yes")
    done = await run(folder, endpoint, "--json", "-n", "2")
    assert done.code == 0, done.err
    assert json.loads(done.out) == {"entries": [], "failures": {}, "measured": None}
    assert "has 2 phrasings or more" in done.err
    assert len(endpoint.asked) == 1


async def test_failures_are_told_and_the_rest_is_done(folder: Path, endpoint: ChatEndpoint) -> None:
    """Nonsense is skipped; exit code 1 tells scripts of it."""
    endpoint.script += ["Dabei kann ich nicht helfen.", ["wann macht ihr zu"]]
    done = await run(folder, endpoint, "--yes")
    assert done.code == 1
    assert "`cake` is skipped. The model answered no list of phrasings, but “Dabei kann ich nicht" in done.err
    assert "wann macht ihr zu" in text(folder)


async def test_an_endpoint_that_refuses_ends_the_run(folder: Path, endpoint: ChatEndpoint) -> None:
    """With its reason, and without asking for the others; what was approved before is written."""
    endpoint.script += [CAKE, refusal(401, "Key expired.")]
    done = await run(folder, endpoint, "--yes")
    assert done.code == 1
    assert "status 401: Key expired. Check POSTBOTE_PHRASINGS_KEY" in done.err
    assert "hochzeitstorte bestellen" in text(folder)
    assert KEY not in done.out + done.err


async def test_json_is_for_scripts(folder: Path, endpoint: ChatEndpoint) -> None:
    """Drafts and failures; nothing is written."""
    before = text(folder)
    endpoint.script += [CAKE, choice("[", "length")]
    done = await run(folder, endpoint, "--json")
    told = json.loads(done.out)
    assert done.code == 1
    (entry,) = told["entries"]
    assert [draft["effect"] for draft in entry["drafts"]][1:5] == ["taken", "collides", "duplicate", "unusable"]
    assert entry["drafts"][2]["other"] == "hours"
    assert list(told["failures"]) == ["hours"]
    assert text(folder) == before


async def test_measure_compares_before_it_writes(folder: Path, endpoint: ChatEndpoint) -> None:
    """Held-out messages with the model of today and with one of the phrasings; what is worse is not written."""
    before = text(folder)
    heldout = folder / "heldout.jsonl"
    messages = [("wann macht ihr auf", "faq/hours"), ("öffnungszeiten", "faq/hours"), ("hallo", "greet")]
    heldout.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in messages), "utf-8")
    endpoint.script.append(CAKE)
    done = await run(folder, endpoint, "cake", "--yes", "--measure", heldout=str(heldout))
    assert done.code == 0, done.err
    assert "Trained with them, the bot answers 2 of the 2 phrasings rightly (today " in done.out
    assert "Of 3 held-out messages:\n  right         3 →     3\n" in done.out
    assert text(folder) != before
    assert len(list((folder / "models").glob("*.tar.gz"))) == 1


async def test_what_makes_the_bot_worse_is_asked_about_again(folder: Path, endpoint: ChatEndpoint) -> None:
    """Three messages about opening hours, taken as phrasings of the cake's entry, would be answered with it."""
    before = text(folder)
    wrong = ["öffnungszeiten am sonntag", "wann macht ihr sonntags auf", "habt ihr am sonntag offen"]
    heldout = folder / "heldout.jsonl"
    heldout.write_text("".join(json.dumps({"text": each, "label": "faq/hours"}) + "\n" for each in wrong), "utf-8")
    endpoint.script.append(wrong)
    done = await run(folder, endpoint, "cake", "--measure", typed="1-3\nn\n", heldout=str(heldout))
    assert done.code == 1
    assert "of 3 held-out messages wrongly, the present one 0." in done.out
    assert "Write them nevertheless? [y/N] Nothing was written." in done.out
    assert text(folder) == before


async def test_a_heldout_file_that_does_not_fit_is_told_first(folder: Path, endpoint: ChatEndpoint) -> None:
    """Before anything is asked."""
    heldout = folder / "heldout.jsonl"
    heldout.write_text('{"text": "was ist imap", "label": "faq/imap"}\n', "utf-8")
    done = await run(folder, endpoint, "cake", "--yes", "--measure", heldout=str(heldout))
    assert done.code == 1
    assert "label 'faq/imap' is not known" in done.err
    assert endpoint.asked == []

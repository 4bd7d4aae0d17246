"""A million bytes at each parser of what others send: it understands, or says by its own error that it does not."""

import ast
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from bot.channels.choose import DOORS, KINDS
from bot.gateway.app import create_app
from bot.settings import load_settings
from bot.wiring import build
from tests.conftest import PROJECT
from tests.fakes import FakeDialogue
from tests.fuzz import customers, doors, operators, systems, vendors
from tests.fuzz.mutate import inputs
from tests.fuzz.parser import Parser

TOTAL = int(os.environ.get("FUZZ_BYTES", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "7"))
PATIENCE = 10.0
"""Seconds of processor time for one input, of which none needs a hundredth."""

CHANNELS = [f"channel {name}" for name in KINDS]
WITH_A_PLACE = ["published pages", "settings", "backups", "headers"]
ALONE = {each.name: each for part in (vendors, customers, doors, systems, operators) for each in part.PARSERS}
NAMES = [*CHANNELS, *ALONE, *WITH_A_PLACE]


class HungError(BaseException):
    """No parser may catch it."""


@pytest.fixture
def parsers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Parser]:
    """All, by name."""
    services = build(load_settings(database_url=f"sqlite:///{tmp_path}/postbote.db"), FakeDialogue())
    found = [
        *vendors.channel_parsers(monkeypatch.setenv),
        *ALONE.values(),
        operators.page_reader(tmp_path),
        operators.settings_reader(tmp_path),
        operators.backup_reader(tmp_path / "backup"),
        doors.header_reader(create_app(services)),
    ]
    assert sorted(each.name for each in found) == sorted(NAMES)
    return {each.name: each for each in found}


@pytest.fixture
def guarded() -> Iterator[None]:
    """Whatever takes too much of the processor is ended; regular expressions look for signals, too."""

    def hang(number: int, frame: FrameType | None) -> None:
        raise HungError

    before = signal.signal(signal.SIGVTALRM, hang)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Key size")  # of keys that nobody would publish
@pytest.mark.parametrize("name", NAMES)
def test_a_million_bytes(name: str, parsers: dict[str, Parser], guarded: None) -> None:
    """Changed from real ones, the same each time; and most real ones are understood."""
    parser = parsers[name]
    understood = 0
    for number, raw in enumerate(inputs(parser.seeds, TOTAL, SEED)):
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        try:
            parser.parse(raw)
            understood += number < len(parser.seeds)
        except parser.errors:
            pass
        except (Exception, HungError) as error:  # noqa: BLE001 -- whatever it is, it is a fault
            pytest.fail(f"{name}: {error!r} on {raw!r}")
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    assert understood, "Not one of the seeds was understood: nothing but refusals was tested."


def test_every_channel_is_here() -> None:
    """Also those whose clients keep a connection."""
    assert {f"channel {name}" for name in (*KINDS, *DOORS)} <= set(NAMES)


ROOMS = (
    "channels", "conversations", "desk", "faq", "gateway", "identity", "llm", "mail", "mailboxes", "mailplatform",
    "oidc", "staff", "ticketing", "tickets", "webhooks", "backoff.py", "masking.py", "signing.py",
    "strict_json.py", "store/backup.py",
)  # fmt: skip
"""In which something foreign may be read."""
READS = re.compile(r"(parse|read|decode|understand|normalise|identity)(_|$)|(?!is_).*_in$")
ELSEWHERE = {
    "bot/conversations/ports.py": "says what others do",
    "bot/channels/port.py": "says what others do",
    "bot/staff/ports.py": "says what others do",
    "bot/identity/ports.py": "says what others do",
    "bot/mailplatform/reader.py": "reads a database of the hoster's, by a driver of its own",
    "bot/faq/reader.py": "reads our own folder, by what is tested here",
    "bot/faq/learning/files.py": "the same",
    "bot/faq/source.py: read_source": "the same",
    "bot/channels/email.py: Email.read": "reads a mailbox, by what is tested here; tests/channels/email has a server",
    "bot/channels/matrix.py: Matrix.parse": "refuses whatever it is: Matrix calls nobody",
    "bot/channels/matrix_client.py: MatrixClient.read": "marks as read",
    "bot/channels/meta.py: MetaChannel.understand": "says what others do",
    "bot/channels/telegram_updates.py: Place.read": "reads an address of ours",
    "bot/desk/cases.py: read_lists": "reads our own store",
    "bot/gateway/body.py: read": "reads a request, by what is tested here",
    "bot/gateway/body.py: read_as": "the same",
    "bot/gateway/body.py: read_raw": "the same; tests/gateway/test_malformed.py has encodings",
    "bot/gateway/openapi.py: read_document": "reads our own file",
}
"""What is called so, and reads nothing foreign itself: modules, or functions of one."""


def test_every_reader_is_reached(parsers: dict[str, Parser]) -> None:
    """A function that is called like a reader, and that no parser of this list comes by, is missing here."""
    reached: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(PROJECT / "bot")):
            reached.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    sys.setprofile(note)
    try:
        for parser in parsers.values():
            for raw in parser.seeds:
                try:
                    parser.parse(raw)
                except parser.errors:
                    continue
    finally:
        sys.setprofile(None)
    assert {str(PROJECT / place.partition(":")[0]) for place in ELSEWHERE} <= set(map(str, files(everything=True)))
    missing = {
        f"{path.relative_to(PROJECT)}: {name}"
        for path in files()
        for name in readers(path)
        if (str(path), name) not in reached
    }
    assert missing - set(ELSEWHERE) == set(), (
        "Name what reads them in tests/fuzz, or why they read nothing foreign in ELSEWHERE."
    )


def files(*, everything: bool = False) -> Iterator[Path]:
    """Of the rooms; without those that read nothing foreign, if not `everything`."""
    for room in ROOMS:
        place = PROJECT / "bot" / room
        for path in [place] if place.suffix else sorted(place.rglob("*.py")):
            if everything or str(path.relative_to(PROJECT)) not in ELSEWHERE:
                yield path


def readers(path: Path) -> Iterator[str]:
    """The public functions and methods that are called like readers."""
    for node in ast.parse(path.read_text()).body:
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and READS.match(each.name):
                yield owner + each.name

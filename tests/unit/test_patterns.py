"""No text of a customer's makes a pattern of ours run for minutes: every one there is, on texts made to do that."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType

import pytest

import actions
import bot
from bot.channels.styles import _LINE_START
from bot.dialogue.nlu.text import grams
from bot.tickets.reading import folder_in

LENGTH = 1500
MOST_SECONDS = 1.0
"""Of processor time, for one search: usual ones take a thousandth; one that tries all divisions takes days."""
UNITS = (
    *("a", "@", "a@", "@a.", "a.", "1", "1 ", "1.", "1,", "- ", " ", "\n", "\n\n", "> ", "a-", "<", '<a href="'),
    *("&", "\\", "*", "_", "](", "[", "re: ", "und ", "ja ", "ja und ", "(1", "+4", "0 ", "»", '"a', "'", "a:", "%40"),
    *("3%40", "ordner ", "von ", "wie stell ", "/", "00:", "am ", "ä", "dank ", "dank.", "\t", "a@b.", "{", "\u00a0"),
)
ENDS = ("!", "@")


class TookTooLongError(Exception):
    """The processor's time is up."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raises TookTooLongError; by the processor's time, so that a busy machine changes nothing."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def modules() -> Iterator[ModuleType]:
    """All of ours but the command line's entry."""
    for package in (bot, actions):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in found.name and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns() -> dict[re.Pattern[str], str]:
    """Every compiled pattern of texts, with where it is."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                if isinstance(pattern.pattern, str):
                    found.setdefault(pattern, f"{module.__name__}.{name}")
    return found


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from _patterns_in(each)
    elif isinstance(value, dict):
        yield from _patterns_in(list(value.values()))


@pytest.mark.slow
def test_no_pattern_runs_away() -> None:
    """Each is tried on each of the texts."""
    found = patterns()
    assert len(found) > 150
    slow = set()
    for pattern, where in found.items():
        for unit in UNITS:
            try:
                with bounded():
                    for end in ENDS:
                        pattern.search((unit * LENGTH)[:LENGTH] + end)
            except TookTooLongError:
                slow.add(f"{where}: {pattern.pattern[:60]!r} on many {unit!r}")
                break
    assert not slow


def test_a_pattern_that_runs_away_is_found() -> None:
    """The one that understanding had."""
    with pytest.raises(TookTooLongError), bounded():
        re.compile(r"\S+@\S+\.\w+").search("@" * LENGTH)


@pytest.mark.parametrize("text", ["aus A" + "/A" * 30_000, "a" * 60_000, "ordner A" * 8_000, "INBOX/" + "a." * 30_000])
def test_folders_are_read_from_what_is_made_to_keep_them_busy(text: str) -> None:
    """A path of thirty thousand parts took half a minute."""
    with bounded():
        folder_in(text)


@pytest.mark.parametrize("text", ["@" * 50_000, "\n" * 50_000 + "!", "dank\n" * 10_000 + "x", "a" * 50_000])
def test_understanding_reads_what_is_made_to_keep_it_busy(text: str) -> None:
    """One such message would keep all customers of a worker waiting."""
    with bounded():
        grams(text)
        _LINE_START.sub(r"\1", text[:LENGTH])


def test_addresses_are_read_as_before() -> None:
    """Whose mailbox it is says nothing; in whatever it is wrapped."""
    for written in ("anna@lindenpost.example", "<anna@lindenpost.example>", "a.b+c@mail.lindenpost.example"):
        assert grams(f"wie voll ist {written}") == grams("wie voll ist mailadresse") or "<" in written

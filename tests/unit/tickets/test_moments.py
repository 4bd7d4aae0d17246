"""Points in time read from customers' sentences."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.tickets.moments import Ambiguous, Moment, Refused, read_moment
from tests.unit.tickets.moment_cases import ASKED_IN_VAIN, HELD_OUT, KNOWN

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 14, 20, tzinfo=BERLIN)
RETENTION = timedelta(days=90)


def told(result: Moment | Ambiguous | Refused | None) -> str:
    """The result as the tables of cases write it."""
    if result is None:
        return "-"
    if isinstance(result, Refused):
        return result.reason
    if isinstance(result, Ambiguous):
        points = sorted(_point(at, "" if at.hour or at.minute else None) for at in result.candidates)
        return f"? {result.question_key}: {' | '.join(points)}".strip()
    rough = "~" if result.at.hour or result.at.minute else None
    return _point(result.at, "" if result.exact else rough)


def _point(at: datetime, mark: str | None) -> str:
    day = f"{at.day}.{at.month}."
    return day if mark is None else f"{day} {mark}{at:%H:%M}"


def expected(case: str) -> str:
    if not case.startswith("?"):
        return case
    head, _, points = case.partition(":")
    return f"{head}: {' | '.join(sorted(filter(None, (each.strip() for each in re.split(r' [|] ', points)))))}".strip()


@pytest.mark.parametrize(("text", "meaning"), [*KNOWN, *HELD_OUT])
def test_a_sentence_names_its_point(text: str, meaning: str) -> None:
    """Customers' sentences are read as people at the desk would read them."""
    assert told(read_moment(text, NOW, RETENTION)) == expected(meaning)


@pytest.mark.parametrize(("text", "meaning"), ASKED_IN_VAIN)
def test_what_is_too_hard_is_asked_back(text: str, meaning: str) -> None:
    """Nothing wrong is taken for granted: the right point, or another question, is what the customer gets."""
    result = read_moment(text, NOW, RETENTION)
    assert isinstance(result, Ambiguous)


def test_nearly_all_are_read() -> None:
    """At most three of a hundred sentences that a person understands are asked back in vain."""
    assert len(ASKED_IN_VAIN) <= 0.03 * len([*KNOWN, *HELD_OUT, *ASKED_IN_VAIN])

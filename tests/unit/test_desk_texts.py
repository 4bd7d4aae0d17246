"""What goes wrong at the desk is said in the agent's language."""

import re

import pytest

from bot.conversations.errors import TooManyError
from bot.desk.errors import STATUS
from bot.errors import UnavailableError
from bot.limiter import UncountedError
from tests.conftest import PROJECT

TEXTS = PROJECT / "web" / "desk" / "texts" / "shell.js"
WITH_DETAILS = {"invalid", "faq"}
"""Which field, or which line, and why: only the server's sentence says that."""

CODES = sorted({error.code for error in (*STATUS, UnavailableError, UncountedError, TooManyError)})


@pytest.mark.parametrize(
    "code", sorted({error.code for error in (*STATUS, UnavailableError, UncountedError, TooManyError)})
)
def test_every_refusal_has_its_words(code: str) -> None:
    """In both languages; others are shown with the server's English sentence."""
    errors = TEXTS.read_text("utf-8").partition("  errors: {")[2].partition("\n  },")[0]
    written = re.findall(rf'^    {code}: \["[^"]+", "[^"]+"\],$', errors, re.MULTILINE)
    assert bool(written) != (code in WITH_DETAILS)

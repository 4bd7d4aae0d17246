"""Settings from the environment, and what is said when one does not fit."""

from pathlib import Path

import pytest

from bot.commands.settings import example
from bot.errors import SettingsError
from bot.settings import load_settings
from bot.store.choose import open_database
from tests.conftest import PROJECT


def test_the_defaults_need_nothing() -> None:
    """A fresh clone runs without any setting."""
    assert load_settings().port == 8080


def test_port_is_also_read_without_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    """`PORT=9000 make run`."""
    monkeypatch.setenv("PORT", "9000")
    assert load_settings().port == 9000


def test_a_wrong_value_names_the_key_and_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do."""
    monkeypatch.setenv("POSTBOTE_LONGEST_MESSAGE", "viel")
    with pytest.raises(SettingsError, match=r"POSTBOTE_LONGEST_MESSAGE has the value 'viel'.*\.env"):
        load_settings()


@pytest.mark.parametrize("url", ["no url", "sqlite://", "sqlite:///:memory:"])
def test_a_database_that_keeps_nothing_is_refused(url: str) -> None:
    """What is accepted must be stored."""
    with pytest.raises(SettingsError, match="POSTBOTE_DATABASE_URL"):
        open_database(url)


def test_the_example_file_is_current() -> None:
    """`.env.example` is made by `python -m bot settings`."""
    assert Path(PROJECT / ".env.example").read_text("utf-8") == example()

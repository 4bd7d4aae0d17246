"""Settings whose values stand in files."""

from pathlib import Path

import pytest

from bot.channels.options import load_options
from bot.channels.telegram import TelegramOptions
from bot.errors import SettingsError
from bot.settings import load_settings

KEY = "a key of at least thirty-two characters"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """With the key, as `echo` writes it."""
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    return file


def test_a_file_takes_the_place_of_a_value(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the line's end; an empty value beside it counts as none."""
    monkeypatch.setenv("POSTBOTE_SECRET_KEY_FILE", str(file))
    monkeypatch.setenv("POSTBOTE_SECRET_KEY", "")
    assert load_settings().secret_key.get_secret_value() == KEY


def test_values_in_json_are_read_from_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the keys of tokens."""
    keys = tmp_path / "keys.json"
    keys.write_text('{"k": {"algorithm": "HS256", "key": "' + KEY + '"}}')
    monkeypatch.setenv("POSTBOTE_TOKEN_KEYS_FILE", str(keys))
    assert load_settings().token_keys["k"].key.get_secret_value() == KEY


def test_channels_have_files_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a name with a slip of the pen is still no setting."""
    file.write_text("123456:" + "A" * 35)
    monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_TOKEN_FILE", str(file))
    options = load_options(TelegramOptions, "telegram")
    assert options.token.get_secret_value() == "123456:" + "A" * 35
    monkeypatch.setenv("POSTBOTE_CHANNEL_TELEGRAM_TOKN_FILE", str(file))
    with pytest.raises(SettingsError, match="TOKN_FILE is no setting"):
        load_options(TelegramOptions, "telegram")


def test_the_env_file_may_name_them(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As well as the environment."""
    (tmp_path / ".env").write_text(f"POSTBOTE_SECRET_KEY_FILE={file}\nPOSTBOTE_QUEUE_LIMIT=7\n")
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.secret_key.get_secret_value() == KEY
    assert settings.queue_limit == 7


def test_both_are_one_too_many(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could say which one counts."""
    monkeypatch.setenv("POSTBOTE_SECRET_KEY_FILE", str(file))
    monkeypatch.setenv("POSTBOTE_SECRET_KEY", KEY[::-1])
    with pytest.raises(SettingsError, match="POSTBOTE_SECRET_KEY_FILE and POSTBOTE_SECRET_KEY are both set") as raised:
        load_settings()
    assert KEY[::-1] not in str(raised.value)


@pytest.mark.parametrize(("name", "reason"), [("missing", "No such file"), ("", "Is a directory"), ("raw", "no text")])
def test_a_file_that_cannot_be_read_is_named(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting's name and the reason."""
    (tmp_path / "raw").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("POSTBOTE_SECRET_KEY_FILE", str(tmp_path / name))
    with pytest.raises(SettingsError, match=f"POSTBOTE_SECRET_KEY_FILE.*{reason}"):
        load_settings()

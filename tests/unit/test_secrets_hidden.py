"""No secret is shown: not by `repr`, not in an error, not in a log."""

import json
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import PostboteError
from bot.settings import Settings, load_settings
from bot.store.choose import open_database
from tests.conftest import PROJECT

WORD = "Zauberwort"
SECRETS = sorted(key for key, field in Settings.model_fields.items() if field.annotation is SecretStr)
TOKEN_KEYS = {"k": {"algorithm": "HS256", "key": f"{WORD} of at least thirty-two characters"}}
URL = f"postgresql+asyncpg://postbote:{WORD}@127.0.0.1:1/postbote"


def all_set() -> Settings:
    """Every secret has the word in it."""
    values = dict.fromkeys(SECRETS, f"{WORD} of at least thirty-two characters")
    return load_settings(**values, token_keys=TOKEN_KEYS, database_url=URL)


def test_there_are_secrets() -> None:
    """The tests below mean something."""
    assert {"secret_key", "smtp_password", "metrics_token", "tickets_token"} <= set(SECRETS)


def test_settings_do_not_show_them() -> None:
    """By none of the ways in which an object becomes text."""
    settings = all_set()
    for text in (repr(settings), str(settings), f"{settings!r:>10}", repr(settings.model_dump()["secret_key"])):
        assert WORD not in text
    assert settings.secret_key.get_secret_value().startswith(WORD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTBOTE_SECRET_KEY", WORD),
        ("POSTBOTE_TOKEN_KEYS", f'{{"k": {{"algorithm": "HS256", "key": "{WORD}"'),
        ("POSTBOTE_TOKEN_KEYS", f'{{"k": {{"algorithm": "none", "key": "{WORD}"}}}}'),
        ("POSTBOTE_DATABASE_URL", f"postbote:{WORD}@db"),
    ],
)
def test_an_error_does_not_show_them(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does what it came of, as a stack trace would show it."""
    monkeypatch.setenv(name, value)
    with pytest.raises(PostboteError) as raised:
        open_database(load_settings().database_url)
    assert name in str(raised.value)
    assert WORD not in "".join(traceback.format_exception(raised.value))


def test_a_slip_of_the_pen_in_a_name_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no setting may have been meant as a secret one."""
    (tmp_path / ".env").write_text(f"POSTBOTE_SECRET_KY={WORD}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PostboteError, match="POSTBOTE_SECRET_KY") as raised:
        load_settings()
    assert WORD not in "".join(traceback.format_exception(raised.value))


LOGGING = f"""
import asyncio, logging, structlog
from bot.log import configure, tell
from bot.store.choose import open_database
from sqlalchemy import text
from tests.unit.test_secrets_hidden import all_set

settings = all_set().model_copy(update={{"log_format": "json", "log_level": "debug"}})
configure(settings)
log = structlog.get_logger(stop="test")
log.info("settings", settings=settings, key=settings.secret_key, inside=[settings, {{"key": settings.smtp_password}}])
logging.getLogger("library").error("settings %s", settings)

async def fail():
    database = open_database(settings.database_url)
    try:
        await database.ping()
    except Exception:
        log.exception("no database")

async def break_rule():
    database = open_database("sqlite:///FOLDER/x.db")
    await database.migrate()
    row = {{"text": "{WORD}"}}
    try:
        query = text("INSERT INTO messages (text) VALUES (:text)")
        await database.write(lambda connection: connection.execute(query, row))
    except Exception:
        log.exception("no row")
    await database.close()

asyncio.run(fail())
asyncio.run(break_rule())
tell("told")
"""


def test_a_log_does_not_show_them(tmp_path: Path) -> None:
    """Settings that somebody logs, a database that is away, a row that breaks a rule; ours and libraries' lines."""
    code = LOGGING.replace("FOLDER", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines if line["level"] == "error"][-2:] == ["no database", "no row"]
    assert {"settings", "told"} <= {line["event"] for line in lines}
    assert any(line.get("logger") == "library" for line in lines)
    assert WORD not in done.stderr + done.stdout

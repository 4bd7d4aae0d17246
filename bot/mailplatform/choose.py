"""From the settings to the platform."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, InvalidRequestError

from bot.clock import Clock
from bot.errors import SettingsError
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.demo import DemoMailboxes
from bot.mailplatform.doveadm import Doveadm, DoveadmMailboxes, authorize_by_key, authorize_by_password
from bot.mailplatform.guard import GuardedMailboxes
from bot.mailplatform.reader import Reader, open_reader
from bot.mailplatform.sql import Queries, SqlMailboxes
from bot.settings import Settings


def choose_mailboxes(settings: Settings, clock: Clock) -> Mailboxes:
    """The platform that the settings name; nothing is connected yet. Raises SettingsError, which names the key."""
    match settings.mailboxes:
        case "demo":
            return DemoMailboxes(clock)
        case "doveadm":
            return GuardedMailboxes(DoveadmMailboxes(_doveadm(settings), clock), settings.platform_timeout)
        case "sql":
            return GuardedMailboxes(_sql(settings, clock), settings.platform_timeout)


def _doveadm(settings: Settings) -> Doveadm:
    url = _get(settings, "doveadm_url").rstrip("/")
    if not _is_origin(url):
        raise SettingsError("POSTBOTE_DOVEADM_URL must be scheme, host and port, such as https://mail.example.de:8080.")
    return Doveadm(url, _authorize(settings), settings.doveadm_quota_root, settings.doveadm_contact_field)


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return url == f"{parts.scheme}://{parts.netloc}" and parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        return False


def _authorize(settings: Settings) -> str:
    key, password = settings.doveadm_api_key.get_secret_value(), settings.doveadm_password.get_secret_value()
    if bool(key) == bool(password):
        raise SettingsError(
            "POSTBOTE_DOVEADM_API_KEY or POSTBOTE_DOVEADM_PASSWORD must be set, and one of them only: "
            "Dovecot's doveadm_api_key or its doveadm_password."
        )
    return authorize_by_key(key) if key else authorize_by_password(settings.doveadm_user, password)


def _sql(settings: Settings, clock: Clock) -> SqlMailboxes:
    queries = Queries(_query(settings, "mailboxes_quota_query"), _query(settings, "mailboxes_contact_query"))
    return SqlMailboxes(_open(_get(settings, "mailboxes_database_url")), queries, clock)


def _open(address: str) -> Reader:
    # No message says the address: it may have a password in it.
    try:
        url = make_url(address)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            raise SettingsError("POSTBOTE_MAILBOXES_DATABASE_URL names an SQLite file that does not exist.")
        return open_reader(url)
    except ArgumentError as error:
        raise SettingsError("POSTBOTE_MAILBOXES_DATABASE_URL is no SQLAlchemy URL of a known database.") from error
    except (InvalidRequestError, ImportError) as error:
        raise SettingsError(
            f"POSTBOTE_MAILBOXES_DATABASE_URL: {error} Name an asynchronous driver that is installed, "
            "such as postgresql+asyncpg://…"
        ) from error


def _query(settings: Settings, key: str) -> str:
    """Empty only where the setting may be."""
    query: str = getattr(settings, key) if key == "mailboxes_contact_query" else _get(settings, key)
    if query and set(text(query).compile().params) != {"address"}:
        raise SettingsError(f"POSTBOTE_{key.upper()} must have the parameter :address and no other.")
    return query


def _get(settings: Settings, key: str) -> str:
    value: str | SecretStr = getattr(settings, key)
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not plain:
        raise SettingsError(f"POSTBOTE_{key.upper()} is missing, which POSTBOTE_MAILBOXES={settings.mailboxes} needs.")
    return plain

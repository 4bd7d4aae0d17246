"""From the settings to the platform, and what is said when something is missing."""

from pathlib import Path

import pytest

from bot.clock import now
from bot.errors import SettingsError
from bot.mailplatform.choose import choose_mailboxes
from bot.settings import load_settings

DOVEADM = {"mailboxes": "doveadm", "doveadm_url": "https://mail.example.de:8080", "doveadm_api_key": "geheim"}
QUERY = "SELECT used, total FROM mailbox WHERE address = :address"
SQL = {
    "mailboxes": "sql",
    "mailboxes_database_url": "postgresql+asyncpg://reader:geheim@127.0.0.1/mail",
    "mailboxes_quota_query": QUERY,
}


async def test_without_settings_it_is_the_demo() -> None:
    """So that a fresh clone shows everything; two of its mailboxes are those that the advice is about."""
    mailboxes = choose_mailboxes(load_settings(), now)
    shares = [(await mailboxes.quota(f"{name}@lindenpost.example")).share for name in ("anna", "bernd", "clara")]
    assert shares == pytest.approx([0.64, 0.93, 1.0])


@pytest.mark.parametrize("values", [DOVEADM, DOVEADM | {"doveadm_url": "http://[::1]:8080/"}, SQL])
async def test_what_is_complete_is_taken(values: dict[str, str]) -> None:
    """Nothing is connected yet."""
    await choose_mailboxes(load_settings(**values), now).close()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        (DOVEADM | {"doveadm_url": ""}, "POSTBOTE_DOVEADM_URL"),
        (DOVEADM | {"doveadm_url": "mail.example.de"}, "POSTBOTE_DOVEADM_URL"),
        (DOVEADM | {"doveadm_url": "ftp://mail.example.de"}, "POSTBOTE_DOVEADM_URL"),
        (DOVEADM | {"doveadm_url": "http://mail.example.de/doveadm/v1"}, "POSTBOTE_DOVEADM_URL"),
        (DOVEADM | {"doveadm_url": "http://mail.example.de:hundert"}, "POSTBOTE_DOVEADM_URL"),
        (DOVEADM | {"doveadm_url": "http://"}, "POSTBOTE_DOVEADM_URL"),
        (DOVEADM | {"doveadm_api_key": ""}, "POSTBOTE_DOVEADM_API_KEY or POSTBOTE_DOVEADM_PASSWORD"),
        (DOVEADM | {"doveadm_password": "geheim"}, "POSTBOTE_DOVEADM_API_KEY or POSTBOTE_DOVEADM_PASSWORD"),
        (SQL | {"mailboxes_database_url": ""}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_database_url": "mail"}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_database_url": "nosuch://reader:geheim@host/mail"}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_database_url": "postgresql://reader:geheim@host/mail"}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_database_url": "mysql+aiomysql://a:geheim@host/mail"}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_database_url": "sqlite://"}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_database_url": "sqlite:////no/such.db"}, "POSTBOTE_MAILBOXES_DATABASE_URL"),
        (SQL | {"mailboxes_quota_query": ""}, "POSTBOTE_MAILBOXES_QUOTA_QUERY"),
        (SQL | {"mailboxes_quota_query": "SELECT 1, 2"}, "POSTBOTE_MAILBOXES_QUOTA_QUERY"),
        (SQL | {"mailboxes_quota_query": QUERY + " AND a = :b"}, "POSTBOTE_MAILBOXES_QUOTA_QUERY"),
        (SQL | {"mailboxes_contact_query": "SELECT '{address}'"}, "POSTBOTE_MAILBOXES_CONTACT_QUERY"),
    ],
)
def test_what_is_half_done_names_the_key(values: dict[str, str], key: str) -> None:
    """The start stops there; no secret is in the message."""
    with pytest.raises(SettingsError, match=key) as caught:
        choose_mailboxes(load_settings(**values), now)
    assert "geheim" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    """Neither by the settings nor by what is made of them."""
    settings = load_settings(**DOVEADM | {"mailboxes_database_url": "postgresql://a:geheim@b/c"})
    assert "geheim" not in repr(settings)
    assert "geheim" not in repr(vars(choose_mailboxes(settings, now)))


def test_an_sqlite_file_is_never_made(tmp_path: Path) -> None:
    """Else a wrong path would be a platform without mailboxes."""
    with pytest.raises(SettingsError, match="does not exist"):
        choose_mailboxes(load_settings(**SQL | {"mailboxes_database_url": f"sqlite:///{tmp_path}/mail.db"}), now)
    assert not list(tmp_path.iterdir())

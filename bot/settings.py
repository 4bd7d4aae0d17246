"""Every setting: from the environment (`POSTBOTE_…`) or `.env`, read once and never changed."""

from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError


class Settings(BaseSettings):
    """All settings with their defaults; the description of each is what `.env.example` says."""

    model_config = SettingsConfigDict(
        env_prefix="POSTBOTE_", env_file=".env", env_file_encoding="utf-8", frozen=True, extra="forbid"
    )

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(
        8080, ge=0, le=65535, validation_alias=AliasChoices("PORT", "POSTBOTE_PORT"), description="Port to listen on."
    )
    project: Path = Field(Path(), description="Folder with config.yml, domain and data.")
    faq: Path = Field(Path("data/faq"), description="Folder of the FAQ's Markdown files.")
    models: Path = Field(Path("models"), description="Folder of the trained models.")
    database_url: str = Field(
        "sqlite:///var/postbote.db",
        description="SQLAlchemy URL of the database; beyond one machine postgresql+asyncpg://…",
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description='Other sites that may embed the widget, as JSON: ["https://www.example.de"].'
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["console", "json"] = Field("console", description="For people or for machines.")
    longest_message: int = Field(4000, ge=100, le=50_000, description="Characters that a customer's message may have.")
    waiting_per_conversation: int = Field(
        20, ge=1, description="Messages of one conversation that may wait for a turn."
    )
    messages_per_minute: int = Field(60, ge=1, description="Messages that one conversation may send in a minute.")
    conversations_per_hour: int = Field(120, ge=1, description="Conversations that one address may begin in an hour.")
    reply_timeout: float = Field(30.0, gt=0, description="Seconds that the REST door waits for the reply.")
    mailboxes: Literal["demo", "doveadm", "sql"] = Field(
        "demo", description="Platform that knows the mailboxes: demo, doveadm (Dovecot) or sql (your own tables)."
    )
    platform_timeout: float = Field(5.0, gt=0, le=30, description="Seconds that the platform has for an answer.")
    doveadm_url: str = Field("", description="Dovecot's doveadm HTTP listener, such as https://mail.example.de:8080.")
    doveadm_api_key: SecretStr = Field(SecretStr(""), description="Dovecot's doveadm_api_key.")
    doveadm_user: str = Field("doveadm", description="Dovecot's doveadm_username; only with a password.")
    doveadm_password: SecretStr = Field(SecretStr(""), description="Dovecot's doveadm_password, instead of a key.")
    doveadm_quota_root: str = Field("", description="Name of the quota root to show, if Dovecot has several.")
    doveadm_contact_field: str = Field(
        "", description="Field of Dovecot's userdb with the owner's contact address; without it no one-time codes."
    )
    mailboxes_database_url: SecretStr = Field(
        SecretStr(""), description="SQLAlchemy URL of your tables, such as postgresql+asyncpg://reader:…@host/mail."
    )
    mailboxes_quota_query: str = Field(
        "", description="SELECT of used and total bytes (null or 0: no limit) of the mailbox :address."
    )
    mailboxes_contact_query: str = Field(
        "", description="SELECT of the contact address of the owner of :address; without it no one-time codes."
    )


def load_settings(**values: Any) -> Settings:
    """The settings of this process; `values` win. Raises SettingsError, which names the key and the rule."""
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(fault) for fault in error.errors())) from error


def _explain(fault: Any) -> str:
    key = str(fault["loc"][0])
    name = key if key.isupper() else f"POSTBOTE_{key.upper()}"
    return f"{name} has the value {fault['input']!r}: {fault['msg']}. Change it in the environment or in .env."

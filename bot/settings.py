"""Every setting: from the environment (`POSTBOTE_…`), a file that it names, or `.env`; read once and never changed."""

from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from bot.errors import SettingsError
from bot.secret_files import files_of, names_file

SHORTEST_SECRET = 32
PRIVATE = tuple(
    map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""Loopback and the networks of https://www.rfc-editor.org/rfc/rfc1918 and rfc4193."""
CHANNEL_PREFIX = "POSTBOTE_CHANNEL_"
"""What so begins is of a channel's own options, see bot.channels.options."""


class TokenKey(BaseModel):
    """A key that the hoster's page signs tokens with; the algorithm is the key's, whatever a token says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: Literal["HS256", "EdDSA"]
    key: SecretStr
    """HS256: the shared secret, 32 characters at least. EdDSA: the public key as PEM."""


class _OwnLines(DotEnvSettingsSource):
    """`.env` without the lines of channels, which their options read, and those that name files of secrets."""

    def _read_env_files(self) -> Mapping[str, str | None]:
        lines = super()._read_env_files()
        keys = {f"POSTBOTE_{key.upper()}" for key in Settings.model_fields}
        return {
            name: value
            for name, value in lines.items()
            if not (name.upper().startswith(CHANNEL_PREFIX) or names_file(name, keys))
        }


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
    heldout: Path | None = Field(
        Path("tests/quality/heldout.jsonl"),
        description="Labelled messages on which a model that is published at the desk must not do worse than the last; "
        "empty: it is not measured.",
    )
    phrasings_url: str = Field(
        "",
        description="OpenAI-compatible chat endpoint, hosted or local, that python -m bot faq phrasings asks for "
        "drafts, such as https://api.example/v1; empty: none, and nothing is sent. The bot itself never asks it.",
    )
    phrasings_model: str = Field("", description="Name of the language model there.")
    phrasings_key: SecretStr = Field(SecretStr(""), description="Key of it; empty for most local ones.")
    phrasings_timeout: float = Field(120.0, gt=0, le=3600, description="Seconds that it has for one answer.")
    kept_models: int = Field(
        5, ge=2, description="Models that are kept, the one in use among them: the one before can be brought back."
    )
    database_url: str = Field(
        "sqlite:///var/postbote.db",
        repr=False,  # a server's has a password in it
        description="SQLAlchemy URL of the database; beyond one machine postgresql+asyncpg://…",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Secret of at least 32 random characters for one-time codes and waiting mails, the same in every "
        "process. Empty: one is made and kept beside the SQLite database.",
    )
    token_keys: dict[str, TokenKey] = Field(
        {},
        description="Keys of the tokens of your logged-in pages, by kid, as JSON: "
        '{"2026-11": {"algorithm": "HS256", "key": "…"}}; algorithm HS256 or EdDSA (key: the public PEM).',
    )
    token_audience: str = Field("postbote", min_length=1, description="The `aud` that such a token must name.")
    proof_minutes: int = Field(
        30, ge=1, le=1440, description="Minutes that a conversation remembers a proof of identity, at most."
    )
    mailer: Literal["demo", "smtp"] = Field(
        "demo", description="How one-time codes leave: smtp, or demo (shown to everybody on /demo/mails)."
    )
    mail_from: str = Field("", description="Sender's address of mails, such as hilfe@example.de.")
    mail_from_name: str = Field("", description="Sender's name of mails, such as Lindenpost Hilfe.")
    smtp_host: str = Field("", description="SMTP server.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port: 587 for starttls, 465 for tls.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the way to it is encrypted.")
    smtp_user: str = Field("", description="User name there; empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password there.")
    smtp_timeout: float = Field(20.0, gt=0, le=300, description="Seconds that each step of SMTP may take.")
    channels: tuple[str, ...] = Field(
        (),
        description='Channels beside the widget and REST, as JSON: ["telegram", "email"]; each has own settings, '
        "see docs/channels.md and python -m bot channels.",
    )
    channels_timeout: float = Field(15.0, gt=0, le=60, description="Seconds that a vendor has for an answer.")
    public_url: str = Field(
        "",
        description="Where vendors of channels reach us, such as https://hilfe.example.de.",
    )
    attachments: Literal["refuse", "keep"] = Field(
        "refuse", description="What customers attach: refused with a polite sentence, or kept for the desk."
    )
    attachments_types: tuple[str, ...] = Field(
        ("image/png", "image/jpeg", "application/pdf", "text/plain"),
        description="Types that are kept; by what the file is, not by its name.",
    )
    attachments_largest: int = Field(5_000_000, ge=1, le=50_000_000, description="Bytes that one may have.")
    allowed_origins: tuple[str, ...] = Field(
        (), description='Other sites that may embed the widget, as JSON: ["https://www.example.de"].'
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="Networks of your reverse proxies, whose X-Forwarded-For and X-Forwarded-Proto are believed, "
        'as JSON: ["127.0.0.1", "10.0.0.0/8"].',
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["console", "json"] = Field("console", description="For people or for machines.")
    metrics_from: tuple[IPvAnyNetwork, ...] = Field(
        PRIVATE,
        description="Networks that may read /metrics without a token, as JSON; an address behind a proxy counts only "
        "if the proxy is one of POSTBOTE_TRUSTED_PROXIES.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Token (Authorization: Bearer …) by which others read /metrics; empty: nobody else."
    )
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

    time_zone: str = Field(
        "Europe/Berlin", description='Where the hoster\'s "yesterday" is; a name of the tz database.'
    )
    backup_days: int = Field(30, ge=1, le=3650, description="Days that the backups of mailboxes reach back.")
    tickets: Literal["local", "rt", "zammad", "email", "webhook"] = Field(
        "local", description="Ticket system: local (python -m bot tickets), rt, zammad, email or webhook."
    )
    tickets_url: str = Field("", description="Its address, such as https://rt.example.de.")
    tickets_token: SecretStr = Field(
        SecretStr(""), description="Token of RT or Zammad; for webhook the secret that signs (whsec_… or plain)."
    )
    tickets_queue: str = Field("", description="RT's queue or Zammad's group.")
    tickets_mail_to: str = Field("", description="Address that tickets are mailed to.")
    tickets_states: dict[str, Literal["open", "working", "waiting", "done", "refused"]] = Field(
        {}, description='Meaning of states of your own, as JSON: {"in review": "working"}.'
    )
    tickets_timeout: float = Field(15.0, gt=0, le=120, description="Seconds that the ticket system has for an answer.")
    tickets_poll: float = Field(60.0, ge=1, description="Seconds between looks at the states of tickets.")
    desk_session_hours: float = Field(12.0, gt=0, le=168, description="Hours after which agents must sign in again.")
    desk_idle_minutes: float = Field(60.0, ge=5, le=1440, description="The same, in minutes without a sign of life.")
    desk_vanished_seconds: float = Field(
        300.0,
        ge=10,
        description="Seconds without a sign of life after which an agent's conversations go back into the queue.",
    )
    desk_wrong_passwords: int = Field(
        30, ge=5, description="Wrong passwords that one address may send in 15 minutes; a login is locked after 5."
    )
    desk_language: Literal["de", "en"] = Field("de", description="Language of the sign-in page and of new accounts.")
    desk_passwords: bool = Field(True, description="Whether one can sign in by password; else by OpenID Connect only.")
    desk_oidc_issuer: str = Field(
        "",
        description="Issuer of your OpenID Connect provider, such as https://id.example.de/realms/team; empty: none.",
    )
    desk_oidc_client_id: str = Field("", description="Our client there; its redirect URI is …/desk/oidc/callback.")
    desk_oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="Its secret; empty: a public client, which PKCE secures alone."
    )
    desk_oidc_name: str = Field("OpenID Connect", min_length=1, description="What the sign-in page calls the provider.")
    desk_oidc_scope: str = Field("openid email profile", description="What we ask the provider for.")
    desk_oidc_trust_email: bool = Field(
        False,
        description="Believe addresses that the provider does not call verified (Microsoft Entra ID says nothing).",
    )
    desk_oidc_groups_claim: str = Field(
        "groups", min_length=1, description="Claim with somebody's groups or roles, such as realm_access.roles."
    )
    desk_oidc_agents: str = Field(
        "", description="Group whose members get an account when they first sign in; empty: an admin adds accounts."
    )
    desk_oidc_admins: str = Field("", description="The same, for admins.")
    desk_closing_reasons: tuple[str, ...] = Field(
        ("Gelöst", "Ticket eröffnet", "Weiterverwiesen", "Keine Antwort", "Kein Anliegen"),
        min_length=1,
        description="What agents choose from when they close a conversation, as JSON.",
    )

    desk_hours: dict[str, list[str]] = Field(
        {},
        description='When people answer, as JSON: {"mon-fri": ["08:00-12:00", "13:00-18:00"], "sat": ["09:00-13:00"]}. '
        "Empty: round the clock.",
    )
    desk_state: str = Field(
        "",
        description="Whose public holidays are days off: a state such as BW; DE: those of all of Germany alone; "
        "empty: they are days like others.",
    )
    desk_days_off: tuple[date, ...] = Field(
        (), description='Further days on which nobody answers, as JSON: ["2026-12-24", "2026-12-31"].'
    )
    queue_limit: int = Field(
        50, ge=1, description="Customers who may wait for a person at once; further ones may leave a message."
    )
    events_url: str = Field(
        "", description="Address that is told of hand-offs (a signed POST each), such as https://crm.example.de/hook."
    )
    events_secret: SecretStr = Field(SecretStr(""), description="Secret that signs them: whsec_… or plain.")
    events_timeout: float = Field(15.0, gt=0, le=60, description="Seconds that it has for an answer.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """See pydantic-settings; `dotenv_settings` would read the lines of channels, too."""
        del dotenv_settings
        files = files_of(settings_cls, env_settings)
        return init_settings, files, env_settings, _OwnLines(settings_cls), file_secret_settings

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("this is no name of the tz database, such as Europe/Berlin") from error
        return value

    @field_validator("heldout", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return value or None

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"at least {SHORTEST_SECRET} characters are needed")
        return value


def load_settings(**values: Any) -> Settings:
    """The settings of this process; `values` win. Raises SettingsError, which names the key and the rule."""
    try:
        return Settings(**values)
    except ValidationError as error:
        # Not `from error`: its text shows what was given, passwords as well.
        raise SettingsError("\n".join(_explain(fault) for fault in error.errors())) from None
    except UnreadableError as error:
        # Nor this: its cause holds the value.
        name = _name(str(error).partition('"')[2].partition('"')[0])
        raise SettingsError(f"{name} is not the JSON that it should be. Change it; see .env.example.") from None


def _explain(fault: Any) -> str:
    key = str(fault["loc"][0])
    name = _name(key)
    # What is not known may be a secret whose name has a slip of the pen.
    hidden = _is_secret(key) or fault["type"] == "extra_forbidden"
    value = "a value that is not shown here" if hidden else f"the value {fault['input']!r}"
    return f"{name} has {value}: {fault['msg']}. Change it in the environment or in .env."


def _name(key: str) -> str:
    """As the environment has it."""
    return key.upper() if key.upper().startswith(("PORT", "POSTBOTE_")) else f"POSTBOTE_{key.upper()}"


def _is_secret(key: str) -> bool:
    field = Settings.model_fields.get(key)
    return field is not None and (field.annotation is SecretStr or key == "token_keys")

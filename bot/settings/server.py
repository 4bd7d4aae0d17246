"""Where we listen, keep, log, and how much we take."""

import re
from ipaddress import ip_network
from typing import Literal

from pydantic import AliasChoices, BaseModel, Field, IPvAnyNetwork, SecretStr, field_validator

SHORTEST_SECRET = 32
ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:_-]+")
"""As browsers send it: in small letters, without a path."""
PRIVATE = tuple(
    map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""Loopback and the networks of https://www.rfc-editor.org/rfc/rfc1918 and rfc4193."""


class ServerSettings(BaseModel):
    """See the descriptions."""

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(
        8080, ge=0, le=65535, validation_alias=AliasChoices("PORT", "POSTBOTE_PORT"), description="Port to listen on."
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
    public_url: str = Field(
        "",
        description="Where vendors of channels reach us, such as https://hilfe.example.de.",
    )
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
    traces: Literal["off", "otlp"] = Field(
        "off",
        description="OpenTelemetry traces: otlp sends them as the variables OTEL_… of the environment say, which needs "
        "make otel.",
    )
    longest_message: int = Field(4000, ge=100, le=50_000, description="Characters that a customer's message may have.")
    waiting_per_conversation: int = Field(
        20, ge=1, description="Messages of one conversation that may wait for a turn."
    )
    messages_per_minute: int = Field(60, ge=1, description="Messages that one conversation may send in a minute.")
    conversations_per_hour: int = Field(120, ge=1, description="Conversations that one address may begin in an hour.")
    reply_timeout: float = Field(30.0, gt=0, description="Seconds that the REST door waits for the reply.")

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not ORIGIN.fullmatch(value):
                raise ValueError(
                    f"{value!r} is no origin: scheme and host, such as https://www.example.de; no * either"
                )
        return values

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"at least {SHORTEST_SECRET} characters are needed")
        return value

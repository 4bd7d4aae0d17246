"""How customers prove who they are, and how mails leave."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class TokenKey(BaseModel):
    """A key that the hoster's page signs tokens with; the algorithm is the key's, whatever a token says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: Literal["HS256", "EdDSA"]
    key: SecretStr
    """HS256: the shared secret, 32 characters at least. EdDSA: the public key as PEM."""


class IdentitySettings(BaseModel):
    """See the descriptions."""

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

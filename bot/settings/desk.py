"""The desk: who signs in, when people answer, who is told."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class DeskSettings(BaseModel):
    """See the descriptions."""

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

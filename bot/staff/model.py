"""Who works at the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

Language = Literal["de", "en"]
AWAY_AFTER = timedelta(minutes=2)
"""Without a sign of life."""
DEFAULT_SEATS = 4
MOST_TRIES = 5
"""Wrong passwords in a row, which lock the login for `LOCK`."""
LOCK = timedelta(minutes=15)


class Role(StrEnum):
    """What an account may do."""

    AGENT = "agent"
    ADMIN = "admin"
    """All that an agent may, and accounts."""

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        return self is Role.ADMIN or self is needed


class Presence(StrEnum):
    """Whether somebody is there."""

    ONLINE = "online"
    AWAY = "away"
    PAUSED = "paused"
    """There, but takes no new conversations."""
    OFFLINE = "offline"


@dataclass(frozen=True)
class Agent:
    """An account of the desk."""

    id: int
    login: str
    """Lower-case e-mail address."""
    name: str
    """As customers see it."""
    role: Role
    groups: tuple[str, ...]
    seats: int
    """Conversations that may be held at once."""
    language: Language
    """Of the desk's pages."""
    active: bool
    paused: bool
    seen_at: datetime | None
    """Last sign of life; None: signed out."""
    subject: str | None = None
    """Who it is to the OpenID Connect provider: issuer and subject."""

    def presence(self, now: datetime) -> Presence:
        """At this moment."""
        if not self.active or self.seen_at is None:
            return Presence.OFFLINE
        if self.paused:
            return Presence.PAUSED
        return Presence.AWAY if now - self.seen_at >= AWAY_AFTER else Presence.ONLINE


@dataclass(frozen=True)
class NewAgent:
    """An account that is to be."""

    login: str
    name: str
    role: Role = Role.AGENT
    groups: tuple[str, ...] = ()
    seats: int = DEFAULT_SEATS
    language: Language = "de"
    active: bool = True
    password_hash: str | None = None
    """None: signs in by OpenID Connect only."""
    subject: str | None = None


@dataclass(frozen=True)
class Session:
    """Somebody is signed in."""

    digest: str
    """What is stored of the cookie."""
    csrf: str
    """What requests that change something must send in a header."""
    agent: Agent
    seen_at: datetime
    until: datetime
    """Signed out then, whatever happens."""


@dataclass(frozen=True)
class Identity:
    """Somebody, as an identity provider knows them."""

    subject: str
    """Issuer and subject: the same for ever, unlike an address."""
    email: str | None
    """None: none that the provider has verified."""
    name: str | None
    groups: frozenset[str]


@dataclass(frozen=True)
class Attempt:
    """What one remembers while somebody signs in at an identity provider."""

    state: str
    """Ties the answer to this browser."""
    nonce: str
    """Ties the ID token to this attempt."""
    verifier: str
    """Ties the code to us (PKCE, RFC 7636)."""
    redirect_uri: str

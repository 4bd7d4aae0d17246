"""What the desk's people need from others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypedDict, Unpack

from bot.staff.model import Agent, Attempt, Identity, Language, NewAgent, Role, Session


class Changes(TypedDict, total=False):
    """What may change of an account."""

    login: str
    name: str
    role: Role
    groups: tuple[str, ...]
    seats: int
    language: Language
    active: bool
    paused: bool
    seen_at: datetime | None
    subject: str | None
    password_hash: str | None


class Agents(Protocol):
    """Where accounts are kept."""

    async def add(self, new: NewAgent) -> Agent:
        """Raises LoginTakenError."""

    async def get(self, agent_id: int) -> Agent:
        """Raises UnknownAgentError."""

    async def find(self, login: str) -> Agent | None:
        """By login, in whichever case."""

    async def find_by_subject(self, subject: str) -> Agent | None:
        """By what the OpenID Connect provider calls them."""

    async def everyone(self) -> Sequence[Agent]:
        """All accounts, by name; those that are not active as well."""

    async def change(self, agent_id: int, **changes: Unpack[Changes]) -> Agent:
        """Raises UnknownAgentError, LoginTakenError, LastAdminError."""

    async def find_with_password(self, login: str) -> tuple[Agent, str | None] | None:
        """As `find`, with the digest of the password, if the account has one."""

    async def holding(self) -> Mapping[int, int]:
        """How many conversations each holds; who holds none is missing."""


class Tries(Protocol):
    """Wrong passwords in a row, by login: one that no account has is counted as well."""

    async def begin(self, login: str) -> datetime | None:
        """Count a try before its password is looked at; when it is not to be looked at: until when."""

    async def forgive(self, login: str) -> None:
        """The password was right, or is new."""


class SessionStore(Protocol):
    """Where sessions are kept."""

    async def begin(self, agent_id: int, digest: str, csrf: str, until: datetime) -> None:
        """Keep a new one; those that are over are forgotten."""

    async def find(self, digest: str, seen_since: datetime) -> Session | None:
        """The session of an active account, if it is not over and was used after `seen_since`."""

    async def touch(self, digest: str) -> None:
        """It is in use."""

    async def end(self, digest: str) -> None:
        """Sign out."""

    async def end_all(self, agent_id: int) -> None:
        """Sign out everywhere."""


class IdentityProvider(Protocol):
    """Where the hoster's people sign in for everything."""

    async def begin(self, redirect_uri: str) -> tuple[str, Attempt]:
        """Where to send the browser, and what to remember. Raises IdentityError."""

    async def finish(self, attempt: Attempt, code: str, issuer: str | None) -> Identity:
        """Who came back with this code; `issuer` is who says so, if that is said. Raises IdentityError."""

"""Come in by the hoster's own sign-in: which account somebody is whom the identity provider knows."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken

from bot.clock import Clock
from bot.staff.accounts import LONGEST_NAME, StaffAccounts
from bot.staff.errors import DeniedError, IdentityError, NotInvitedError
from bot.staff.logins import spell
from bot.staff.model import Agent, Attempt, Identity, Language, NewAgent, Role
from bot.staff.ports import Agents, IdentityProvider

PATIENCE = 600
"""Seconds that somebody has at the provider."""


@dataclass(frozen=True)
class Admission:
    """Of which of the provider's groups an account is made for whoever has none; empty: for nobody."""

    agents: str
    admins: str
    language: Language

    def find_role(self, identity: Identity) -> Role | None:
        """The role of the account that is to be made."""
        if self.admins and self.admins in identity.groups:
            return Role.ADMIN
        return Role.AGENT if self.agents and self.agents in identity.groups else None


class ForeignSignIn:
    """There and back. What one must remember in between is sealed, and goes into a cookie of the browser."""

    def __init__(
        self, provider: IdentityProvider, agents: Agents, accounts: StaffAccounts, admission: Admission, seal: "Seal"
    ) -> None:
        self._provider = provider
        self._agents = agents
        self._accounts = accounts
        self._admission = admission
        self._seal = seal

    async def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to bring back. Raises IdentityError."""
        url, attempt = await self._provider.begin(redirect_uri)
        return url, self._seal.close(attempt)

    async def finish(self, sealed: str, answer: Mapping[str, str]) -> Agent:
        """
        The account of whom the provider sent back with this answer.

        Raises IdentityError when something is not as it should be, DeniedError when somebody did not want to,
        NotInvitedError when they are not to come in.
        """
        attempt = self._seal.open(sealed)
        if not hmac.compare_digest(attempt.state.encode(), answer.get("state", "").encode()):
            raise IdentityError("The answer is not that to this browser's sign-in: its state is another.")
        if "error" in answer:
            error = DeniedError if answer["error"] == "access_denied" else IdentityError
            raise error(f"The provider refused: {answer['error'][:80]!r} {answer.get('error_description', '')[:200]!r}")
        if not answer.get("code"):
            raise IdentityError("The provider sent no code.")
        return await self._account_of(await self._provider.finish(attempt, answer["code"], answer.get("iss")))

    async def _account_of(self, identity: Identity) -> Agent:
        agent = await self._agents.find_by_subject(identity.subject) or await self._link(identity)
        if not agent.active:
            raise NotInvitedError(f"The account {agent.login} is deactivated.")
        return agent

    async def _link(self, identity: Identity) -> Agent:
        """The first time: an account by its address, which the provider must have verified."""
        if identity.email is None:
            raise NotInvitedError(f"{identity.subject} has no account, and no verified e-mail address to find one by.")
        agent = await self._agents.find(spell(identity.email))
        if agent is None:
            return await self._make(identity, identity.email)
        # Linked at another provider: the settings name a new one, which is to be believed now.
        if agent.subject is not None and _issuer(agent.subject) == _issuer(identity.subject):
            raise NotInvitedError(f"The account {agent.login} is that of {agent.subject}, not of {identity.subject}.")
        return await self._agents.change(agent.id, subject=identity.subject) if agent.active else agent

    async def _make(self, identity: Identity, email: str) -> Agent:
        role = self._admission.find_role(identity)
        if role is None:
            raise NotInvitedError(f"{email} has no account. Add one, or see POSTBOTE_DESK_OIDC_AGENTS.")
        name = (identity.name or email.partition("@")[0])[:LONGEST_NAME]
        language = self._admission.language
        return await self._accounts.add(NewAgent(email, name, role, language=language, subject=identity.subject), None)


def _issuer(subject: str) -> str:
    return subject.partition(" ")[0]


class Seal:
    """Keeps an attempt unreadable and unchanged while the browser holds it (Fernet)."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        """`key` has 32 bytes."""
        self._fernet = Fernet(base64.urlsafe_b64encode(key))
        self._clock = clock

    def close(self, attempt: Attempt) -> str:
        """For a cookie."""
        return self._fernet.encrypt_at_time(json.dumps(asdict(attempt)).encode(), self._now()).decode("ascii")

    def open(self, sealed: str) -> Attempt:
        """Raises IdentityError when it is not ours, or older than `PATIENCE`."""
        try:
            return Attempt(**json.loads(self._fernet.decrypt_at_time(sealed, PATIENCE, self._now())))
        except (InvalidToken, ValueError) as error:
            raise IdentityError("This browser began no sign-in within the last ten minutes.") from error

    def _now(self) -> int:
        return int(self._clock().timestamp())

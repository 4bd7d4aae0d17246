"""Come in by login and password."""

from bot.staff.errors import LockedError, WrongPasswordError
from bot.staff.logins import spell
from bot.staff.model import Agent
from bot.staff.passwords import Passwords, check_password
from bot.staff.ports import Agents, Tries
from bot.staff.sessions import Sessions


class SignIn:
    """Looks at passwords, and counts those that are wrong."""

    def __init__(self, agents: Agents, tries: Tries, passwords: Passwords, sessions: Sessions) -> None:
        self._agents = agents
        self._tries = tries
        self._passwords = passwords
        self._sessions = sessions

    async def check(self, login: str, password: str) -> Agent:
        """
        The account, if the password is its own.

        Raises WrongPasswordError or LockedError: the same ones after the same time, whether or not there is such
        an account, it is active, and has a password at all.
        """
        spelt = spell(login)
        counted = spelt or login.strip()
        # Counted first, so that many at the same moment are not all looked at.
        if until := await self._tries.begin(counted):
            raise LockedError(until)
        agent, stored = await self._agents.find_with_password(spelt) or (None, None)
        usable = stored if agent and agent.active else None
        if not await self._passwords.is_right(password, usable) or agent is None or stored is None:
            raise WrongPasswordError("Login and password do not fit together. Try again.")
        await self._tries.forgive(counted)
        if self._passwords.is_outdated(stored):
            await self._agents.change(agent.id, password_hash=await self._passwords.hash(password))
        return agent

    async def change_password(self, agent: Agent, old: str, new: str) -> None:
        """Signs out everywhere. Raises as `check` does, and WeakPasswordError."""
        check_password(new, agent.login)
        await self.check(agent.login, old)
        await self.set_password(agent, new)

    async def set_password(self, agent: Agent, new: str) -> None:
        """Signs out everywhere, and unlocks the login. Raises WeakPasswordError."""
        check_password(new, agent.login)
        await self._agents.change(agent.id, password_hash=await self._passwords.hash(new))
        await self._sessions.end_all(agent.id)
        await self._tries.forgive(agent.login)

"""Make and change accounts of the desk."""

from dataclasses import replace
from typing import Unpack

from bot.staff.errors import InvalidAccountError
from bot.staff.logins import NOBODYS, spell
from bot.staff.model import Agent, NewAgent
from bot.staff.passwords import Passwords, check_password
from bot.staff.ports import Agents, Changes
from bot.staff.sessions import Sessions
from bot.staff.sign_in import SignIn

LONGEST_NAME, LONGEST_GROUP, MOST_GROUPS, MOST_SEATS = 80, 64, 20, 50


class StaffAccounts:
    """What an admin does, at the desk or on the command line."""

    def __init__(self, agents: Agents, passwords: Passwords, sessions: Sessions, sign_in: SignIn) -> None:
        self._agents = agents
        self._passwords = passwords
        self._sessions = sessions
        self._sign_in = sign_in

    async def add(self, new: NewAgent, password: str | None) -> Agent:
        """
        None: signs in by OpenID Connect only.

        Raises LoginTakenError, InvalidAccountError, WeakPasswordError.
        """
        fit = _checked(login=new.login, name=new.name, groups=new.groups, seats=new.seats)
        new = replace(new, login=fit["login"], name=fit["name"], groups=fit["groups"])
        if password is not None:
            check_password(password, new.login)
            new = replace(new, password_hash=await self._passwords.hash(password))
        return await self._agents.add(new)

    async def change(self, agent_id: int, password: str | None = None, **changes: Unpack[Changes]) -> Agent:
        """
        Who gets a new password, or is no longer active, is signed out everywhere.

        Raises UnknownAgentError, LoginTakenError, LastAdminError, InvalidAccountError, WeakPasswordError.
        """
        fit = _checked(**changes)
        if password is not None:
            check_password(password, fit.get("login") or (await self._agents.get(agent_id)).login)
        agent = await self._agents.change(agent_id, **fit)
        if password is not None:
            await self._sign_in.set_password(agent, password)
        if not agent.active:
            await self._sessions.end_all(agent_id)
            agent = await self._agents.change(agent_id, seen_at=None)
        return agent


def _checked(**changes: Unpack[Changes]) -> Changes:
    """The same in the one spelling. Raises InvalidAccountError."""
    if "login" in changes:
        changes["login"] = _login(changes["login"])
    if "name" in changes:
        changes["name"] = _line(changes["name"], "name", LONGEST_NAME)
    if "groups" in changes:
        named = (_line(group, "group", LONGEST_GROUP) for group in changes["groups"])
        changes["groups"] = tuple(dict.fromkeys(named))
        if len(changes["groups"]) > MOST_GROUPS:
            raise InvalidAccountError(f"groups: at most {MOST_GROUPS}.")
    if "seats" in changes and not 1 <= changes["seats"] <= MOST_SEATS:
        raise InvalidAccountError(f"seats: from 1 to {MOST_SEATS}, not {changes['seats']}.")
    return changes


def _login(text: str) -> str:
    address = spell(text)
    if address == NOBODYS:
        raise InvalidAccountError(f"login: an e-mail address such as berger@example.de, not {text[:80]!r}.")
    return address


def _line(text: str, what: str, longest: int) -> str:
    line = " ".join(text.split())
    if not 1 <= len(line) <= longest or not line.isprintable():
        raise InvalidAccountError(f"{what}: 1 to {longest} characters on one line, not {text[:80]!r}.")
    return line

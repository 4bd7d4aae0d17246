"""Accounts of the desk and their sessions: model ↔ rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.staff.errors import LastAdminError, LoginTakenError, UnknownAgentError
from bot.staff.model import Agent, NewAgent, Role
from bot.staff.ports import Changes
from bot.store.database import Database
from bot.store.tables import agents, handoffs

ADMINS = select(agents.c.id).where(agents.c.role == Role.ADMIN, agents.c.active)


class SqlAgents:
    """The port `bot.staff.ports.Agents` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, new: NewAgent) -> Agent:
        """See the port."""
        values = vars(new) | {"login": new.login.lower(), "groups": list(new.groups), "created_at": self._clock()}

        def unit(connection: Connection) -> Agent:
            return _get(connection, connection.execute(insert(agents).returning(agents.c.id), values).scalar_one())

        return await self._write(unit, new.login)

    async def get(self, agent_id: int) -> Agent:
        """See the port."""
        return await self._database.read(lambda connection: _get(connection, agent_id))

    async def find(self, login: str) -> Agent | None:
        """See the port."""
        return await self._find(select(agents).where(agents.c.login == login.lower()))

    async def find_by_subject(self, subject: str) -> Agent | None:
        """See the port."""
        return await self._find(select(agents).where(agents.c.subject == subject))

    async def everyone(self) -> Sequence[Agent]:
        """See the port."""
        query = select(agents).order_by(agents.c.name, agents.c.id)
        return await self._database.read(lambda connection: [agent_of(row) for row in connection.execute(query)])

    async def change(self, agent_id: int, **changes: Unpack[Changes]) -> Agent:
        """See the port."""
        values: dict[str, Any] = dict(changes)
        if "login" in values:
            values["login"] = values["login"].lower()
        if "groups" in values:
            values["groups"] = list(values["groups"])

        def unit(connection: Connection) -> Agent:
            # Locked, so that admins who step down at the same moment are looked at one after the other.
            connection.execute(ADMINS.order_by(agents.c.id).with_for_update())
            before = _get(connection, agent_id)
            connection.execute(update(agents).where(agents.c.id == agent_id).values(values))
            changed = _get(connection, agent_id)
            if _is_admin(before) and not connection.execute(ADMINS).all():
                raise LastAdminError("This is the last active admin. Make somebody else an admin first.")
            return changed

        if not values:
            return await self.get(agent_id)
        return await self._write(unit, values.get("login", ""))

    async def find_with_password(self, login: str) -> tuple[Agent, str | None] | None:
        """See the port."""
        query = select(agents).where(agents.c.login == login.lower())
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return (agent_of(row), row.password_hash) if row else None

    async def holding(self) -> Mapping[int, int]:
        """See the port."""
        query = (
            select(handoffs.c.agent_id, func.count())
            .where(handoffs.c.ended_at.is_(None), handoffs.c.agent_id.is_not(None))
            .group_by(handoffs.c.agent_id)
        )
        return await self._database.read(lambda connection: dict(connection.execute(query).tuples().all()))

    async def _find(self, query: Select[Any]) -> Agent | None:
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return agent_of(row) if row else None

    async def _write(self, unit: Callable[[Connection], Agent], login: str) -> Agent:
        try:
            return await self._database.write(unit)
        except IntegrityError as error:
            raise LoginTakenError(f"There is an account {login} already. Change that one.") from error


def agent_of(row: Row[Any]) -> Agent:
    """A row of the table `agents`, for other files of the store as well."""
    return Agent(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        groups=tuple(row.groups),
        seats=row.seats,
        language=row.language,
        active=row.active,
        paused=row.paused,
        seen_at=row.seen_at,
        subject=row.subject,
    )


def _get(connection: Connection, agent_id: int) -> Agent:
    row = connection.execute(select(agents).where(agents.c.id == agent_id)).one_or_none()
    if row is None:
        raise UnknownAgentError(f"There is no account with the number {agent_id}.")
    return agent_of(row)


def _is_admin(agent: Agent) -> bool:
    return agent.active and agent.role is Role.ADMIN

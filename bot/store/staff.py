"""Accounts of the desk and their sessions: model ↔ rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.staff.errors import LastAdminError, LoginTakenError, UnknownAgentError
from bot.staff.model import Agent, NewAgent, Role, Session
from bot.staff.ports import Changes
from bot.store.database import Database
from bot.store.tables import agents, handoffs, sessions


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
            before = _get(connection, agent_id)
            if values:
                connection.execute(update(agents).where(agents.c.id == agent_id).values(**values))
            changed = _get(connection, agent_id)
            if _is_admin(before) and not _is_admin(changed):
                _check_admin(connection)
            return changed

        return await self._write(unit, values.get("login", ""))

    async def find_password_hash(self, agent_id: int) -> str | None:
        """See the port."""
        query = select(agents.c.password_hash).where(agents.c.id == agent_id)
        return await self._database.read(lambda connection: connection.scalar(query))

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


class SqlSessions:
    """The port `bot.staff.ports.SessionStore` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, agent_id: int, digest: str, csrf: str, until: datetime) -> None:
        """See the port."""
        now = self._clock()
        row = {
            "digest": digest,
            "agent_id": agent_id,
            "csrf": csrf,
            "created_at": now,
            "seen_at": now,
            "until": until,
        }

        def unit(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.until <= now))
            connection.execute(insert(sessions), row)

        await self._database.write(unit)

    async def find(self, digest: str, seen_since: datetime) -> Session | None:
        """See the port."""
        query = (
            select(agents, sessions.c.digest, sessions.c.csrf, sessions.c.until, sessions.c.seen_at.label("used_at"))
            .join_from(sessions, agents, sessions.c.agent_id == agents.c.id)
            .where(
                sessions.c.digest == digest,
                sessions.c.until > self._clock(),
                sessions.c.seen_at > seen_since,
                agents.c.active,
            )
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return Session(row.digest, row.csrf, agent_of(row), row.used_at, row.until) if row else None

    async def touch(self, digest: str) -> None:
        """See the port."""
        change = update(sessions).where(sessions.c.digest == digest).values(seen_at=self._clock())
        await self._database.write(lambda connection: connection.execute(change))

    async def end(self, digest: str) -> None:
        """See the port."""
        gone = delete(sessions).where(sessions.c.digest == digest)
        await self._database.write(lambda connection: connection.execute(gone))

    async def end_all(self, agent_id: int) -> None:
        """See the port."""
        gone = delete(sessions).where(sessions.c.agent_id == agent_id)
        await self._database.write(lambda connection: connection.execute(gone))


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


def _check_admin(connection: Connection) -> None:
    """Raises LastAdminError, which takes the change back."""
    # Locked, so that two admins who step down at the same moment are looked at one after the other.
    query = select(agents.c.id).where(agents.c.role == Role.ADMIN, agents.c.active).with_for_update()
    if not connection.execute(query).all():
        raise LastAdminError("This is the last active admin. Make somebody else an admin first.")

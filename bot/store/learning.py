"""Publications, models and verdicts: model ↔ rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.faq.learning.errors import JobUnderWayError
from bot.faq.learning.figures import Figures
from bot.faq.learning.model import Change, Edit, Ignore, Job, NewEntry, OutOfScope, Phrasing, Stage, Verdict, Version
from bot.store.database import Database
from bot.store.messages import insert_row
from bot.store.tables import jobs, models, verdicts

_newest = models.c.activated_at.desc()


class SqlRecords:
    """The port `bot.faq.learning.ports.Records` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, edits: Sequence[Edit], agent: int | None) -> Job:
        """See the port."""
        now = self._clock()
        job = {
            "slot": 1,
            "stage": Stage.WRITING,
            "message": "",
            "edits": [asdict(edit) for edit in edits],
            "agent_id": agent,
            "started_at": now,
        }
        try:
            number = await self._database.write(lambda connection: insert_row(connection, jobs, job))
        except IntegrityError as error:
            raise JobUnderWayError from error
        return Job(number, Stage.WRITING, "", tuple(edits), now)

    async def advance(self, job: int, stage: Stage, message: str) -> None:
        """See the port."""
        await self._update(job, stage=stage, message=message)

    async def measured(self, job: int, before: Figures, after: Figures) -> None:
        """See the port."""
        await self._update(job, before=before.values(), after=after.values())

    async def give_up(self, job: int, stage: Stage, message: str) -> None:
        """See the port."""
        await self._update(job, **self._end(stage, message))

    def _end(self, stage: Stage, message: str) -> dict[str, Any]:
        return {"stage": stage, "message": message, "slot": None, "ended_at": self._clock()}

    async def _update(self, job: int, **values: Any) -> None:
        change = update(jobs).where(jobs.c.id == job).values(**values)
        await self._database.write(lambda connection: connection.execute(change))

    async def complete(self, job: int, message: str, changes: Iterable[Change], version: Version | None) -> None:
        """See the port."""

        def unit(connection: Connection) -> None:
            done = (
                update(jobs).where(jobs.c.id == job).values(**self._end(Stage.DONE, message)).returning(jobs.c.agent_id)
            )
            agent = connection.scalar(done)
            for change in changes:
                self._decide(connection, change, job, agent)
            if version:
                _activate(connection, version)

        await self._database.write(unit)

    def _decide(self, connection: Connection, change: Change, job: int, agent: int | None) -> None:
        verdict, label = _verdict(change)
        row = {"verdict": verdict, "label": label, "job_id": job, "agent_id": agent, "at": self._clock()}
        messages = sorted(set(change.messages))
        connection.execute(delete(verdicts).where(verdicts.c.message_id.in_(messages)))
        connection.execute(insert(verdicts), [{"message_id": message, **row} for message in messages])

    async def activate(self, version: Version, undone: int | None = None) -> None:
        """See the port."""

        def unit(connection: Connection) -> None:
            _activate(connection, version)
            if undone is not None:
                connection.execute(delete(verdicts).where(verdicts.c.job_id == undone))

        try:
            await self._database.write(unit)
        except IntegrityError:
            # Another process, which started in this very moment, has written the same version.
            await self._database.write(unit)

    async def set_figures(self, version: str, figures: Figures) -> None:
        """See the port."""
        change = update(models).where(models.c.version == version).values(figures=figures.values())
        await self._database.write(lambda connection: connection.execute(change))

    async def find_unfinished(self) -> Job | None:
        """See the port."""
        return await self._first_job(select(jobs).where(jobs.c.slot.is_not(None)))

    async def find_latest(self) -> Job | None:
        """See the port."""
        return await self._first_job(select(jobs).order_by(jobs.c.id.desc()).limit(1))

    async def find_job(self, number: int) -> Job | None:
        """See the port."""
        return await self._first_job(select(jobs).where(jobs.c.id == number))

    async def _first_job(self, query: Select[Any]) -> Job | None:
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _job(row) if row else None

    async def find_active(self) -> Version | None:
        """See the port."""
        return await self._first_version(select(models).order_by(_newest).limit(1))

    async def find_version(self, name: str) -> Version | None:
        """See the port."""
        return await self._first_version(select(models).where(models.c.version == name))

    async def _first_version(self, query: Select[Any]) -> Version | None:
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _version(row) if row else None

    async def versions(self) -> Sequence[Version]:
        """See the port."""
        query = select(models).order_by(_newest)
        return await self._database.read(lambda connection: [_version(row) for row in connection.execute(query)])


def _activate(connection: Connection, version: Version) -> None:
    values = {
        "sources": version.sources,
        "previous": version.previous,
        "figures": version.figures.values() if version.figures else null(),
        "job_id": version.job,
        "activated_at": version.activated_at,
    }
    if not connection.execute(update(models).where(models.c.version == version.name).values(**values)).rowcount:
        connection.execute(insert(models).values(version=version.name, **values))


def _verdict(change: Change) -> tuple[Verdict, str | None]:
    match change:
        case Phrasing():
            return Verdict.PHRASING, change.label
        case NewEntry():
            return Verdict.ENTRY, change.label
        case OutOfScope():
            return Verdict.OUT_OF_SCOPE, None
        case Ignore():
            return Verdict.IGNORE, None


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        stage=Stage(row.stage),
        message=row.message,
        edits=tuple(Edit(**edit) for edit in row.edits),
        started_at=row.started_at,
        ended_at=row.ended_at,
        before=Figures.of(row.before) if row.before else None,
        after=Figures.of(row.after) if row.after else None,
    )


def _version(row: Row[Any]) -> Version:
    return Version(
        name=row.version,
        sources=row.sources,
        activated_at=row.activated_at,
        previous=row.previous,
        figures=Figures.of(row.figures) if row.figures else None,
        job=row.job_id,
    )

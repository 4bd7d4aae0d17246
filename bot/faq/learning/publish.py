"""
A publication, from the editor's changes to the model in use.

write → train → evaluate → activate; or the files are as they were, and the reason is told.
What is done is written into the database first, so that a process that dies on the way
leaves a job that the next one can clear up (`recover`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.errors import PostboteError
from bot.faq.learning import files
from bot.faq.learning.errors import RefusedError
from bot.faq.learning.figures import Figures, why_worse
from bot.faq.learning.model import Change, Job, NewEntry, Stage, Version
from bot.faq.learning.ports import Engine, Records, Workshop
from bot.file_lock import FileLock

log = structlog.get_logger(stop="learning")


@dataclass(frozen=True)
class Publisher:
    """Takes a job from its beginning to its end."""

    records: Records
    workshop: Workshop
    engine: Engine
    kept: int
    """How many models are kept, the one in use among them."""
    clock: Clock

    async def publish(self, job: Job, changes: Sequence[Change]) -> None:
        """Returns when the job is at its end, whatever that is; what went wrong is in the job."""
        try:
            await self._publish(job, changes)
        except RefusedError as error:
            await give_up(self.records, job, Stage.REFUSED, str(error))
        except PostboteError as error:
            await give_up(self.records, job, Stage.FAILED, str(error))
        except Exception as error:
            # The edge: whatever it was, the files must not stay half-published.
            log.exception("publication failed", job=job.id)
            await give_up(self.records, job, Stage.FAILED, f"{error!r}; the server's log says more.")

    async def _publish(self, job: Job, changes: Sequence[Change]) -> None:
        before = await self._measure_present(job)
        await self.records.advance(job.id, Stage.WRITING, "")
        files.write(job.edits)
        await self.records.advance(job.id, Stage.TRAINING, "")
        version = await self.workshop.train(lambda line: log.info("training", job=job.id, line=line))
        try:
            after = await self._compare(job, before, version, changes)
            await self._activate(job, changes, version, after)
        except PostboteError:
            if await self.records.find_version(version) is None:
                self.workshop.discard(version)
            raise
        await self._tidy()

    async def _measure_present(self, job: Job) -> Figures | None:
        """Before anything is written, so that a held-out file that does not fit is known before training."""
        present = await self.records.find_version(self.engine.version)
        if present and present.figures and present.figures.examples == self.workshop.examples():
            return present.figures
        await self.records.advance(job.id, Stage.EVALUATING, "")
        figures = await self.workshop.evaluate(self.engine.version)
        if figures:
            await self.records.set_figures(self.engine.version, figures)
        return figures

    async def _compare(
        self, job: Job, before: Figures | None, version: str, changes: Sequence[Change]
    ) -> Figures | None:
        """The new model's figures. Raises RefusedError when it is worse."""
        await self.records.advance(job.id, Stage.EVALUATING, "")
        after = await self.workshop.evaluate(version)
        if before and after:
            await self.records.measured(job.id, before, after)
            if reason := why_worse(before, after, [each.label for each in changes if isinstance(each, NewEntry)]):
                raise RefusedError(reason)
        return after

    async def _activate(self, job: Job, changes: Sequence[Change], version: str, figures: Figures | None) -> None:
        await self.records.advance(job.id, Stage.ACTIVATING, "")
        use = await self.engine.prepare(version)
        made = Version(version, version, self.clock(), self.engine.version, figures, job.id)
        await self.records.complete(job.id, f"The model {version} is in use.", changes, made)
        use()
        log.info("published", job=job.id, version=version)

    async def _tidy(self) -> None:
        """Delete the files of models that are too many."""
        present, *others = await self.records.versions()
        for version in others[self.kept - 1 :]:
            if version.name != present.previous:
                self.workshop.discard(version.name)


async def give_up(records: Records, job: Job, stage: Stage, reason: str) -> None:
    """Put the files back, and say why."""
    foreign = files.restore(job.edits)
    rest = "The files are as they were."
    if foreign:
        rest = f"Somebody changed {', '.join(foreign)} meanwhile: take out there what was not to be published."
    log.warning("publication without effect", job=job.id, stage=stage, reason=reason)
    await records.give_up(job.id, stage, f"{reason} {rest}")


async def recover(records: Records, lock: FileLock) -> None:
    """To be called when a process starts: clear up after a publication whose process died."""
    if not lock.acquire():
        return
    try:
        if job := await records.find_unfinished():
            await give_up(records, job, Stage.FAILED, "The server ended while it was under way.")
    finally:
        lock.release()

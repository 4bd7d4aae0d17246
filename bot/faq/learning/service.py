"""What editors can do: see the inbox, look at a change before it is made, publish it, bring the last model back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.faq.findings import FaqError, Finding
from bot.faq.learning import files
from bot.faq.learning.changes import Files, Plan, diff, plan
from bot.faq.learning.errors import JobUnderWayError, NoPreviousError, UnknownQuestionError
from bot.faq.learning.figures import Figures
from bot.faq.learning.grouping import Matrix, group, telling
from bot.faq.learning.model import Change, Group, Job, Question, Version
from bot.faq.learning.ports import Questions, Records, Workshop
from bot.faq.learning.privacy import mask, mask_lines
from bot.faq.learning.publish import Publisher
from bot.faq.model import Faq
from bot.faq.reader import read_faq
from bot.file_lock import FileLock

MOST_QUESTIONS = 1000
"""The newest; older ones come up when these are dealt with."""
MOST_GROUPS = 200


@dataclass(frozen=True)
class Preview:
    """What publishing would do."""

    diff: str
    findings: Sequence[Finding]
    """Reasons why it would be refused."""


@dataclass(frozen=True)
class Present:
    """The model in use."""

    name: str
    since: datetime | None
    """None: it was in use before anything was remembered."""
    figures: Figures | None
    previous: str | None
    """What can be brought back."""
    is_current: bool
    """Whether it was trained on the files as they are."""


class Learning:
    """The use cases of the inbox."""

    def __init__(
        self,
        questions: Questions,
        publisher: Publisher,
        places: Files,
        lock: FileLock,
        likeness: Callable[[Sequence[str], Sequence[str]], Matrix],
    ) -> None:
        """`likeness` says how alike texts are, given further texts of the matter."""
        self._questions = questions
        self._publisher = publisher
        self._files = places
        self._lock = lock
        self._likeness = likeness
        self._task: asyncio.Task[None] | None = None

    async def faq(self) -> Faq:
        """As its files are now. Raises FaqError."""
        return await asyncio.to_thread(read_faq, self._files.faq)

    async def inbox(self) -> Sequence[Group]:
        """Questions that are alike together, masked as they would be written; the most asked first."""
        questions = [
            replace(question, text=mask(question.text), answer=question.answer and mask_lines(question.answer))
            for question in await self._questions.waiting(MOST_QUESTIONS)
        ]
        return (await asyncio.to_thread(self._group, questions))[:MOST_GROUPS]

    def _group(self, questions: Sequence[Question]) -> Sequence[Group]:
        matter = [telling(text) for entry in read_faq(self._files.faq).entries for text in entry.examples]
        return group(questions, lambda texts: self._likeness(texts, matter))

    async def preview(self, changes: Sequence[Change]) -> Preview:
        """Nothing is written. Raises UnknownQuestionError."""
        planned = await self._plan(changes)
        return Preview(diff(planned.edits, self._files.project), planned.findings)

    async def _plan(self, changes: Sequence[Change]) -> Plan:
        wanted = {message for change in changes for message in change.messages}
        texts = await self._questions.texts(wanted)
        if unknown := wanted - texts.keys():
            raise UnknownQuestionError(min(unknown))
        return await asyncio.to_thread(plan, changes, texts, self._files)

    async def publish(self, changes: Sequence[Change], agent: int) -> Job:
        """
        Begin a job; `job` tells how far it is.

        Raises JobUnderWayError, UnknownQuestionError, and FaqError with what the check finds.
        """
        if not self._lock.acquire():
            raise JobUnderWayError
        try:
            planned = await self._plan(changes)
            if planned.findings:
                raise FaqError(planned.findings)
            job = await self._records.begin(planned.edits, agent)
        except BaseException:
            self._lock.release()
            raise
        self._task = asyncio.create_task(self._work(job, changes))
        return job

    async def _work(self, job: Job, changes: Sequence[Change]) -> None:
        try:
            if job.edits:
                await self._publisher.publish(job, changes)
            else:
                await self._records.complete(job.id, "Nothing had to be written.", changes, None)
        finally:
            self._lock.release()

    async def find_job(self) -> Job | None:
        """The last publication, or the one that is under way."""
        return await self._records.find_latest()

    async def present(self) -> Present:
        """Which model answers customers."""
        name = self._publisher.engine.version
        version = await self._records.find_version(name)
        return Present(
            name=name,
            since=version.activated_at if version else None,
            figures=version.figures if version else None,
            previous=self._previous(version),
            is_current=name == await self._workshop.fingerprint(),
        )

    def _previous(self, version: Version | None) -> str | None:
        previous = version.previous if version else None
        return previous if previous and self._workshop.has(previous) else None

    async def back(self) -> None:
        """
        Bring back the model before, without training.

        What the last publication wrote is taken out of the files and its questions return to the inbox,
        unless somebody changed these files since: then the files stay as they are, and the model in use is
        older than they. Raises JobUnderWayError and NoPreviousError.
        """
        if not self._lock.acquire():
            raise JobUnderWayError
        try:
            await self._go_back()
        finally:
            self._lock.release()

    async def _go_back(self) -> None:
        present = await self._records.find_active()
        name = self._previous(present)
        if present is None or name is None:
            raise NoPreviousError
        use = await self._publisher.engine.prepare(name)
        job = await self._records.find_job(present.job) if present.job else None
        # Without its texts, as they are not kept for ever, it cannot be undone.
        undone = job if job and job.edits and files.are_written(job.edits) else None
        if undone:
            files.restore(undone.edits)
        now = self._publisher.clock()
        before = await self._records.find_version(name) or Version(name, "", now)
        again = replace(before, sources=await self._workshop.fingerprint(), activated_at=now)
        await self._records.activate(again, undone=undone.id if undone else None)
        use()

    async def close(self) -> None:
        """End what is under way; its files are put back."""
        await self._workshop.close()
        if self._task:
            await self._task

    @property
    def _records(self) -> Records:
        return self._publisher.records

    @property
    def _workshop(self) -> Workshop:
        return self._publisher.workshop

"""From an entry to its judged drafts, and from approved ones to the FAQ's files."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.faq.findings import FaqError
from bot.faq.learning.changes import Files, plan
from bot.faq.learning.model import Edit, Phrasing
from bot.faq.model import Entry
from bot.faq.phrasings.answer import read_answer
from bot.faq.phrasings.judge import Judge
from bot.faq.phrasings.model import Approved, Drafted
from bot.faq.phrasings.ports import Chat
from bot.faq.phrasings.prompt import prompt_for


@dataclass(frozen=True)
class Drafter:
    """Asks the language model, and judges what it answers."""

    chat: Chat
    judge: Judge
    number: int
    """Drafts that are asked for at a time."""

    async def draft(self, entry: Entry) -> Drafted:
        """Raises ChatError, and NoDraftsError when only this entry got none."""
        answer = await self.chat.ask(prompt_for(entry, self.number))
        return Drafted(entry, self.judge.judge(entry, read_answer(answer)))


def edits_for(approved: Iterable[Approved], files: Files) -> tuple[Edit, ...]:
    """What the files would be with the approved phrasings. Raises FaqError with everything that speaks against it."""
    changes = [Phrasing((), f"faq/{each.slug}", each.texts) for each in approved if each.texts]
    planned = plan(changes, {}, files)
    if planned.findings:
        raise FaqError(planned.findings)
    return planned.edits

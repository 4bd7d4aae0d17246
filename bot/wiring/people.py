"""People: the desk, who works there, what they see, and what the bot learns from it."""

from functools import cached_property

from bot.dialogue.nlu.likeness import likeness
from bot.dialogue.workshop import SubprocessWorkshop
from bot.faq.learning.changes import Files
from bot.faq.learning.files import publishing
from bot.faq.learning.ports import Proposals
from bot.faq.learning.publish import Publisher
from bot.faq.learning.service import Learning
from bot.handoff.ports import Cases, Handoffs, Transcripts
from bot.handoff.service import Desk
from bot.insight.dead_letters import DeadLetterOffice, Kind
from bot.insight.ports import Figures, Search
from bot.staff.service import Staff
from bot.staffing import build_staff
from bot.store.cases import SqlCases
from bot.store.dead_letters import SqlDeadLetters
from bot.store.figures import SqlFigures
from bot.store.handoffs import SqlHandoffs
from bot.store.learning import SqlRecords
from bot.store.proposals import SqlProposals
from bot.store.questions import SqlQuestions
from bot.store.search import SqlSearch
from bot.store.shelf import choose_records
from bot.store.transcripts import SqlTranscripts
from bot.wiring.account import CustomerAccounts


class People(CustomerAccounts):
    """Built on customers' accounts."""

    @cached_property
    def staff(self) -> Staff:
        return build_staff(self.settings, self.database, self.clock)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.handoffs, self.transcripts, self._teller, self.news, self.dialogue.sentence)

    @cached_property
    def handoffs(self) -> Handoffs:
        return SqlHandoffs(self.database, self.conversations, self._holding, self.clock)

    @cached_property
    def cases(self) -> Cases:
        return SqlCases(self.database, self.clock)

    @cached_property
    def transcripts(self) -> Transcripts:
        return SqlTranscripts(self.database, self.clock)

    @cached_property
    def search(self) -> Search:
        return SqlSearch(self.database)

    @cached_property
    def figures(self) -> Figures:
        return SqlFigures(self.database)

    @cached_property
    def dead_letters(self) -> DeadLetterOffice:
        wake = {
            Kind.MESSAGES: self.wake_delivery,
            Kind.TICKETS: self._ticket_loop.wake,
            Kind.MAILS: self._mail_loop.wake,
            Kind.EVENTS: self.wake_delivery,
        }
        return DeadLetterOffice(SqlDeadLetters(self.database, self.clock), wake)

    @cached_property
    def learning(self) -> Learning:
        kept, lock = self.settings.kept_models, publishing(self.settings.models)
        publisher = Publisher(self._records, self._workshop, self.dialogue, kept, self.clock)
        files = Files.of(self.settings.project, self.settings.faq)
        return Learning(SqlQuestions(self.database), publisher, files, lock, likeness)

    @cached_property
    def proposals(self) -> Proposals:
        return SqlProposals(self.database, self.clock)

    @cached_property
    def _records(self) -> SqlRecords:
        return choose_records(self.settings, self.database, self.clock)

    @cached_property
    def _workshop(self) -> SubprocessWorkshop:
        return SubprocessWorkshop(self.settings)

"""
Build the whole from its parts, in one place.

Each part is a property that is made when it is first asked for, out of other parts: to see what something
is built from, read its property; to add a part, add a property.
"""

import random
import time
from datetime import timedelta
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.accounts import Accounts
from bot.clock import Clock, now
from bot.conversations.delivery import DeliveryLoop
from bot.conversations.intake import Intake
from bot.conversations.news import News
from bot.conversations.ports import Dialogue
from bot.conversations.teller import Teller
from bot.conversations.turn import Turns
from bot.dialogue.nlu.likeness import likeness
from bot.dialogue.workshop import SubprocessWorkshop
from bot.faq.learning.changes import Files
from bot.faq.learning.files import Lock
from bot.faq.learning.ports import Engine, Proposals
from bot.faq.learning.publish import Publisher
from bot.faq.learning.service import Learning
from bot.faq.learning.watch import ModelWatch
from bot.handoff.announcing import EventLoop
from bot.handoff.mailed import MailedTranscripts, TranscriptLetters
from bot.handoff.ports import Cases, Handoffs, Transcripts
from bot.handoff.presence import PresenceWatch
from bot.handoff.reception import Reception
from bot.handoff.service import Desk
from bot.handoff.timetable import load_hours
from bot.identity.codes import CodeLoop, Issuer, MailedCodes, Notices
from bot.identity.digests import Digests
from bot.identity.secrets import derive, load_secret
from bot.identity.tokens import Tokens
from bot.insight.dead_letters import DeadLetterOffice, Kind
from bot.insight.ports import Figures, Ratings, Search
from bot.loops import Loop
from bot.mail.choose import choose_mailer
from bot.mail.loop import MailLoop
from bot.mail.ports import Mailer
from bot.mail.seal import Seal
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.choose import choose_mailboxes
from bot.settings import Settings
from bot.staff.service import Staff
from bot.staffing import build_staff
from bot.store.cases import SqlCases
from bot.store.codes import SqlCodes
from bot.store.conversations import SqlConversations
from bot.store.database import Database, open_database
from bot.store.dead_letters import SqlDeadLetters
from bot.store.events import SqlEvents
from bot.store.figures import SqlFigures
from bot.store.handoffs import SqlHandoffs
from bot.store.holding import Holding
from bot.store.learning import SqlRecords
from bot.store.mails import SqlMails
from bot.store.outbox import SqlOutbox
from bot.store.presence import SqlPresence
from bot.store.proofs import SqlProofs
from bot.store.proposals import SqlProposals
from bot.store.questions import SqlQuestions
from bot.store.ratings import SqlRatings
from bot.store.search import SqlSearch
from bot.store.standings import SqlStandings
from bot.store.tickets import SqlTickets
from bot.store.transcript_mails import SqlTranscriptMails
from bot.store.transcripts import SqlTranscripts
from bot.ticketing.choose import choose_ticket_system
from bot.tickets.delivery import TicketLoop
from bot.tickets.ports import TicketSystem
from bot.tickets.watch import TicketNews, TicketWatch
from bot.webhooks.choose import find_receiver
from bot.webhooks.receiver import HttpReceiver

LOCAL_POLL = 2.0
"""Seconds between looks at the states of tickets in our own database."""


class ChangeableDialogue(Dialogue, Engine, Protocol):
    """Talks with customers, and can be given another model."""


class Services:
    """What the gateway, the desk, the actions and the commands work with."""

    def __init__(self, settings: Settings, dialogue: ChangeableDialogue, clock: Clock) -> None:
        self.settings = settings
        self.dialogue = dialogue
        self.clock = clock
        self.news = News()
        self._chance = random.Random()

    def sentence(self, name: str) -> str:
        """The text of a response of the domain."""
        return self.dialogue.sentence(name).text

    def wake_delivery(self) -> None:
        """To be called after something was put into an outbox of messages or events."""
        for loop in (self._delivery, *self._announcing):
            loop.wake()

    async def close(self) -> None:
        """End a publication that is under way; let go of connections."""
        await self.learning.close()
        await self.mailboxes.close()
        await self.ticket_system.close()
        if self.receiver:
            await self.receiver.close()
        await self.database.close()

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """To be run as long as the process lives."""
        patience = self.settings.desk_vanished_seconds
        return (
            self._delivery,
            self._mail_loop,
            self._code_loop,
            self._ticket_loop,
            self._ticket_watch,
            PresenceWatch(self.presence, self.desk, patience, time.monotonic),
            ModelWatch(self._records, self._workshop, self.dialogue),
            *self._announcing,
        )

    # The store

    @cached_property
    def database(self) -> Database:
        return open_database(self.settings.database_url)

    @cached_property
    def conversations(self) -> SqlConversations:
        return SqlConversations(self.database, self.clock, self._holding, digests=self._digests)

    @cached_property
    def standings(self) -> SqlStandings:
        return SqlStandings(self.database)

    @cached_property
    def ratings(self) -> Ratings:
        return SqlRatings(self.database, self.clock)

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
    def _proofs(self) -> SqlProofs:
        return SqlProofs(self.database, self.clock)

    @cached_property
    def _tickets(self) -> SqlTickets:
        return SqlTickets(self.database, self.conversations, self.clock)

    @cached_property
    def _events(self) -> SqlEvents:
        return SqlEvents(self.database, self.clock, wanted=self.receiver is not None)

    @cached_property
    def _holding(self) -> Holding:
        return Holding(self.clock, self._events)

    # The road of a message

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.conversations, self.turns, self._teller, self.settings.waiting_per_conversation)

    @cached_property
    def turns(self) -> Turns:
        return Turns(self.conversations, self.dialogue, self._teller, self._reception)

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self.news, self.standings, self.wake_delivery)

    @cached_property
    def _delivery(self) -> DeliveryLoop:
        return DeliveryLoop(SqlOutbox(self.database, self.clock), {}, self._chance)

    # People

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
    def presence(self) -> SqlPresence:
        return SqlPresence(self.database, self.clock)

    @cached_property
    def _reception(self) -> Reception:
        hours = load_hours(self.settings)
        return Reception(hours, self.standings, self.presence, self.settings.queue_limit, self.clock)

    @cached_property
    def receiver(self) -> HttpReceiver | None:
        """Of events; None where nobody is to be told."""
        return find_receiver(self.settings, self.clock)

    @cached_property
    def _announcing(self) -> tuple[EventLoop, ...]:
        return (EventLoop(self._events, self.receiver, self._chance),) if self.receiver else ()

    # Customers' accounts

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(
            mailboxes=self.mailboxes,
            proofs=self._proofs,
            codes=MailedCodes(self._codes, self._proof_lifetime, self._code_loop.wake, self.clock),
            tickets=self._tickets,
            ratings=self.ratings,
            reception=self._reception,
            transcripts=self._mailed_transcripts,
            wake_tickets=self._ticket_loop.wake,
            clock=self.clock,
            zone=ZoneInfo(self.settings.time_zone),
            retention=timedelta(days=self.settings.backup_days),
        )

    @cached_property
    def mailboxes(self) -> Mailboxes:
        return choose_mailboxes(self.settings, self.clock)

    @cached_property
    def tokens(self) -> Tokens:
        keys, audience = self.settings.token_keys, self.settings.token_audience
        return Tokens(keys, audience, self._proof_lifetime, self._proofs, self.clock)

    @cached_property
    def _proof_lifetime(self) -> timedelta:
        return timedelta(minutes=self.settings.proof_minutes)

    # Learning

    @cached_property
    def learning(self) -> Learning:
        kept, lock = self.settings.kept_models, Lock.of(self.settings.models)
        publisher = Publisher(self._records, self._workshop, self.dialogue, kept, self.clock)
        files = Files.of(self.settings.project, self.settings.faq)
        return Learning(SqlQuestions(self.database), publisher, files, lock, likeness)

    @cached_property
    def _records(self) -> SqlRecords:
        return SqlRecords(self.database, self.clock)

    @cached_property
    def _workshop(self) -> SubprocessWorkshop:
        return SubprocessWorkshop(self.settings)

    @cached_property
    def proposals(self) -> Proposals:
        return SqlProposals(self.database, self.clock)

    # Codes and mails

    @cached_property
    def mailer(self) -> Mailer:
        return choose_mailer(self.settings, self.clock)

    @cached_property
    def _secret(self) -> bytes:
        return load_secret(self.settings, self.database.folder)

    @cached_property
    def _digests(self) -> Digests:
        return Digests(derive(self._secret, "one-time codes"))

    @cached_property
    def _seal(self) -> Seal:
        return Seal(derive(self._secret, "waiting mails"))

    @cached_property
    def _codes(self) -> SqlCodes:
        return SqlCodes(self.database, self.conversations, self.clock)

    @cached_property
    def _code_loop(self) -> CodeLoop:
        issuer = Issuer(self._digests, self._seal, self.sentence)
        notices = Notices(self._mail_loop.wake, self._teller.said_one)
        return CodeLoop(self._codes, self.mailboxes, issuer, notices, self.clock)

    @cached_property
    def _mail_loop(self) -> MailLoop:
        return MailLoop(SqlMails(self.database, self.clock), self.mailer, self._seal, self.clock, self._chance)

    @cached_property
    def _mailed_transcripts(self) -> MailedTranscripts:
        return MailedTranscripts(
            conversations=self.conversations,
            proofs=self._proofs,
            mailboxes=self.mailboxes,
            mails=SqlTranscriptMails(self.database, self.clock),
            letters=TranscriptLetters(self._seal, self.sentence, ZoneInfo(self.settings.time_zone)),
            wake_mails=self._mail_loop.wake,
            clock=self.clock,
        )

    # Tickets

    @cached_property
    def ticket_system(self) -> TicketSystem:
        return choose_ticket_system(self.settings, self.mailer, self._tickets.states_by_hand, self.clock)

    @cached_property
    def ticket_news(self) -> TicketNews:
        return TicketNews(self._tickets, self.sentence, self._teller.said_one)

    @cached_property
    def _ticket_loop(self) -> TicketLoop:
        return TicketLoop(self._tickets, self.ticket_system, self._chance, self.settings.tickets_timeout)

    @cached_property
    def _ticket_watch(self) -> TicketWatch:
        poll = LOCAL_POLL if self.settings.tickets == "local" else self.settings.tickets_poll
        return TicketWatch(self._tickets, self.ticket_system, self.ticket_news, poll)


def build(settings: Settings, dialogue: ChangeableDialogue, clock: Clock = now) -> Services:
    """Nothing is opened or started yet; raises SettingsError when a setting does not fit."""
    services = Services(settings, dialogue, clock)
    # Makes every part that depends on a setting, so that a wrong one stops the start and not a customer's turn.
    _ = services.loops, services.accounts, services.tokens, services.staff, services.learning
    return services

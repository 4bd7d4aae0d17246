"""Build the whole from its parts, in one place."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.accounts import Accounts
from bot.clock import Clock, now
from bot.conversations.delivery import DeliveryLoop
from bot.conversations.intake import Intake
from bot.conversations.news import News
from bot.conversations.ports import Conversations, Dialogue, Standings
from bot.conversations.teller import Teller
from bot.conversations.turn import Turns
from bot.handoff.announcing import EventLoop
from bot.handoff.ports import Cases, Handoffs, Presence, Transcripts
from bot.handoff.presence import PresenceWatch
from bot.handoff.reception import Reception
from bot.handoff.service import Desk
from bot.handoff.timetable import load_hours
from bot.identity.codes import CodeLoop, Issuer, MailedCodes
from bot.identity.digests import Digests
from bot.identity.secrets import derive, load_secret
from bot.identity.tokens import Tokens
from bot.insight.ports import Ratings
from bot.loops import Loop
from bot.mail.choose import choose_mailer
from bot.mail.loop import MailLoop
from bot.mail.ports import Mailer
from bot.mail.seal import Seal
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.choose import choose_mailboxes
from bot.settings import Settings
from bot.staff.service import Staff
from bot.staff.sessions import Sessions
from bot.store.cases import SqlCases
from bot.store.codes import SqlCodes
from bot.store.conversations import SqlConversations
from bot.store.database import Database, open_database
from bot.store.events import SqlEvents
from bot.store.handoffs import SqlHandoffs
from bot.store.mails import SqlMails
from bot.store.outbox import SqlOutbox
from bot.store.presence import SqlPresence
from bot.store.proofs import SqlProofs
from bot.store.ratings import SqlRatings
from bot.store.staff import SqlAgents, SqlSessions
from bot.store.standings import SqlStandings
from bot.store.tickets import SqlTickets
from bot.store.transcripts import SqlTranscripts
from bot.ticketing.choose import choose_ticket_system
from bot.tickets.delivery import TicketLoop
from bot.tickets.ports import TicketSystem
from bot.tickets.watch import TicketNews, TicketWatch
from bot.webhooks.choose import find_receiver
from bot.webhooks.receiver import HttpReceiver

LOCAL_POLL = 2.0
"""Seconds between looks at the states of tickets in our own database."""


@dataclass(frozen=True)
class Services:
    """What the gateway, the actions and the commands work with."""

    settings: Settings
    database: Database
    conversations: Conversations
    intake: Intake
    turns: Turns
    news: News
    accounts: Accounts
    tokens: Tokens
    mailer: Mailer
    mailboxes: Mailboxes
    ticket_system: TicketSystem
    ticket_news: TicketNews
    receiver: HttpReceiver | None
    """Of events; None where nobody is to be told."""
    staff: Staff
    dialogue: Dialogue
    standings: Standings
    ratings: Ratings
    handoffs: Handoffs
    cases: Cases
    transcripts: Transcripts
    presence: Presence
    desk: Desk
    wake_delivery: Callable[[], None]
    """To be called after something was put into the outbox."""
    sentence: Callable[[str], str]
    """The text of a response of the domain."""
    loops: tuple[Loop, ...]
    """To be run as long as the process lives."""

    async def close(self) -> None:
        """Let go of connections."""
        await self.mailboxes.close()
        await self.ticket_system.close()
        if self.receiver:
            await self.receiver.close()
        await self.database.close()


def build(settings: Settings, dialogue: Dialogue, clock: Clock = now) -> Services:
    """Nothing is opened or started yet; raises SettingsError when a setting does not fit."""
    database, news, chance = open_database(settings.database_url), News(), random.Random()
    secret = load_secret(settings)
    digests, seal = Digests(derive(secret, "one-time codes")), Seal(derive(secret, "waiting mails"))
    conversations = SqlConversations(database, clock, conceal=digests.conceal)
    proofs, codes = SqlProofs(database, clock), SqlCodes(database, clock)
    tickets = SqlTickets(database, conversations, clock)
    mailer, mailboxes = choose_mailer(settings, clock), choose_mailboxes(settings, clock)
    ticket_system = choose_ticket_system(settings, mailer, tickets.states_by_hand, clock)
    poll = LOCAL_POLL if settings.tickets == "local" else settings.tickets_poll
    proof_lifetime = timedelta(minutes=settings.proof_minutes)

    def sentence(name: str) -> str:
        return dialogue.sentence(name).text

    delivery = DeliveryLoop(SqlOutbox(database, clock), {}, chance)
    standings, presence = SqlStandings(database), SqlPresence(database, clock)
    teller = Teller(news, standings, delivery.wake)
    reception = Reception(load_hours(settings), standings, presence, settings.queue_limit, clock)
    handoffs = SqlHandoffs(database, conversations, clock)
    transcripts = SqlTranscripts(database, clock)
    desk = Desk(handoffs, transcripts, teller, news, dialogue.sentence)
    ratings = SqlRatings(database, clock)
    ticket_news = TicketNews(tickets, news, sentence, delivery.wake)
    mail_loop = MailLoop(SqlMails(database, clock), mailer, seal, clock, chance)
    code_loop = CodeLoop(codes, mailboxes, Issuer(digests, seal, sentence), mail_loop.wake, clock)
    ticket_loop = TicketLoop(tickets, ticket_system, chance, settle=4 * settings.tickets_timeout)
    receiver = find_receiver(settings, clock)
    events = SqlEvents(database, clock, wanted=receiver is not None)
    announcing = (EventLoop(events, receiver, chance),) if receiver else ()
    turns = Turns(conversations, dialogue, teller, reception)
    return Services(
        settings=settings,
        database=database,
        conversations=conversations,
        intake=Intake(conversations, turns, teller, settings.waiting_per_conversation),
        turns=turns,
        news=news,
        accounts=Accounts(
            mailboxes=mailboxes,
            proofs=proofs,
            codes=MailedCodes(codes, proof_lifetime, code_loop.wake, clock),
            tickets=tickets,
            ratings=ratings,
            reception=reception,
            wake_tickets=ticket_loop.wake,
            clock=clock,
            zone=ZoneInfo(settings.time_zone),
            retention=timedelta(days=settings.backup_days),
        ),
        tokens=Tokens(settings.token_keys, settings.token_audience, proof_lifetime, proofs, clock),
        mailer=mailer,
        mailboxes=mailboxes,
        ticket_system=ticket_system,
        ticket_news=ticket_news,
        receiver=receiver,
        staff=_staff(settings, database, clock),
        dialogue=dialogue,
        standings=standings,
        ratings=ratings,
        handoffs=handoffs,
        cases=SqlCases(database, clock),
        transcripts=transcripts,
        presence=presence,
        desk=desk,
        wake_delivery=delivery.wake,
        sentence=sentence,
        loops=(
            delivery,
            mail_loop,
            code_loop,
            ticket_loop,
            TicketWatch(tickets, ticket_system, ticket_news, poll),
            *announcing,
            PresenceWatch(presence, desk, settings.desk_vanished_seconds, time.monotonic),
        ),
    )


def _staff(settings: Settings, database: Database, clock: Clock) -> Staff:
    lifetime, idle = timedelta(hours=settings.desk_session_hours), timedelta(minutes=settings.desk_idle_minutes)
    return Staff(
        agents=SqlAgents(database, clock),
        sessions=Sessions(SqlSessions(database, clock), lifetime, idle, clock),
        clock=clock,
    )

"""Build the whole from its parts, in one place."""

import random
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.accounts import Accounts
from bot.clock import Clock, now
from bot.conversations.delivery import DeliveryLoop
from bot.conversations.intake import Intake
from bot.conversations.news import News
from bot.conversations.ports import Conversations, Dialogue
from bot.conversations.turn import Turns
from bot.identity.codes import CodeLoop, Issuer, MailedCodes
from bot.identity.digests import Digests
from bot.identity.secrets import derive, load_secret
from bot.identity.tokens import Tokens
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
from bot.store.codes import SqlCodes
from bot.store.conversations import SqlConversations
from bot.store.database import Database, open_database
from bot.store.mails import SqlMails
from bot.store.outbox import SqlOutbox
from bot.store.proofs import SqlProofs
from bot.store.tickets import SqlTickets
from bot.ticketing.choose import choose_ticket_system
from bot.tickets.delivery import TicketLoop
from bot.tickets.ports import TicketSystem
from bot.tickets.watch import TicketNews, TicketWatch

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
    staff: Staff
    loops: tuple[Loop, ...]
    """To be run as long as the process lives."""

    async def close(self) -> None:
        """Let go of connections."""
        await self.mailboxes.close()
        await self.ticket_system.close()
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
    ticket_news = TicketNews(tickets, news, sentence, delivery.wake)
    mail_loop = MailLoop(SqlMails(database, clock), mailer, seal, clock, chance)
    code_loop = CodeLoop(codes, mailboxes, Issuer(digests, seal, sentence), mail_loop.wake, clock)
    ticket_loop = TicketLoop(tickets, ticket_system, chance, settle=4 * settings.tickets_timeout)
    turns = Turns(conversations, dialogue, news)
    return Services(
        settings=settings,
        database=database,
        conversations=conversations,
        intake=Intake(conversations, turns, news, settings.waiting_per_conversation),
        turns=turns,
        news=news,
        accounts=Accounts(
            mailboxes=mailboxes,
            proofs=proofs,
            codes=MailedCodes(codes, proof_lifetime, code_loop.wake, clock),
            tickets=tickets,
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
        staff=build_staff(settings, database, clock),
        loops=(
            delivery,
            mail_loop,
            code_loop,
            ticket_loop,
            TicketWatch(tickets, ticket_system, ticket_news, poll),
        ),
    )

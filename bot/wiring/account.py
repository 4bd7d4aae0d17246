"""What the bot does for customers' mailboxes: proofs, quotas, tickets, codes and mails."""

from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.accounts import Accounts
from bot.handoff.mailed import MailedTranscripts, TranscriptLetters
from bot.identity.codes import CodeLoop, Issuer, MailedCodes, Notices
from bot.identity.secrets import derive
from bot.identity.tokens import Tokens
from bot.insight.ports import Ratings
from bot.mail.choose import choose_mailer
from bot.mail.loop import MailLoop
from bot.mail.ports import Mailer
from bot.mail.seal import Seal
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.choose import choose_mailboxes
from bot.store.codes import SqlCodes
from bot.store.mails import SqlMails
from bot.store.proofs import SqlProofs
from bot.store.ratings import SqlRatings
from bot.store.tickets import SqlTickets
from bot.store.transcript_mails import SqlTranscriptMails
from bot.ticketing.choose import choose_ticket_system
from bot.tickets.delivery import TicketLoop
from bot.tickets.ports import TicketSystem
from bot.tickets.watch import TicketNews, TicketWatch
from bot.wiring.road import Road

LOCAL_POLL = 2.0
"""Seconds between looks at the states of tickets in our own database."""


class CustomerAccounts(Road):
    """Built on the road."""

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
    def ratings(self) -> Ratings:
        return SqlRatings(self.database, self.clock)

    @cached_property
    def mailer(self) -> Mailer:
        return choose_mailer(self.settings, self.clock)

    @cached_property
    def ticket_system(self) -> TicketSystem:
        return choose_ticket_system(self.settings, self.mailer, self._tickets.states_by_hand, self.clock)

    @cached_property
    def ticket_news(self) -> TicketNews:
        return TicketNews(self._tickets, self.sentence, self._teller.said_one)

    @cached_property
    def _proofs(self) -> SqlProofs:
        return SqlProofs(self.database, self.clock)

    @cached_property
    def _proof_lifetime(self) -> timedelta:
        return timedelta(minutes=self.settings.proof_minutes)

    @cached_property
    def _tickets(self) -> SqlTickets:
        return SqlTickets(self.database, self.conversations, self.clock)

    @cached_property
    def _codes(self) -> SqlCodes:
        return SqlCodes(self.database, self.conversations, self.clock)

    @cached_property
    def _seal(self) -> Seal:
        return Seal(derive(self._secret, "waiting mails"))

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

    @cached_property
    def _ticket_loop(self) -> TicketLoop:
        return TicketLoop(self._tickets, self.ticket_system, self._chance, self.settings.tickets_timeout)

    @cached_property
    def _ticket_watch(self) -> TicketWatch:
        poll = LOCAL_POLL if self.settings.tickets == "local" else self.settings.tickets_poll
        return TicketWatch(self._tickets, self.ticket_system, self.ticket_news, poll)

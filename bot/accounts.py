"""What procedures work with: customers' mailboxes and what else they do for customers, as one thing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.handoff.mailed import MailedTranscripts
from bot.handoff.reception import Reception
from bot.identity.ports import Codes, Proofs
from bot.insight.ports import Ratings
from bot.mailboxes.ports import Mailboxes
from bot.tickets.ports import Tickets


@dataclass(frozen=True)
class Accounts:
    """Ports, and the hoster's facts about them."""

    mailboxes: Mailboxes
    proofs: Proofs
    codes: Codes
    tickets: Tickets
    ratings: Ratings
    reception: Reception
    """Whether somebody is at the desk."""
    transcripts: MailedTranscripts
    wake_tickets: Callable[[], None]
    """To be called after a ticket was opened."""
    clock: Clock
    zone: ZoneInfo
    """Where the hoster's "gestern" is."""
    retention: timedelta
    """How far back the backups go."""

    def now(self) -> datetime:
        """The present time where the hoster is."""
        return self.clock().astimezone(self.zone)

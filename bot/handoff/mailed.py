"""
Mail the transcript of a conversation to its customer.

Road: actions.transcript or bot.desk → here → store (one transaction) → bot.mail.loop. It goes to the contact
address on file of a mailbox that is proven to be the customer's: with an address that is typed, the chat would
send anything to anybody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.conversations.model import Message
from bot.conversations.ports import Conversations
from bot.conversations.transcript import render_transcript
from bot.handoff.model import Sending, Wish
from bot.handoff.ports import Proofs, TranscriptMails
from bot.mail.model import Letter
from bot.mail.seal import Seal
from bot.mailboxes.ports import Mailboxes

MOST_AN_HOUR = 3
"""For a conversation."""
MOST_MESSAGES = 500
"""The last ones are in the mail."""
LIFETIME = timedelta(days=1)
"""After that nobody waits for the mail any more."""


@dataclass(frozen=True)
class TranscriptLetters:
    """Writes the mails."""

    seal: Seal
    sentence: Callable[[str], str]
    """Gives a text of the domain."""
    zone: ZoneInfo

    def write(self, messages: Sequence[Message], mailbox: str, contact: str, until: datetime) -> Letter:
        """About the last messages, sealed."""
        transcript = render_transcript(messages[-MOST_MESSAGES:], self.zone, self.sentence)
        if len(messages) > MOST_MESSAGES:
            transcript = f"{self.sentence('utter_transcript_cut')}\n\n{transcript}"
        text = self.sentence("utter_mail_transcript").format(mailbox=mailbox, transcript=transcript)
        return Letter(contact, self.sentence("utter_mail_transcript_subject"), self.seal.close(text), until)


@dataclass(frozen=True)
class MailedTranscripts:
    """What customers and agents ask for."""

    conversations: Conversations
    proofs: Proofs
    mailboxes: Mailboxes
    mails: TranscriptMails
    letters: TranscriptLetters
    wake_mails: Callable[[], None]
    clock: Clock

    async def send(self, key: str, conversation: str, mailbox: str) -> Sending:
        """Queue the mail; the same `key` again is the same wish. Raises PlatformError."""
        if mailbox not in await self.proofs.of(conversation):
            return Sending.UNPROVEN
        contact = await self.mailboxes.find_contact(mailbox)
        if contact is None:
            return Sending.NO_CONTACT
        now = self.clock()
        messages = await self.conversations.messages_after(conversation, 0)
        letter = self.letters.write(messages, mailbox, contact, now + LIFETIME)
        wish = Wish(key, conversation, mailbox)
        if not await self.mails.post(wish, letter, MOST_AN_HOUR, now - timedelta(hours=1)):
            return Sending.TOO_MANY
        self.wake_mails()
        return Sending.SENT

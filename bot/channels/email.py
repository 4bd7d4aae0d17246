"""
E-mail: reads a mailbox by IMAP, answers by SMTP.

One conversation a thread and person, see `mail.threads`. Nothing is missed and nothing answered twice: the place in
the mailbox (UIDVALIDITY and UID, RFC 3501) is kept after a mail is stored, and a mail that comes again, be it after a
crash in between or because somebody moved it, is known by its Message-ID. What must not be answered stays unread, for
people. Checking senders (SPF, DKIM, DMARC) is the mail server's work; here a sender's address proves nothing.
"""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.channels.errors import ChannelError
from bot.channels.mail.mailbox import Extent, Mailbox, Server, open_mailbox
from bot.channels.mail.options import EmailOptions
from bot.channels.mail.reading import CHANNEL, PersonalMail, file_content, find_failures, find_personal, parse_mail
from bot.channels.mail.threads import place_of
from bot.channels.mail.writing import Thread, Writer
from bot.channels.options import load_options, plain
from bot.channels.parts import Form
from bot.channels.port import Call, Channel, Event, Kind, Part, Take, Tools
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Message
from bot.conversations.plain import PLAIN
from bot.limiter import HOUR, Hit, Limit, Windows
from bot.mail.errors import MailError
from bot.mail.server import Access, SmtpServer, parse_address

IDLE_SECONDS = 540.0
"""Then the server is asked anew: firewalls forget connections on which nothing is said, often after ten minutes."""
CURSOR = "cursor"
MOST_SUBJECT = 500

log = structlog.get_logger(stop="channel")


class Email(Channel):
    """See the port."""

    name = CHANNEL
    # A mail has no limit that an answer comes near to, so that nothing is cut.
    form = Form(PLAIN, longest=1_000_000)
    opened_by = frozenset()

    def __init__(self, options: EmailOptions, tools: Tools, trust: ssl.SSLContext | None = None) -> None:
        """`trust` takes the place of the system's certificate authorities."""
        self._options = options
        self._notes = tools.notes
        self._clock = tools.clock
        self._trust = trust
        user, password = options.user or options.address, plain(options.password)
        self._own = (options.address.casefold(), user.casefold())
        self._server = Server(options.imap_host, options.imap_port, options.imap_tls, user, password, options.folder)
        self._smtp = SmtpServer(
            Access(
                host=options.smtp_host,
                port=options.smtp_port,
                tls=options.smtp_tls,
                user=user if options.smtp_login else "",
                password=password if options.smtp_login else "",
                timeout=tools.timeout,
            ),
            trust,
        )
        sender = parse_address(options.address, options.name)
        self._writer = Writer(sender, tools.sentence, ZoneInfo(tools.settings.time_zone))
        # Of the one process that leads.
        self._windows = Windows()
        self._limit = Limit("mails", options.most_per_hour, HOUR)

    async def check(self, call: Call) -> None:
        """Nobody calls."""

    def parse(self, call: Call) -> Sequence[Event]:
        """Of a mail as it is, in `body`."""
        events, _ = self._understand(call.body)
        return events

    # --- in ---

    async def listen(self, take: Take) -> None:
        """As long as the connection lasts."""
        async with self.mailbox() as mailbox:
            while True:
                if not await self.read(mailbox, take):
                    await self._wait(mailbox)

    def mailbox(self) -> AbstractAsyncContextManager[Mailbox]:
        """Connect. Raises ChannelError."""
        return open_mailbox(self._server, self._trust)

    async def read(self, mailbox: Mailbox, take: Take) -> bool:
        """Take what came since the last time, if anything. At the very first time, what is there is left."""
        extent = await mailbox.look()
        cursor = await self._notes.find(CHANNEL, CURSOR)
        if cursor is None:
            await self._keep(extent.validity, extent.next)
            return True
        first, since = self._begin(cursor, extent)
        if extent.next <= first:
            return False
        for uid in await mailbox.uids(first, since):
            await self._take(mailbox, extent.validity, uid, take)
            await self._keep(extent.validity, uid + 1)
            first = uid + 1
        await self._keep(extent.validity, max(extent.next, first))
        return True

    def _begin(self, cursor: dict[str, Any], extent: Extent) -> tuple[int, date | None]:
        """The first mail that is new; after such a change those of the last days, as those taken are known."""
        if cursor["validity"] == extent.validity:
            return int(cursor["next"]), None
        log.warning("the mailbox is another one, or was restored", before=cursor["validity"], now=extent.validity)
        return 1, (datetime.fromisoformat(cursor["at"]) - timedelta(days=1)).date()

    async def _keep(self, validity: int, following: int) -> None:
        at = self._clock().isoformat()
        await self._notes.keep(CHANNEL, CURSOR, {"validity": validity, "next": following, "at": at})

    async def _take(self, mailbox: Mailbox, validity: int, uid: int, take: Take) -> None:
        raw = await mailbox.fetch(uid, self._options.most_bytes)
        if raw is None:
            return
        events, personal = await self._find(raw, f"{validity}.{uid}")
        if personal:
            # First, because the answer needs it, and may leave at once.
            thread = {"subject": personal.subject[:MOST_SUBJECT], "references": list(personal.references)}
            await self._notes.keep(CHANNEL, personal.place.address, thread)
        if events:
            await take(events)
            await mailbox.mark_read(uid)

    async def _find(self, raw: bytes, mail: str) -> tuple[Sequence[Event], PersonalMail | None]:
        try:
            # Of a thread, because large mails take their time.
            return await asyncio.to_thread(self._understand, raw, mail)
        except Exception:
            # The edge: whatever is wrong with one mail, the next ones are read; it stays unread, for people.
            log.exception("a mail cannot be understood", mail=mail)
            return (), None

    def _understand(self, raw: bytes, mail: str = "0.0") -> tuple[Sequence[Event], PersonalMail | None]:
        message = parse_mail(raw)
        if failures := find_failures(message):
            return failures, None
        personal = find_personal(message, raw, self._own, mail)
        return ([personal.event], personal) if personal else ((), None)

    async def _wait(self, mailbox: Mailbox) -> None:
        if mailbox.can_wait:
            await mailbox.wait(IDLE_SECONDS)
        else:
            await asyncio.sleep(self._options.poll_seconds)

    # --- out ---

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:
        """The whole message in one mail."""
        if parts_sent:
            return
        place = place_of(address)
        if not self._windows.allows(Hit(self._limit, place.person)):
            log.error("answers are not sent any more: this looks like a loop", message=message.id)
            raise DeliveryError(
                f"{self._options.most_per_hour} mails within an hour went to this address, which looks like two robots "
                "that answer each other. See POSTBOTE_CHANNEL_EMAIL_MOST_PER_HOUR.",
                final=True,
            )
        known = await self._notes.find(CHANNEL, address) or {}
        thread = Thread(known.get("subject", ""), known.get("references", ()))
        try:
            await self._smtp.send(self._writer.write(place, thread, message))
        except MailError as error:
            raise DeliveryError(
                str(error), final=error.final, gone=error.gone, retry_after=error.retry_after
            ) from error
        self._windows.hit(Hit(self._limit, place.person))

    async def post(self, address: str, part: Part) -> None:
        """A text of its own, without a question; `send` brings whole messages."""
        await self.send(address, Message(part.seq, str(part.message_id), Author.BOT, part.text, (), self._clock()))

    async def fetch(self, file: File, most: int) -> bytes:
        """See the port; from the mailbox, as long as the mail is there."""
        validity, uid, number = map(int, file.reference.split("."))
        async with self.mailbox() as mailbox:
            extent = await mailbox.look()
            # Encoded, a file is longer by a third and its line ends; the rest of the mail comes before it.
            raw = await mailbox.fetch(uid, 2 * most + self._options.most_bytes) if extent.validity == validity else None
        content = file_content(parse_mail(raw), number) if raw else None
        if content is None:
            raise DeliveryError("The mail is not in the mailbox any more, so its file cannot be had.", final=True)
        if len(content) > most:
            raise DeliveryError(f"The file has more than {most} bytes.", final=True)
        return content

    async def ping(self) -> str:
        """The mailbox opens, and the SMTP server answers."""
        async with self.mailbox() as mailbox:
            await mailbox.look()
        try:
            await self._smtp.ping()
        except MailError as error:
            raise ChannelError(str(error)) from error
        return self._options.address

    async def set_webhook(self, url: str) -> str:  # noqa: ARG002 -- nobody calls
        """Nothing to tell."""
        return "email reads a mailbox; nobody has to know our address."


KIND = Kind(lambda tools: Email(load_options(EmailOptions, CHANNEL), tools), EmailOptions)

"""
What channels bring, on its way to intake.

Road: `Channel.parse` or `Channel.listen` → here → conversations.intake. When `take` returns, everything is stored and
the vendor may be answered; turns are taken after it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.channels.port import Channel, Event, Failed, Gone, Said, Seen, SeenUntil, Unreadable
from bot.conversations.errors import TooManyError, UnknownChoiceError
from bot.conversations.files import File
from bot.conversations.intake import Intake
from bot.conversations.model import Incoming
from bot.conversations.ports import Attachments, Contacts, Conversations, Dialogue, Standings
from bot.limiter import Hit, Limit, Limiter

FILE = "📎"
"""Stands before a file's name in the transcript: a sign that needs no language."""
LONGEST_NAME = 100
TOLD = Limit("told", 1)
"""That it was too much."""

log = structlog.get_logger(stop="channel")


@dataclass(frozen=True)
class Limits:
    """What one customer may send."""

    longest: int
    """Characters of a message."""
    per_minute: int
    """Messages."""


class Inbound:
    """The one way from every channel to intake."""

    def __init__(  # noqa: PLR0913, PLR0917 -- each is another noun of the road
        self,
        intake: Intake,
        conversations: Conversations,
        standings: Standings,
        contacts: Contacts,
        dialogue: Dialogue,
        attachments: Attachments | None,
        limits: Limits,
        limiter: Limiter,
    ) -> None:
        """Without `attachments` they are refused, politely."""
        self._intake = intake
        self._conversations = conversations
        self._standings = standings
        self._contacts = contacts
        self._dialogue = dialogue
        self._attachments = attachments
        self._limits = limits
        self._limiter = limiter
        self._messages = Limit("messages", limits.per_minute)
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, channel: Channel, events: Sequence[Event]) -> None:
        """Store them, in order. One that came before is taken once; raises only when the database does not answer."""
        for event in events:
            with structlog.contextvars.bound_contextvars(channel=channel.name):
                await self._take(channel, event)

    async def hear(self, event: Said | Unreadable) -> Incoming:
        """Store what a customer said, or refuse it politely; returns it as it was understood."""
        incoming = _clean(event.incoming)
        if not await self._may(self._messages, incoming):
            await self._slow_down(incoming)
        elif isinstance(event, Unreadable):
            await self._answer(incoming, "utter_text_only")
        elif len(incoming.text) > self._limits.longest:
            await self._answer(replace(incoming, text=incoming.text[: self._limits.longest]), "utter_too_long")
        else:
            await self._say(incoming, event.files)
        return incoming

    async def close(self) -> None:
        """Let acknowledgements that are under way end."""
        await asyncio.gather(*self._tasks)

    async def _take(self, channel: Channel, event: Event) -> None:
        match event:
            case Said() | Unreadable():
                await channel.remember(event.incoming)
                await self._contacts.back(channel.name, event.incoming.address)
                self._acknowledge(channel, await self.hear(event))
            case Failed(address, message, reason):
                log.warning("not delivered, says the vendor", message=message, error=reason)
                await self._contacts.failed(channel.name, address, message, reason)
            case Gone(address, reason):
                await self._contacts.gone(channel.name, address, reason)
            case Seen(address, seq, read):
                if conversation := await self._conversations.find(channel.name, address):
                    await self._standings.seen(conversation, seq, read=read)
            case SeenUntil(address, moment, read):
                if conversation := await self._conversations.find(channel.name, address):
                    await self._standings.seen_until(conversation, moment, read=read)

    async def _say(self, incoming: Incoming, files: Sequence[File]) -> None:
        if incoming.text or incoming.choice:
            try:
                await self._intake.take(incoming)
            except UnknownChoiceError:
                # A button of long ago: what it said is understood as if it were typed.
                log.info("unknown button", message=incoming.message_id)
                if incoming.text:
                    await self._say(replace(incoming, choice=None), files)
                return
            except TooManyError:
                await self._slow_down(incoming)
                return
        if files:
            await self._attach(incoming, files)

    async def _attach(self, incoming: Incoming, attached: Sequence[File]) -> None:
        files = [_storable(file) for file in attached]
        names = "\n".join(f"{FILE} {file.name[:LONGEST_NAME]}" for file in files)
        shown = replace(incoming, text=names, choice=None, message_id=f"{incoming.message_id}:files"[-255:])
        kept = self._attachments is not None
        message = await self._answer(shown, "utter_attachment_kept" if kept else "utter_attachment_refused")
        if self._attachments is not None:
            # Also when it came before: the process may have died in between, or it is an album of which more comes.
            await self._attachments.expect(message, incoming.channel, files)

    async def _slow_down(self, incoming: Incoming) -> None:
        """Not stored, so that nobody fills the database; told once a minute, so that there is no silence either."""
        log.warning("too many messages", message=incoming.message_id)
        if await self._may(TOLD, incoming):
            await self._answer(incoming, "utter_too_many")

    async def _answer(self, incoming: Incoming, sentence: str) -> int:
        return await self._intake.answer(incoming, self._dialogue.sentence(sentence))

    async def _may(self, limit: Limit, incoming: Incoming) -> bool:
        return await self._limiter.hit(Hit(limit, f"{incoming.channel}:{incoming.address}")) is None

    def _acknowledge(self, channel: Channel, incoming: Incoming) -> None:
        task = asyncio.create_task(_acknowledge(channel, incoming))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _acknowledge(channel: Channel, incoming: Incoming) -> None:
    try:
        await channel.acknowledge(incoming)
    except Exception as error:  # noqa: BLE001 -- the edge: a read mark that fails is no reason to lose anything
        log.warning("not acknowledged", channel=channel.name, message=incoming.message_id, error=repr(error))


def _storable(file: File) -> File:
    """PostgreSQL takes no NUL."""
    texts = {key: getattr(file, key).replace("\0", "") for key in ("name", "type", "reference")}
    return replace(file, **texts)


def _clean(incoming: Incoming) -> Incoming:
    return replace(incoming, text=incoming.text.replace("\0", "").strip())

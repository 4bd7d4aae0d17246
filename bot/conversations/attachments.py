"""
What customers attach: fetched from the channel, looked at, kept for the desk or not.

Road: bot.channels.inbound → here (expected) → Channel.fetch → store.
"""

import asyncio
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.backoff import pause_after
from bot.conversations.errors import DeliveryError, TooLargeError
from bot.conversations.files import Expected, File, FileState
from bot.conversations.media import type_of
from bot.conversations.model import Message
from bot.conversations.news import Fetched, News
from bot.conversations.ports import AttachmentStore, Fetcher
from bot.loops import Loop

MOST_ATTEMPTS = 10
MARKS = re.compile(r"[\\`*_\[\]<>&|~#]")
"""Of Markdown."""

log = structlog.get_logger(stop="attachments")


@dataclass(frozen=True)
class Rules:
    """What is kept."""

    largest: int
    """Bytes."""
    types: frozenset[str]
    """By content."""


class AttachmentNews:
    """Writes what became of a file, and tells those whom it concerns."""

    def __init__(
        self,
        attachments: AttachmentStore,
        sentence: Callable[[str], str],
        said: Callable[[str, Message], None],
        news: News,
    ) -> None:
        """`sentence` gives a text of the domain; `said` is told of the message that is new in a conversation."""
        self._attachments = attachments
        self._sentence = sentence
        self._said = said
        self._news = news

    async def kept(self, expected: Expected, type: str, content: bytes) -> None:
        """The desk has it; the customer was told before that it would."""
        await self._attachments.kept(expected, type, content)
        log.info("kept", conversation=expected.conversation, attachment=expected.id, type=type, size=len(content))
        self._news.publish(expected.conversation, Fetched(expected.seq))

    async def refused(self, expected: Expected, state: FileState, reason: str, largest: int) -> None:
        """The customer is told, once."""
        log.warning("not kept", conversation=expected.conversation, attachment=expected.id, state=state, reason=reason)
        sentence = self._sentence(f"utter_attachment_{state.value}")
        words = sentence.format(name=literal(expected.file.name), largest=_size(largest))
        if message := await self._attachments.refused(expected, state, reason, words):
            self._said(expected.conversation, message)
        self._news.publish(expected.conversation, Fetched(expected.seq))


class AttachmentLoop(Loop):
    """Fetches until it is cancelled; the port `Attachments`."""

    def __init__(
        self,
        attachments: AttachmentStore,
        channels: Mapping[str, Fetcher],
        rules: Rules,
        news: AttachmentNews,
        chance: random.Random,
    ) -> None:
        super().__init__()
        self._attachments = attachments
        self._channels = channels
        self._rules = rules
        self._news = news
        self._chance = chance

    async def expect(self, message: int, channel: str, files: Sequence[File]) -> None:
        """See the port."""
        await self._attachments.expect(message, channel, files)
        self.wake()

    async def do_due(self) -> None:
        """Fetch until nothing is due any more."""
        while due := await self._attachments.due():
            await asyncio.gather(*map(self._take, due))

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return await self._attachments.seconds_to_next()

    async def _take(self, expected: Expected) -> None:
        try:
            await self._keep(expected)
        except TooLargeError as error:
            await self._refuse(expected, FileState.TOO_LARGE, str(error))
        except DeliveryError as error:
            await self._fail(expected, error)
        except Exception as error:
            # The edge: a fault of one channel must not hold up the others.
            log.exception("channel failed", conversation=expected.conversation, attachment=expected.id)
            await self._fail(expected, DeliveryError(f"The channel {expected.channel} failed: {error!r}. See the log."))

    async def _keep(self, expected: Expected) -> None:
        largest = self._rules.largest
        if (expected.file.size or 0) > largest:
            raise TooLargeError(largest)
        content = await self._channels[expected.channel].fetch(expected.file, largest)
        if len(content) > largest:
            raise TooLargeError(largest)
        found = await asyncio.to_thread(type_of, content)
        if found not in self._rules.types:
            await self._refuse(expected, FileState.WRONG_TYPE, found)
            return
        await self._news.kept(expected, found, content)

    async def _fail(self, expected: Expected, error: DeliveryError) -> None:
        attempts = expected.attempts + 1
        if error.final or attempts >= MOST_ATTEMPTS:
            await self._refuse(expected, FileState.NOT_FETCHED, str(error))
            return
        pause = error.retry_after or pause_after(attempts, self._chance)
        log.warning("not fetched", attachment=expected.id, error=str(error), retry_in=pause)
        await self._attachments.failed(expected, str(error), pause)

    async def _refuse(self, expected: Expected, state: FileState, reason: str) -> None:
        await self._news.refused(expected, state, reason, self._rules.largest)


def literal(name: str) -> str:
    """In Markdown, as it is."""
    return MARKS.sub(r"\\\g<0>", name)


def _size(number: int) -> str:
    return f"{number // 10**6} MB" if number >= 10**6 else f"{number // 1000} kB"

"""
What customers attach: fetched from the channel, looked at, kept for the desk or not.

Road: bot.channels.inbound → here (expected) → Channel.fetch → store.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.backoff import pause_after
from bot.conversations.errors import DeliveryError, TooLargeError
from bot.conversations.media import type_of
from bot.conversations.model import Expected, File, FileState
from bot.conversations.news import Fetched, News
from bot.conversations.ports import AttachmentStore, Fetcher
from bot.loops import Loop

MOST_ATTEMPTS = 10

log = structlog.get_logger(stop="attachments")


@dataclass(frozen=True)
class Rules:
    """What is kept."""

    largest: int
    """Bytes."""
    types: frozenset[str]
    """By content."""


class AttachmentLoop(Loop):
    """Fetches until it is cancelled; the port `Attachments`."""

    def __init__(
        self,
        attachments: AttachmentStore,
        channels: Mapping[str, Fetcher],
        rules: Rules,
        news: News,
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
        await self._attachments.kept(expected, found, content)
        log.info("kept", conversation=expected.conversation, attachment=expected.id, type=found, size=len(content))
        self._tell(expected)

    async def _fail(self, expected: Expected, error: DeliveryError) -> None:
        attempts = expected.attempts + 1
        if error.final or attempts >= MOST_ATTEMPTS:
            await self._refuse(expected, FileState.NOT_FETCHED, str(error))
            return
        pause = error.retry_after or pause_after(attempts, self._chance)
        log.warning("not fetched", attachment=expected.id, error=str(error), retry_in=pause)
        await self._attachments.failed(expected, str(error), pause)

    async def _refuse(self, expected: Expected, state: FileState, reason: str) -> None:
        log.warning("not kept", conversation=expected.conversation, attachment=expected.id, state=state, reason=reason)
        await self._attachments.refused(expected, state, reason)
        self._tell(expected)

    def _tell(self, expected: Expected) -> None:
        self._news.publish(expected.conversation, Fetched(expected.seq))

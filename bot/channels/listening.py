"""Listen to a vendor that does not call us, for as long as the process lives."""

import asyncio
import random
import time

import structlog

from bot.backoff import pause_after
from bot.channels.inbound import Inbound
from bot.channels.port import Channel

LONG_ENOUGH = 60.0
"""Seconds of listening after which a failure counts as the first one again."""

log = structlog.get_logger(stop="channel")


class Listening:
    """Runs `Channel.listen`, and again after it fails, with patience."""

    def __init__(self, channel: Channel, inbound: Inbound, chance: random.Random) -> None:
        self._channel = channel
        self._inbound = inbound
        self._chance = chance

    async def run(self) -> None:
        """Until it is cancelled."""
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._channel.listen(lambda events: self._inbound.take(self._channel, events))
                log.warning("listening ended", channel=self._channel.name)
            except Exception as error:  # noqa: BLE001 -- the edge: the next connection may be better
                log.warning("listening failed", channel=self._channel.name, error=str(error) or repr(error))
            failures = 1 if time.monotonic() - began > LONG_ENOUGH else failures + 1
            await asyncio.sleep(pause_after(failures, self._chance))

"""The whole, and its life."""

import time
from collections.abc import Mapping
from functools import cached_property

from bot.channels.choose import KINDS
from bot.channels.listening import Listening
from bot.channels.port import Kind
from bot.clock import Clock, now
from bot.faq.learning.watch import ModelWatch
from bot.handoff.presence import PresenceWatch
from bot.loops import Loop
from bot.settings import Settings
from bot.wiring.people import People
from bot.wiring.road import ChangeableDialogue


class Services(People):
    """What the gateway, the desk, the actions and the commands work with."""

    @cached_property
    def loops(self) -> tuple[Loop | Listening, ...]:
        """To be run as long as the process lives."""
        patience = self.settings.desk_vanished_seconds
        return (
            self._delivery,
            self._mail_loop,
            self._code_loop,
            self._ticket_loop,
            self._ticket_watch,
            PresenceWatch(self.presence, self.desk, patience, time.monotonic),
            ModelWatch(self._records, self._workshop, self.dialogue),
            *self._announcing,
            *self._listening,
        )

    async def close(self) -> None:
        """End what is under way; let go of connections."""
        await self.inbound.close()
        await self.learning.close()
        await self.mailboxes.close()
        await self.ticket_system.close()
        for channel in self.channels.values():
            await channel.close()
        if self.receiver:
            await self.receiver.close()
        await self.database.close()


def build(
    settings: Settings, dialogue: ChangeableDialogue, clock: Clock = now, kinds: Mapping[str, Kind] = KINDS
) -> Services:
    """Nothing is opened or started yet; raises SettingsError when a setting does not fit. `kinds`: see Road."""
    services = Services(settings, dialogue, clock, kinds)
    # Makes every part that depends on a setting, so that a wrong one stops the start and not a customer's turn.
    _ = services.loops, services.accounts, services.tokens, services.staff, services.learning
    return services

"""The whole, and its life."""

import asyncio
import time
from collections.abc import Mapping
from functools import cached_property

from bot.channels.choose import KINDS
from bot.channels.listening import Listening
from bot.channels.port import Kind
from bot.clock import Clock, now
from bot.conversations.poll import NewsPoll, TurnPoll
from bot.conversations.relay import Relay, relay_wakes
from bot.faq.learning.watch import ModelWatch
from bot.handoff.presence import PresenceWatch
from bot.leading import Leading, Runs
from bot.loops import Loop
from bot.privacy.kinds import Periods
from bot.privacy.retention import RetentionLoop
from bot.settings import Settings
from bot.store.bus import PgBus
from bot.store.heart import Heart
from bot.store.leases import PgLease
from bot.store.limiter import HitsCleaning
from bot.store.privacy.retention import SqlRetention
from bot.wiring.people import People
from bot.wiring.road import ChangeableDialogue
from bot.wiring.roles import Role


class Services(People):
    """What the gateway, the desk, the actions and the commands work with."""

    @cached_property
    def loops(self) -> tuple[Runs, ...]:
        """To be run as long as the process lives."""
        watch = ModelWatch(self._records, self._workshop, self.dialogue)
        bus = self.database.bus
        return (watch, *self._single) if bus is None else (watch, *self._shared(bus))

    @cached_property
    def _single(self) -> tuple[Loop | Listening, ...]:
        """What one process does for all."""
        patience = self.settings.desk_vanished_seconds
        loops: tuple[Loop | Listening, ...] = (
            self._delivery,
            self._mail_loop,
            self._code_loop,
            self._ticket_loop,
            self._ticket_watch,
            RetentionLoop(SqlRetention(self.database, Periods.from_settings(self.settings), self.clock)),
            PresenceWatch(self.presence, self.desk, patience, time.monotonic),
            *self._announcing,
            *self._keeping,
            *self._listening,
        )
        for loop in loops:
            if isinstance(loop, Loop):
                loop.meter = self.metrics
                loop.tracer = self.tracer
        return loops

    def _shared(self, bus: PgBus) -> tuple[Runs, ...]:
        """Where several processes share the database."""
        relay_wakes(bus, [loop for loop in self._single if isinstance(loop, Loop)])
        relay = Relay(self.news, bus, self.conversations, self.standings)
        assert self.database_clock, "Who has a bus has a server with a clock."
        polls = (TurnPoll(self.turns), NewsPoll(self.news, self.standings))
        shared = (bus, relay, self.database_clock, *polls)
        if not self.role.works:
            return shared
        alone = (*self._single, HitsCleaning(self.database))
        leading = Leading(PgLease(self.database, "background", self.workers.me), alone)
        return (*shared, Heart(self.workers, self.shares), leading)

    async def prepare(self) -> None:
        """Bring the database to the present revision, and take its time."""
        await self.database.migrate()
        if self.database_clock:
            await self.database_clock.do_due()

    async def close(self) -> None:
        """End what is under way; let go of connections."""
        if self.database.bus and self.role.works:
            await self.workers.leave()
        await self.inbound.close()
        await self.learning.close()
        await self.mailboxes.close()
        await self.ticket_system.close()
        for channel in self.channels.values():
            await channel.close()
        if self.receiver:
            await self.receiver.close()
        await self.database.close()
        # Last, since it draws what the others do; it waits for the collector.
        await asyncio.to_thread(self.tracer.close)


def build(
    settings: Settings,
    dialogue: ChangeableDialogue,
    clock: Clock = now,
    kinds: Mapping[str, Kind] = KINDS,
    role: Role = Role.ALL,
) -> Services:
    """
    Nothing is opened or started yet. `kinds` and `role`: see Road.

    Raises SettingsError when a setting does not fit.
    """
    services = Services(settings, dialogue, clock, kinds, role)
    # Makes every part that depends on a setting, so that a wrong one stops the start and not a customer's turn.
    _ = (
        services.tracer,
        services.loops,
        services.doors,
        services.accounts,
        services.tokens,
        services.staff,
        services.learning,
    )
    return services

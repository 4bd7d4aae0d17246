"""The road of a message: the store, intake, turns, and the ways home."""

import functools
import random
from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

from bot.channels.choose import choose_channels, choose_doors
from bot.channels.inbound import Inbound, Limits
from bot.channels.listening import Listening
from bot.channels.options import Options
from bot.channels.port import Channel, Kind, Tools
from bot.clock import Clock
from bot.conversations.attachments import AttachmentLoop, AttachmentNews, Rules
from bot.conversations.delivery import DeliveryLoop
from bot.conversations.intake import Intake
from bot.conversations.news import News
from bot.conversations.ports import Dialogue
from bot.conversations.shares import Shares
from bot.conversations.teller import Teller
from bot.conversations.turn import Turns
from bot.errors import SettingsError
from bot.faq.learning.ports import Engine
from bot.handoff.announcing import EventLoop
from bot.handoff.reception import Reception
from bot.handoff.timetable import load_hours
from bot.identity.digests import Digests
from bot.identity.secrets import derive, load_secret
from bot.limiter import Limiter, LocalLimiter
from bot.metrics import Metrics
from bot.settings import Settings
from bot.store.attachments import SqlAttachments
from bot.store.backlog import SqlBacklogs
from bot.store.choose import open_database
from bot.store.claims import ClaimedConversations, Workers
from bot.store.clock import DatabaseClock
from bot.store.contacts import SqlContacts
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.events import SqlEvents
from bot.store.holding import Holding
from bot.store.limiter import PgLimiter
from bot.store.notes import SqlNotes
from bot.store.outbox import SqlOutbox
from bot.store.presence import SqlPresence
from bot.store.privacy.consents import SqlConsents
from bot.store.standings import SqlStandings
from bot.tracing import Tracer
from bot.webhooks.choose import find_receiver
from bot.webhooks.receiver import HttpReceiver
from bot.wiring.roles import Role
from bot.wiring.tracer import choose_tracer


class ChangeableDialogue(Dialogue, Engine, Protocol):
    """Talks with customers, and can be given another model."""


class Road:
    """What every message passes."""

    def __init__(
        self,
        settings: Settings,
        dialogue: ChangeableDialogue,
        clock: Clock,
        kinds: Mapping[str, Kind],
        role: Role = Role.ALL,
    ) -> None:
        """`kinds` are the channels that there are; `role` is what this process is there for."""
        self._kinds = kinds
        self.role = role
        self.settings = settings
        self.dialogue = dialogue
        self._own_clock = clock
        self.news = News()
        self._chance = random.Random()

    def sentence(self, name: str) -> str:
        """The text of a response of the domain."""
        return self.dialogue.sentence(name).text

    def wake_delivery(self) -> None:
        """To be called after something was put into an outbox of messages or events."""
        for loop in (self._delivery, *self._announcing):
            loop.wake()

    @cached_property
    def database(self) -> Database:
        database = open_database(self.settings.database_url)
        if database.bus is None and self.role is not Role.ALL:
            raise SettingsError(
                f"`python -m bot {self.role}` shares its work with other processes, which needs PostgreSQL: "
                "set POSTBOTE_DATABASE_URL to postgresql+asyncpg://…, or use `python -m bot run`."
            )
        return database

    @cached_property
    def database_clock(self) -> DatabaseClock | None:
        """None where no other process can share the database."""
        return DatabaseClock(self.database, self._own_clock) if self.database.bus else None

    @property
    def clock(self) -> Clock:
        """Of all that is kept."""
        return self.database_clock or self._own_clock

    @cached_property
    def workers(self) -> Workers:
        """Of which this process is one."""
        return Workers(self.database)

    @cached_property
    def shares(self) -> Shares:
        """Whose conversations are whose, where several processes take turns."""
        return Shares(self.workers.me)

    @cached_property
    def conversations(self) -> SqlConversations:
        kind = (
            functools.partial(ClaimedConversations, worker=self.workers.me) if self.database.bus else SqlConversations
        )
        return kind(
            self.database,
            self.clock,
            self._holding,
            pushed=self._kinds,
            elsewhere=self._elsewhere,
            digests=self._digests,
            openings=self._openings,
        )

    @cached_property
    def limiter(self) -> Limiter:
        """Counts for all processes that share the database."""
        return PgLimiter(self.database, derive(self._secret, "limits")) if self.database.bus else LocalLimiter()

    @cached_property
    def _openings(self) -> Mapping[str, str]:
        """Of messengers; in a mail or for a program it would be out of place, and elsewhere others answer."""
        if not self.settings.privacy_url:
            return {}
        words = self.sentence("utter_privacy_notice").format(
            url=self.settings.privacy_url, days=self.settings.keep_conversations
        )
        return dict.fromkeys(self._kinds.keys() - self._elsewhere - {"email", "callback"}, words)

    @cached_property
    def consents(self) -> SqlConsents:
        return SqlConsents(self.database, self.clock)

    @cached_property
    def standings(self) -> SqlStandings:
        return SqlStandings(self.database, self._elsewhere)

    @cached_property
    def intake(self) -> Intake:
        most = self.settings.waiting_per_conversation
        return Intake(self.conversations, self.turns, self._teller, most, meter=self.metrics, tracer=self.tracer)

    @cached_property
    def turns(self) -> Turns:
        return Turns(
            self.conversations,
            self.dialogue,
            self._teller,
            self._reception,
            self.database.bus,
            shares=self.shares if self.role.works else None,
            meter=self.metrics,
            tracer=self.tracer,
        )

    @cached_property
    def metrics(self) -> Metrics:
        """Told of everything that passes the road in this process."""
        return Metrics(SqlBacklogs(self.database, self.clock))

    @cached_property
    def tracer(self) -> Tracer:
        """Draws what passes the road in this process, if the settings say so."""
        return choose_tracer(self.settings, self.role)

    @cached_property
    def presence(self) -> SqlPresence:
        return SqlPresence(self.database, self.clock)

    @cached_property
    def receiver(self) -> HttpReceiver | None:
        """Of events; None where nobody is to be told."""
        return find_receiver(self.settings, self.clock)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Those that messages are pushed to, by name."""
        notes = SqlNotes(self.database, self.clock)
        return choose_channels(Tools(self.settings, notes, self.sentence, self.clock), self._kinds)

    @cached_property
    def doors(self) -> Mapping[str, Options]:
        """The options of those channels whose clients keep a connection, by name."""
        return choose_doors(self.settings)

    @cached_property
    def inbound(self) -> Inbound:
        return Inbound(
            intake=self.intake,
            conversations=self.conversations,
            standings=self.standings,
            contacts=self._contacts,
            dialogue=self.dialogue,
            attachments=next(iter(self._keeping), None),
            limits=Limits(self.settings.longest_message, self.settings.messages_per_minute),
            limiter=self.limiter,
        )

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        return frozenset(name for name, kind in self._kinds.items() if kind.own_desk)

    @cached_property
    def attachments(self) -> SqlAttachments:
        return SqlAttachments(self.database, self.clock, self.conversations, self.channels.keys())

    @cached_property
    def _attachment_loop(self) -> AttachmentLoop:
        rules = Rules(self.settings.attachments_largest, frozenset(self.settings.attachments_types))
        news = AttachmentNews(self.attachments, self.sentence, self._teller.said_one, self.news)
        return AttachmentLoop(self.attachments, self.channels, rules, news, self._chance)

    @cached_property
    def _keeping(self) -> tuple[AttachmentLoop, ...]:
        return (self._attachment_loop,) if self.settings.attachments == "keep" else ()

    @cached_property
    def _contacts(self) -> SqlContacts:
        return SqlContacts(self.database, self.clock)

    @cached_property
    def _listening(self) -> tuple[Listening, ...]:
        return tuple(
            Listening(channel, self.inbound, self._chance) for channel in self.channels.values() if channel.listens
        )

    @cached_property
    def _teller(self) -> Teller:
        return Teller(self.news, self.standings, self.wake_delivery)

    @cached_property
    def _delivery(self) -> DeliveryLoop:
        outbox = SqlOutbox(self.database, self.clock, self.channels.keys())
        return DeliveryLoop(outbox, self.channels, self._chance, self._contacts)

    @cached_property
    def _reception(self) -> Reception:
        hours = load_hours(self.settings)
        return Reception(hours, self.standings, self.presence, self.settings.queue_limit, self.clock)

    @cached_property
    def _events(self) -> SqlEvents:
        return SqlEvents(self.database, self.clock, wanted=self.receiver is not None)

    @cached_property
    def _announcing(self) -> tuple[EventLoop, ...]:
        return (EventLoop(self._events, self.receiver, self._chance),) if self.receiver else ()

    @cached_property
    def _holding(self) -> Holding:
        return Holding(self.clock, self._events)

    @cached_property
    def _secret(self) -> bytes:
        return load_secret(self.settings, self.database.folder)

    @cached_property
    def _digests(self) -> Digests:
        return Digests(derive(self._secret, "one-time codes"))

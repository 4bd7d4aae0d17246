"""Build the whole from its parts, in one place."""

import random
from dataclasses import dataclass

from bot.clock import Clock, now
from bot.conversations.delivery import DeliveryLoop
from bot.conversations.intake import Intake
from bot.conversations.news import News
from bot.conversations.ports import Conversations, Dialogue
from bot.conversations.turn import Turns
from bot.settings import Settings
from bot.store.conversations import SqlConversations
from bot.store.database import Database, open_database
from bot.store.outbox import SqlOutbox


@dataclass(frozen=True)
class Services:
    """What the gateway works with."""

    settings: Settings
    database: Database
    conversations: Conversations
    intake: Intake
    turns: Turns
    news: News
    delivery: DeliveryLoop


def build(settings: Settings, dialogue: Dialogue, clock: Clock = now) -> Services:
    """Nothing is opened or started yet; raises SettingsError when a setting does not fit."""
    database = open_database(settings.database_url)
    conversations = SqlConversations(database, clock)
    news = News()
    turns = Turns(conversations, dialogue, news)
    return Services(
        settings=settings,
        database=database,
        conversations=conversations,
        intake=Intake(conversations, turns, news, settings.waiting_per_conversation),
        turns=turns,
        news=news,
        delivery=DeliveryLoop(SqlOutbox(database, clock), {}, random.Random()),
    )

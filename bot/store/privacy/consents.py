"""Which words about privacy the customer of a conversation saw, or accepted."""

from sqlalchemy import update

from bot.clock import Clock
from bot.store.database import Database
from bot.store.tables import conversations


class SqlConsents:
    """Written with the conversation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(self, conversation: str, words: str) -> None:
        """The last ones count."""
        values = {"consent": words, "consent_at": self._clock()}
        change = update(conversations).where(conversations.c.id == conversation).values(values)
        await self._database.write(lambda connection: connection.execute(change))

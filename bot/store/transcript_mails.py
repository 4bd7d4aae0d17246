"""Wishes for a transcript by mail: model ↔ rows."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.handoff.model import Wish
from bot.mail.model import Letter
from bot.store.database import Database
from bot.store.mails import post
from bot.store.tables import transcript_mails


class SqlTranscriptMails:
    """The port `bot.handoff.ports.TranscriptMails` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def post(self, wish: Wish, letter: Letter, most: int, since: datetime) -> bool:
        """See the port."""

        def unit(connection: Connection) -> bool:
            return self._post(connection, wish, letter, most, since)

        try:
            return await self._database.write(unit)
        except IntegrityError:
            # Another process noted the same wish in this very moment.
            return await self._database.write(unit)

    def _post(self, connection: Connection, wish: Wish, letter: Letter, most: int, since: datetime) -> bool:
        known = select(transcript_mails.c.key).where(transcript_mails.c.key == wish.key)
        if connection.scalar(known):
            return True
        had = select(func.count()).where(
            transcript_mails.c.conversation_id == wish.conversation, transcript_mails.c.asked_at > since
        )
        if int(connection.scalar(had) or 0) >= most:
            return False
        row = {"key": wish.key, "conversation_id": wish.conversation, "mailbox": wish.mailbox}
        connection.execute(insert(transcript_mails), row | {"asked_at": self._clock()})
        post(connection, letter, self._clock)
        return True

"""
Erase one person: their conversations go, and their address goes out of what is others'.

In transactions of a few rows, while servers write. What they write meanwhile is looked for again until nothing is
found; a turn that began before is taken anew, as its conversation has another edition.
"""

from functools import partial

from sqlalchemy import insert

from bot.clock import Clock
from bot.errors import PostboteError
from bot.privacy.person import Person
from bot.privacy.report import Erased
from bot.store.database import Database
from bot.store.privacy.belongings import AT_ONCE
from bot.store.privacy.erasure_steps import Eraser
from bot.store.privacy.person import all_tables, own_conversations
from bot.store.tables import audit

MOST_ROUNDS = 20
ACTION = "erase_person"


class StillWrittenError(PostboteError):
    """The person writes as fast as they are erased."""

    code = "still_written"


class SqlErasure:
    """The port `bot.privacy.ports.Erasure` on SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def preview(self, person: Person) -> Erased:
        """See the port."""
        eraser = Eraser(person, "")
        await self._database.report(eraser.count)
        return eraser.erased

    async def erase(self, person: Person, mark: str, source: str) -> Erased:
        """See the port."""
        eraser = Eraser(person, mark)
        for _ in range(MOST_ROUNDS):
            before = eraser.erased.total
            await self._go_through(eraser)
            if eraser.erased.total == before:
                break
        else:
            raise StillWrittenError(f"There is always something new of {person.name}: they write now. Run it later.")
        row = {"at": self._clock(), "action": ACTION, "subject": f"{mark}, rows: {before}", "source": source}
        await self._database.write(lambda connection: connection.execute(insert(audit), row))
        return eraser.erased

    async def _go_through(self, eraser: Eraser) -> None:
        """Once; each look beside the traffic, each change in a transaction of its own."""
        own = await self._database.report(partial(own_conversations, person=eraser.person))
        for start in range(0, len(own), AT_ONCE):
            await self._database.write(partial(eraser.erase_conversations, ids=own[start : start + AT_ONCE]))
        await self._database.write(eraser.erase_rows)
        for table in all_tables():
            keys = await self._database.report(partial(eraser.find, table=table))
            for start in range(0, len(keys), AT_ONCE):
                await self._database.write(partial(eraser.mask, table=table, keys=keys[start : start + AT_ONCE]))

"""Use what another process published: several that share a database and a folder of models speak with one voice."""

import structlog

from bot.faq.learning.ports import Engine, Records, Workshop
from bot.loops import LONGEST_PAUSE, Loop

log = structlog.get_logger(stop="model")


class ModelWatch(Loop):
    """Looks twice a minute which version is in use, and takes it when its file is here."""

    def __init__(self, records: Records, workshop: Workshop, engine: Engine) -> None:
        super().__init__()
        self._records = records
        self._workshop = workshop
        self._engine = engine

    async def do_due(self) -> None:
        """See Loop."""
        active = await self._records.find_active()
        if active is None or active.name == self._engine.version:
            return
        if not self._workshop.has(active.name):
            log.error("the model in use is not here: and not in the database", version=active.name)
            return
        use = await self._engine.prepare(active.name)
        use()

    async def seconds_to_next(self) -> float | None:
        """See Loop."""
        return LONGEST_PAUSE

"""
Which model a server starts with: the one in use when the last one ended, if its sources are as they were then.

They may have changed since: an editor saved a file, or a release came. Then the model of the
present sources is trained if need be, and is in use from now on.
"""

from bot.clock import Clock
from bot.dialogue.training import Report, ensure_model, fingerprint, model_file
from bot.faq.learning.files import publishing
from bot.faq.learning.model import Version
from bot.faq.learning.ports import Records
from bot.faq.learning.publish import recover
from bot.settings import Settings
from bot.store.choose import open_database
from bot.store.shelf import choose_records


async def choose_version(settings: Settings, clock: Clock, report: Report, *, follows: bool = False) -> str:
    """
    The version whose file is there to be loaded; also clears up after a publication whose process died.

    Who `follows` takes what other processes have put to use, whatever this host's sources are.

    Raises what `bot.dialogue.training.ensure_model` raises.
    """
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        records = choose_records(settings, database, clock)
        if follows and (active := await records.find_active()) and model_file(settings.models, active.name).is_file():
            return active.name
        await recover(records, publishing(settings.models))
        return await _choose(settings, records, clock, report)
    finally:
        await database.close()


async def _choose(settings: Settings, records: Records, clock: Clock, report: Report) -> str:
    active = await records.find_active()
    sources = fingerprint(settings.project, settings.faq)
    # While another process publishes, the files are not what is in use.
    is_right = active is not None and (active.sources == sources or await records.find_unfinished() is not None)
    if active and is_right and model_file(settings.models, active.name).is_file():
        return active.name
    ensure_model(settings.project, settings.models, settings.faq, report=report)
    if active is None or active.name != sources:
        await records.activate(Version(sources, sources, clock(), active.name if active else None))
    return sources

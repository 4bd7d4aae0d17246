"""The database, and what stands in it about this release: migrations, clock, model."""

from datetime import timedelta

from bot.clock import now
from bot.commands.checks.model import Result, Results, failed, ok, warning
from bot.dialogue.training import fingerprint, model_file
from bot.settings import Settings
from bot.store.backlog import SqlBacklogs
from bot.store.condition import clock_ahead, find_file, find_pending, is_newer
from bot.store.database import Database
from bot.store.learning import SqlRecords

NOTICEABLE, GRAVE = timedelta(seconds=1), timedelta(seconds=30)
"""Between two clocks; codes and proofs are valid for minutes."""
STUCK = 60.0
"""Seconds for which a message may wait for its turn."""


async def check_database(settings: Settings, database: Database) -> Results:
    """It answers, and its schema is this release's."""
    if is_new(settings):
        return [warning("database", f"{find_file(settings.database_url)} is made at the first start.")]
    try:
        await database.ping()
    except Exception as error:  # noqa: BLE001 -- whatever the driver raises
        reason = getattr(error, "reason", repr(error))
        text = f"It does not answer ({reason}). Does it run, and is POSTBOTE_DATABASE_URL right?"
        return [failed("database", text.replace("\n", " "))]
    pending = await find_pending(database)
    if await is_newer(database):
        text = "A later release has run more, and this one still works on the result. Finish the update."
        return [ok("database", "it answers"), warning("migrations", text)]
    if pending:
        text = f"{len(pending)} to come ({', '.join(pending)}). The next start of any process runs them."
        return [ok("database", "it answers"), warning("migrations", text)]
    return [ok("database", "it answers"), ok("migrations", "all are run")]


async def check_clock(settings: Settings, database: Database) -> Results:
    """Ours against the database's."""
    if database.bus is None:
        return [ok("clock", "the database has none of its own")]
    ahead = await clock_ahead(database, now)
    text = f"The database is {ahead.total_seconds():+.1f} s ahead of this host"
    if abs(ahead) < NOTICEABLE:
        return [ok("clock", text)]
    kind = warning if abs(ahead) < GRAVE else failed
    return [kind("clock", f"{text}. Synchronise both by NTP (systemctl status systemd-timesyncd or chrony).")]


async def check_model(settings: Settings, database: Database) -> Results:
    """There, and of the present sources."""
    sources = fingerprint(settings.project, settings.faq)
    active = None if is_new(settings) or await find_pending(database) else await SqlRecords(database, now).find_active()
    if active is None:
        return [_untrained(settings, sources)]
    if active.sources != sources:
        return [warning("model", f"FAQ or dialogue changed since {active.name} was trained. Start again, or publish.")]
    if not model_file(settings.models, active.name).is_file():
        return [warning("model", f"{active.name} is not in {settings.models}. The next start gets or trains it.")]
    return [ok("model", f"{active.name} is in use, and current")]


async def check_work(settings: Settings, database: Database) -> Results:
    """Somebody takes turns; nothing lies about."""
    if is_new(settings) or await find_pending(database):
        return []
    backlog = await SqlBacklogs(database, now).now()
    dead = {kind: queue.dead for kind, queue in backlog.queues.items() if queue.dead}
    results = []
    if database.bus and not backlog.workers:
        results.append(failed("workers", "No worker is alive. Start one: python -m bot worker"))
    if backlog.oldest_waiting > STUCK:
        text = (
            f"The oldest of {backlog.waiting} has waited for {backlog.oldest_waiting:.0f} s. Look at the workers' logs."
        )
        results.append(failed("messages", text))
    if dead:
        shown = ", ".join(f"{count} of {kind}" for kind, count in dead.items())
        results.append(warning("dead letters", f"{shown}. See the desk's page of dead letters."))
    return results or [ok("work", f"{backlog.waiting} messages wait; no dead letters")]


def is_new(settings: Settings) -> bool:
    """There is no database yet; to connect would make one."""
    file = find_file(settings.database_url)
    return file is not None and not file.exists()


def _untrained(settings: Settings, sources: str) -> Result:
    if model_file(settings.models, sources).is_file():
        return ok("model", f"{sources} is trained, and will be in use")
    return warning("model", "None is trained. The next start trains one, in some seconds; or: make train")

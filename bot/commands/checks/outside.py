"""What is somewhere else: channels, mailbox platform, ticket system, mail server."""

import asyncio

from bot.channels.choose import DOORS
from bot.clock import now
from bot.commands.channels import look, make_channel
from bot.commands.checks.model import Result, Results, State, failed, ok, warning
from bot.errors import SettingsError
from bot.mail.choose import choose_mailer
from bot.mailplatform.choose import choose_mailboxes
from bot.settings import Settings
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.tickets import SqlTickets
from bot.ticketing.choose import choose_ticket_system
from bot.wiring.tracer import load_otel

STATES = {"on": State.OK, "reachable": State.OK}
"""Of channels; others have failed."""


async def check_channels(settings: Settings, database: Database) -> Results:
    """Each that is switched on."""
    looked = await asyncio.gather(*(look(name, settings, database) for name in settings.channels))
    return [
        Result(f"channel {each.name}", STATES.get(each.state, State.FAILED), f"{each.state}. {each.note}".rstrip(". "))
        for each in looked
    ]


async def check_public_url(settings: Settings, database: Database) -> Results:
    """Vendors that call must find us."""
    if settings.public_url.startswith("https://"):
        return [ok("public URL", settings.public_url)]
    called = [name for name in settings.channels if await _is_called(name, settings, database)]
    if called or settings.public_url:
        who = f"the vendors of {', '.join(called)}" if called else "vendors"
        text = f"POSTBOTE_PUBLIC_URL must be the https:// address where {who} reach us. Set it."
        return [failed("public URL", text)]
    return [ok("public URL", "no channel needs one")]


async def _is_called(name: str, settings: Settings, database: Database) -> bool:
    """Rather than that we ask the vendor, or clients keep a connection."""
    if name in DOORS:
        return False
    try:
        channel = make_channel(name, settings, database)
    except SettingsError:
        # Half configured, which is told elsewhere; most are called.
        return True
    try:
        return not channel.listens
    finally:
        await channel.close()


async def check_mailboxes(settings: Settings) -> Results:
    """The platform."""
    mailboxes = choose_mailboxes(settings, now)
    try:
        await mailboxes.ping()
    finally:
        await mailboxes.close()
    if settings.mailboxes == "demo":
        return [warning("mailboxes", "The demo's, which are invented. For customers set POSTBOTE_MAILBOXES.")]
    return [ok("mailboxes", f"{settings.mailboxes} answers")]


async def check_mailer(settings: Settings) -> Results:
    """One-time codes leave by it."""
    await choose_mailer(settings, now).ping()
    if settings.mailer == "demo":
        text = "Mails are shown to everybody on /demo/mails. For customers set POSTBOTE_MAILER=smtp."
        return [warning("mails", text)]
    return [ok("mails", f"{settings.smtp_host}:{settings.smtp_port} answers")]


async def check_traces(settings: Settings) -> Results:
    """Whether there are any, and who takes them."""
    if settings.traces == "off":
        return [ok("traces", "off")]
    otel = load_otel()
    if await asyncio.to_thread(otel.try_collector):
        return [ok("traces", f"{otel.endpoint()} takes them")]
    text = (
        f"{otel.endpoint()} does not take them; without it nothing is missing but the traces. "
        "Is OTEL_EXPORTER_OTLP_ENDPOINT, or …_TRACES_ENDPOINT, right, and does the collector speak OTLP over HTTP?"
    )
    return [warning("traces", text)]


async def check_tickets(settings: Settings, database: Database) -> Results:
    """The ticket system."""
    tickets = SqlTickets(database, SqlConversations(database, now), now)
    system = choose_ticket_system(settings, choose_mailer(settings, now), tickets.states_by_hand, now)
    try:
        await system.ping()
    finally:
        await system.close()
    if settings.tickets == "local":
        return [ok("tickets", "local: python -m bot tickets list")]
    return [ok("tickets", f"{settings.tickets} answers")]

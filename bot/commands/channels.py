"""Channels: list them with their state, tell a vendor our address."""

import argparse
import asyncio
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from babel.dates import format_datetime

from bot.channels.choose import DOORS, KINDS, get_kind
from bot.channels.errors import ChannelError
from bot.channels.options import load_options
from bot.channels.port import Channel, Tools
from bot.clock import now
from bot.errors import PostboteError, SettingsError
from bot.settings import Settings, load_settings
from bot.store.choose import open_database
from bot.store.contacts import SqlContacts, Traffic
from bot.store.database import Database
from bot.store.notes import SqlNotes

ALWAYS = ("web", "rest")
NOTHING = Traffic(None, None, 0, 0, 0)
PATIENCE = 15.0
"""Seconds for a vendor to say who we are."""


@dataclass(frozen=True)
class State:
    """A channel as the list shows it."""

    name: str
    state: str
    """`on`, `reachable`, `unreachable`, `half configured` or `off`."""
    note: str
    traffic: Traffic


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`list` (the default) and `connect`."""
    actions = parser.add_subparsers(metavar="list | connect", dest="action")
    shown = actions.add_parser("list", help="all, with state, last message in and out, and what waits")
    connect = actions.add_parser("connect", help="tell the vendor our address, POSTBOTE_PUBLIC_URL/webhooks/<name>")
    connect.add_argument("channel")
    for each in (parser, shown):
        each.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(action="list")


def run(args: argparse.Namespace) -> int:
    """1 when a channel that is switched on is not reachable or half configured."""
    return asyncio.run(_run(args, load_settings()))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        if args.action == "connect":
            print(await _connect(args.channel, settings, database))
            return 0
        states = await _states(settings, database)
    finally:
        await database.close()
    if args.json:
        print(json.dumps([asdict(each) for each in states], ensure_ascii=False, indent=2, default=datetime.isoformat))
    else:
        _print(states)
    return int(any(each.state in {"unreachable", "half configured"} for each in states))


async def _connect(name: str, settings: Settings, database: Database) -> str:
    if name in DOORS:
        raise ChannelError(f"{name} has no vendor whom to tell: clients come to us. See docs/channels/{name}.md.")
    if not settings.public_url.startswith("https://"):
        raise SettingsError("POSTBOTE_PUBLIC_URL must be set to the https:// address where vendors reach us.")
    channel = make_channel(name, settings, database)
    try:
        return await channel.set_webhook(f"{settings.public_url.rstrip('/')}/webhooks/{name}")
    finally:
        await channel.close()


async def _states(settings: Settings, database: Database) -> list[State]:
    traffic = await SqlContacts(database, now).traffic()
    always = [State(name, "on", "", traffic.get(name, NOTHING)) for name in ALWAYS]
    looked = await asyncio.gather(
        *(look(name, settings, database, traffic.get(name, NOTHING)) for name in settings.channels)
    )
    off = [
        State(name, "off", "", traffic.get(name, NOTHING)) for name in (*KINDS, *DOORS) if name not in settings.channels
    ]
    return [*always, *looked, *off]


async def look(name: str, settings: Settings, database: Database, seen: Traffic = NOTHING) -> State:
    """Whether the channel, which is switched on, is set up and its vendor reachable."""
    if name in DOORS:
        return _look_at_door(name, seen)
    try:
        channel = make_channel(name, settings, database)
    except SettingsError as error:
        return State(name, "half configured", str(error), seen)
    try:
        async with asyncio.timeout(PATIENCE):
            return State(name, "reachable", await channel.ping(), seen)
    except (PostboteError, TimeoutError) as error:
        return State(name, "unreachable", str(error) or f"No answer within {PATIENCE:.0f} s.", seen)
    finally:
        await channel.close()


def _look_at_door(name: str, seen: Traffic) -> State:
    """There is nobody to ask: clients come to us."""
    try:
        load_options(DOORS[name], name)
    except SettingsError as error:
        return State(name, "half configured", str(error), seen)
    return State(name, "on", "", seen)


def make_channel(name: str, settings: Settings, database: Database) -> Channel:
    """One that is switched on. Raises ChannelError, SettingsError."""
    if name not in settings.channels:
        get_kind(name)
        raise ChannelError(f"{name} is not switched on. Add it to POSTBOTE_CHANNELS.")
    # No sentence of the domain is needed to ask who we are.
    tools = Tools(settings, SqlNotes(database, now), lambda key: key, now)
    return get_kind(name).make(tools)


def _print(states: list[State]) -> None:
    print(f"{'channel':14} {'state':16} {'last in':17} {'last out':17} {'waiting':>7} {'dead':>5} {'gone':>5}")
    for each in states:
        seen = each.traffic
        times = f"{_time(seen.last_in):17} {_time(seen.last_out):17}"
        print(f"{each.name:14} {each.state:16} {times} {seen.waiting:7} {seen.dead:5} {seen.unreachable:5}")
        if each.note:
            print(f"{'':14} {each.note}")


def _time(moment: datetime | None) -> str:
    return format_datetime(moment, "yyyy-MM-dd HH:mm") if moment else "-"

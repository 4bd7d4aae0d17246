"""Check this installation, and say of each thing whether it is well and what to do if it is not; changes nothing."""

import argparse
import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict

from bot.commands.checks import database as stored
from bot.commands.checks import here, outside
from bot.commands.checks.model import Result, State, failed, ok, run_all
from bot.errors import SettingsError
from bot.log import configure
from bot.settings import Settings, load_settings
from bot.store.choose import open_database
from bot.store.database import Database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="for programs: a list of name, state and text")


def run(args: argparse.Namespace) -> int:
    """1 when something has failed; warnings are none of that."""
    results = _examine()
    if args.json:
        print(json.dumps([asdict(each) for each in results], ensure_ascii=False, indent=2))
    else:
        _print(results)
    return int(any(each.state is State.FAILED for each in results))


def _examine() -> list[Result]:
    try:
        settings = load_settings()
    except SettingsError as error:
        return [failed("settings", str(error))]
    # What is only warned of at a start has a line of its own here.
    configure(settings.model_copy(update={"log_level": "error"}))
    return [ok("settings", "all fit"), *asyncio.run(_look(settings))]


async def _look(settings: Settings) -> list[Result]:
    try:
        database = open_database(settings.database_url)
    except (SettingsError, OSError) as error:
        return [failed("database", str(error))]
    try:
        return [*await _look_inside(settings, database), *await _look_around(settings, database)]
    finally:
        await database.close()


async def _look_inside(settings: Settings, database: Database) -> list[Result]:
    reachable = await run_all([("database", stored.check_database(settings, database))])
    if any(each.state is State.FAILED for each in reachable):
        # Of what stands in it, nothing can be said.
        return reachable
    more = [
        ("clock", stored.check_clock(settings, database)),
        ("model", stored.check_model(settings, database)),
        ("work", stored.check_work(settings, database)),
    ]
    return [*reachable, *await run_all(more)]


async def _look_around(settings: Settings, database: Database) -> list[Result]:
    return await run_all(
        [
            ("FAQ", here.check_faq_files(settings)),
            ("secret key", here.check_secret(settings)),
            ("disk", here.check_space(settings)),
            ("public URL", outside.check_public_url(settings, database)),
            ("channels", outside.check_channels(settings, database)),
            ("mailboxes", outside.check_mailboxes(settings)),
            ("mails", outside.check_mailer(settings)),
            ("tickets", outside.check_tickets(settings, database)),
            ("traces", outside.check_traces(settings)),
        ]
    )


def _print(results: Iterable[Result]) -> None:
    width = max(len(each.name) for each in results)
    for each in results:
        first, *more = each.text.split("\n")
        print(f"{each.state:8} {each.name:{width}}  {first}")
        for line in more:
            print(f"{'':8} {'':{width}}  {line}")

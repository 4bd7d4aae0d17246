"""Customers' rights: delete by period, export or erase all that is stored about one person."""

import argparse
import asyncio

from bot.clock import now
from bot.privacy.kinds import ABOUT, Kind, Periods, periods_table
from bot.privacy.retention import sweep_all
from bot.settings import Settings, load_settings
from bot.store.database import open_database
from bot.store.retention import SqlRetention


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One command for each act, with its own arguments."""
    actions = parser.add_subparsers(required=True, metavar="COMMAND", dest="act")
    sweep = actions.add_parser(
        "retention", help="delete what has been kept for its time; a running server does so hourly"
    )
    sweep.add_argument("--dry-run", action="store_true", help="only count it")
    actions.add_parser("periods", help="print the table of kinds and periods, as the record of processing has it")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for. Raises PostboteError."""
    settings = load_settings()
    match args.act:
        case "periods":
            print(periods_table(Periods.from_settings(settings)), end="")
        case "retention":
            _print_counts(asyncio.run(_sweep(settings, dry_run=args.dry_run)), settings, dry_run=args.dry_run)
    return 0


async def _sweep(settings: Settings, *, dry_run: bool) -> dict[Kind, int]:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        retention = SqlRetention(database, Periods.from_settings(settings), now)
        if dry_run:
            return {kind: await retention.count_due(kind) for kind in Kind}
        return await sweep_all(retention)
    finally:
        await database.close()


def _print_counts(counts: dict[Kind, int], settings: Settings, *, dry_run: bool) -> None:
    periods = Periods.from_settings(settings)
    print(f"{'kind':14} {'days':>5} {'due' if dry_run else 'deleted':>8}  counted from")
    for kind in ABOUT:
        print(f"{kind.value:14} {periods.of[kind].days:5} {counts.get(kind, 0):8}  {ABOUT[kind].since}")

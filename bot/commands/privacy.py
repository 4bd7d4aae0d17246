"""Customers' rights: delete by period, export or erase all that is stored about one person."""

import argparse
import asyncio
from pathlib import Path

from bot.clock import now
from bot.commands.privacy_person import erase, export, opened
from bot.privacy.kinds import ABOUT, Kind, Periods, periods_table
from bot.privacy.retention import sweep_all
from bot.settings import Settings, load_settings
from bot.store.privacy.retention import SqlRetention


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One command for each act, with its own arguments."""
    actions = parser.add_subparsers(required=True, metavar="COMMAND", dest="act")
    shown = actions.add_parser("export", help="all that is stored about somebody, as JSON")
    shown.add_argument("--out", type=Path, help="the file; else it is printed")
    shown.add_argument("--files", type=Path, help="folder for what they attached; else it is in the JSON")
    gone = actions.add_parser("erase", help="delete it, and say what is left to do elsewhere")
    gone.add_argument("--dry-run", action="store_true", help="only count it")
    gone.add_argument("--yes", action="store_true", help="do not ask")
    gone.add_argument(
        "--no-compact", dest="compact", action="store_false", help="do not write the database anew; later: compact"
    )
    actions.add_parser("compact", help="after an erasure: overwrite what was deleted")
    for each in (shown, gone):
        each.add_argument("address", help="a mail address; or a customer of a channel, such as telegram:4711")
        each.add_argument(
            "--log", nargs="+", default=[], metavar="FILE", help="log files, besides POSTBOTE_PRIVACY_LOGS"
        )
    sweep = actions.add_parser("retention", help="delete what was kept for its time, as a running server does hourly")
    sweep.add_argument("--dry-run", action="store_true", help="only count it")
    actions.add_parser("periods", help="print the table of kinds and periods, as the record of processing has it")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for. Raises PostboteError."""
    settings = load_settings()
    match args.act:
        case "export":
            return asyncio.run(export(args, settings))
        case "erase":
            return asyncio.run(erase(args, settings))
        case "compact":
            asyncio.run(_compact(settings))
        case "periods":
            print(periods_table(Periods.from_settings(settings)), end="")
        case "retention":
            counts = asyncio.run(_sweep(settings, dry_run=args.dry_run))
            _print_counts(counts, Periods.from_settings(settings), dry_run=args.dry_run)
    return 0


async def _compact(settings: Settings) -> None:
    async with opened(settings) as database:
        await database.compact()


async def _sweep(settings: Settings, *, dry_run: bool) -> dict[Kind, int]:
    async with opened(settings) as database:
        retention = SqlRetention(database, Periods.from_settings(settings), now)
        if dry_run:
            return {kind: await retention.count_due(kind) for kind in Kind}
        return await sweep_all(retention)


def _print_counts(counts: dict[Kind, int], periods: Periods, *, dry_run: bool) -> None:
    print(f"{'kind':14} {'days':>5} {'due' if dry_run else 'deleted':>8}  counted from")
    for kind, about in ABOUT.items():
        print(f"{kind.value:14} {periods.of[kind].days:5} {counts.get(kind, 0):8}  {about.since}")

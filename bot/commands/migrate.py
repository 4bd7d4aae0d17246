"""Bring the database to this release; processes do so themselves when they start, this does it and nothing else."""

import argparse
import asyncio

from bot.log import configure
from bot.settings import load_settings
from bot.store.choose import open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: the database is the one of the settings."""


def run(args: argparse.Namespace) -> int:
    """Migrate, and say so."""
    settings = load_settings()
    configure(settings)
    asyncio.run(_migrate(settings.database_url))
    print("The database is as this release needs it.")
    return 0


async def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        await database.migrate()
    finally:
        await database.close()

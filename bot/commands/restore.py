"""Put a copy of `backup` in the place of the database, which is set aside; the server must be stopped."""

import argparse
import shlex
from pathlib import Path

from bot.clock import now
from bot.settings import load_settings
from bot.store.backup import BackupError, load_command, restore
from bot.store.condition import find_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", type=Path, help="of python -m bot backup")


def run(args: argparse.Namespace) -> int:
    """Raises BackupError."""
    settings = load_settings()
    database = find_file(settings.database_url)
    if database is None:
        command = shlex.join(load_command(settings.database_url, args.file))
        raise BackupError(f"PostgreSQL has a tool of its own for that. Stop all processes, then run:\n{command}")
    manifest, aside = restore(args.file, database, now())
    print(f"{database}: {manifest.messages} messages of {manifest.made_at}.")
    if aside:
        print(f"What was there before is {aside}.")
    return 0

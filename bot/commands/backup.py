"""Copy the database into a file, while the server runs; of PostgreSQL, say which command does."""

import argparse
import shlex
from pathlib import Path

from bot.clock import now
from bot.settings import load_settings
from bot.store.backup import BackupError, back_up, dump_command
from bot.store.condition import find_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument(
        "file", type=Path, help="such as postbote-2026-11-24.tar.gz; holds the key as well: keep it safe"
    )


def run(args: argparse.Namespace) -> int:
    """Raises BackupError."""
    settings = load_settings()
    database = find_file(settings.database_url)
    if database is None:
        command = shlex.join(dump_command(settings.database_url, args.file))
        raise BackupError(f"PostgreSQL has a tool of its own for that. Run:\n{command}")
    manifest = back_up(database, args.file, now())
    print(f"{args.file}: {manifest.messages} messages, at {', '.join(manifest.revisions)}.")
    return 0

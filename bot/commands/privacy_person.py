"""Export and erase one person, at the terminal."""

import argparse
import getpass
import json
import secrets
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import now
from bot.privacy.elsewhere import left_to_do
from bot.privacy.errors import UnconfirmedError
from bot.privacy.logs import LogError, find_lines, log_files, put_out
from bot.privacy.person import Person, person_of
from bot.privacy.report import Erased
from bot.settings import Settings
from bot.store.audit import SqlAudit
from bot.store.choose import open_database
from bot.store.database import Database
from bot.store.privacy.dossier import SqlDossier
from bot.store.privacy.erasure import SqlErasure


async def export(args: argparse.Namespace, settings: Settings) -> int:
    """Print or write the JSON."""
    person = person_of(args.address)
    async with opened(settings) as database:
        found = await SqlDossier(database).collect(person, args.files)
        await SqlAudit(database, now).record(None, "export_person", subject=person.name, source=_source())
    lines = (
        [vars(hit) for file in _logs(args, settings) for hit in find_lines(file, person.needle)]
        if person.needle
        else []
    )
    dossier = {"about": person.name, "exported_at": now().isoformat(), **found, "log_lines": lines}
    text = json.dumps(dossier, ensure_ascii=False, indent=2)
    if args.out:
        args.out.write_text(f"{text}\n", "utf-8")
        print(f"{args.out}: {len(found['conversations'])} conversations, {len(lines)} lines of logs.", file=sys.stderr)
    else:
        print(text)
    return 0


async def erase(args: argparse.Namespace, settings: Settings) -> int:
    """Show what would go, ask, do it, and report; 1 where something is left."""
    person, files = person_of(args.address), _logs(args, settings)
    async with opened(settings) as database:
        erasure = SqlErasure(database, now)
        planned, lines = await erasure.preview(person), _count_lines(person, files)
        _print_counts(planned, lines, "would be")
        if args.dry_run:
            return 0
        if not args.yes:
            _confirm(person)
        erased = await erasure.erase(person, f"[gelöscht {secrets.token_hex(4)}]", _source())
        if args.compact:
            await database.compact()
    lines, failures = _put_out(person, files)
    print()
    _print_counts(erased, lines, "were")
    later = () if args.compact else ("The database still has the bytes. Later: python -m bot privacy compact",)
    for line in (*failures, *later, *left_to_do(erased, settings)):
        print(f"- {line}")
    return 1 if failures else 0


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Migrated."""
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        yield database
    finally:
        await database.close()


def _logs(args: argparse.Namespace, settings: Settings) -> Sequence[Path]:
    return log_files((*settings.privacy_logs, *args.log))


def _source() -> str:
    return f"command line, {getpass.getuser()}"


def _count_lines(person: Person, files: Sequence[Path]) -> Counter[str]:
    counts = {str(file): sum(1 for _ in find_lines(file, person.needle)) for file in files} if person.needle else {}
    return +Counter(counts)


def _put_out(person: Person, files: Sequence[Path]) -> tuple[Counter[str], Sequence[str]]:
    """Lines, by file; and what could not be done."""
    lines: Counter[str] = Counter()
    failures: list[str] = []
    if person.needle is None:
        return lines, failures
    for file in files:
        try:
            lines[str(file)] = put_out(file, person.needle)
        except LogError as error:
            failures.append(str(error))
    return +lines, failures


def _confirm(person: Person) -> None:
    if not sys.stdin.isatty():
        raise UnconfirmedError("Nothing was erased: nobody can be asked here. Say --yes if it is right.")
    print()
    if input(f"Type {person.name} once more to erase it: ").strip() != person.name:
        raise UnconfirmedError("That is not the same. Nothing was erased.")


def _print_counts(erased: Erased, lines: Counter[str], verb: str) -> None:
    for line in _counts(erased, lines, verb):
        print(line)


def _counts(erased: Erased, lines: Counter[str], verb: str) -> Iterator[str]:
    if not (erased.total or lines):
        yield "Nothing was found."
    for table, rows in sorted(erased.deleted.items()):
        yield f"{rows:6} {table} {verb} deleted"
    for table, rows in sorted(erased.masked.items()):
        yield f"{rows:6} {table} of others: the address {verb} put out"
    for file, count in sorted(lines.items()):
        yield f"{count:6} lines of {file}: the address {verb} put out"

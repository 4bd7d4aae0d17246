"""What migrations may do, and the release before the newest of them."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import postgresql

from bot.store.revisions import MIGRATIONS
from tests.conftest import PROJECT

BEFORE_ANY_RELEASE = "20261206_attachments"
"""Up to here nobody had a database that processes of another release work on."""
DANGEROUS: Mapping[str, str] = {
    "DROP TABLE": r"^DROP TABLE ",
    "DROP COLUMN": r"^ALTER TABLE .* DROP COLUMN ",
    "DROP CONSTRAINT": r"^ALTER TABLE .* DROP CONSTRAINT ",
    "RENAME": r"^ALTER TABLE .* RENAME ",
    "TYPE": r"^ALTER TABLE .* ALTER COLUMN .* TYPE ",
    "SET NOT NULL": r"^ALTER TABLE .* SET NOT NULL",
    "NOT NULL": r"^ALTER TABLE .* ADD COLUMN (?!.*DEFAULT ).* NOT NULL",
    "CONSTRAINT": r"^ALTER TABLE .* ADD CONSTRAINT (?!.* NOT VALID)",
    "INDEX": r"^(?:CREATE (?:UNIQUE )?|DROP )INDEX (?!CONCURRENTLY)",
    "ROWS": r"^(?:UPDATE|DELETE|INSERT) ",
}
"""By what the file must name it, and how it looks on PostgreSQL."""
OF_TABLE = re.compile(r"^(?:ALTER TABLE|CREATE TABLE|.*INDEX .* ON|UPDATE|DELETE FROM|INSERT INTO) \"?(\w+)")


def scripts() -> list[Script]:
    """All migrations, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return list(ScriptDirectory.from_config(config).walk_revisions())[::-1]


def released() -> list[Script]:
    """Those that are bound to the rules."""
    known = scripts()
    first = [script.revision for script in known].index(BEFORE_ANY_RELEASE) + 1
    return known[first:]


def statements(upgrade: Callable[[], None]) -> list[str]:
    """What a migration does on PostgreSQL."""
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written}
    context = MigrationContext.configure(dialect=postgresql.dialect(), opts=options)
    with Operations.context(context):
        upgrade()
    return [" ".join(each.split()) for each in written.getvalue().split(";") if each.strip()]


def faults(module: ModuleType) -> Iterator[str]:
    """What a migration must not do without a reason and a release."""
    done = statements(module.upgrade)
    new = {found[1] for each in done if each.startswith("CREATE TABLE") and (found := OF_TABLE.match(each))}
    reasons = getattr(module, "ON_PURPOSE", {})
    for statement in done:
        table = OF_TABLE.match(statement)
        if table and table[1] in new:
            continue
        for name, look in DANGEROUS.items():
            if re.match(look, statement) and not _is_named(reasons.get(name)):
                yield f"{name}: {statement}"


def _is_named(purpose: object) -> bool:
    """By the release whose code stopped using it, and a sentence."""
    match purpose:
        case (str(release), str(reason)):
            return bool(re.fullmatch(r"\d+\.\d+(\.\d+)?", release)) and len(reason.split()) >= 4
    return False


@dataclass(frozen=True)
class Shape:
    """Of a table, as far as who writes into it must know it."""

    columns: Mapping[str, tuple[str, bool, bool]]
    """Type, whether it may be null, whether it has a default."""
    unique: frozenset[tuple[str, ...]]


def shapes(connection: Connection) -> dict[str, Shape]:
    """Of all tables."""
    found = inspect(connection)
    return {
        table: Shape(
            {
                column["name"]: (str(column["type"]), bool(column["nullable"]), column["default"] is not None)
                for column in found.get_columns(table)
            },
            frozenset(tuple(each["column_names"]) for each in found.get_unique_constraints(table)),
        )
        for table in found.get_table_names()
    }


def narrowed(before: Mapping[str, Shape], after: Mapping[str, Shape]) -> Iterator[str]:
    """What the old code could do with its tables and the new ones do not allow."""
    for table, old in before.items():
        if table not in after:
            yield f"{table} is gone"
            continue
        new = after[table]
        yield from (f"{table}: {columns} must be unique now" for columns in new.unique - old.unique)
        for name, (type, nullable, _) in old.columns.items():
            now = new.columns.get(name)
            if now is None or now[0] != type or now[1] < nullable:
                yield f"{table}.{name} was {type}, nullable {nullable}; now {now}"
        for name in new.columns.keys() - old.columns.keys():
            if not any(new.columns[name][1:]):
                yield f"{table}.{name} is new, and who does not know it cannot write"


def find_previous(folder: Path) -> Path | None:
    """
    The code of before the newest migration, unpacked; None where git does not know it.

    In a shallow clone, or without a clone, there is no history.
    """
    newest = scripts()[-1]
    added = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", newest.path)
    if added is None or _git("rev-parse", "--is-shallow-repository") != "false":
        return None
    # One that is not committed yet was added after everything that is.
    commit = _git("rev-parse", "--verify", "--quiet", f"{added}^" if added else "HEAD")
    if not commit:
        return None
    archive = subprocess.run(
        ["git", "archive", "--format=tar", commit], cwd=PROJECT, check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def _git(*arguments: str) -> str | None:
    """What it says; None where it says nothing but a fault."""
    if not shutil.which("git"):
        return None
    done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None

"""What migrations do to tables that customers are writing to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from alembic import op
from sqlalchemy import text

from bot.store.migrate import LOCK_TIMEOUT


def create_index(
    name: str, table: str, columns: Sequence[str], *, unique: bool = False, where: str | None = None
) -> None:
    """
    An index on a table that is in use, without a lock that blocks; the last thing that a migration does.

    On PostgreSQL it is built concurrently, outside of a transaction. One that was half built when a process died is
    built again. `where`: of which rows alone.
    """
    context = op.get_context()
    rows = text(where) if where else None
    if context.dialect.name != "postgresql":
        op.create_index(name, table, columns, unique=unique, sqlite_where=rows)
        return
    with _alone():
        if not context.as_sql and _is_half_built(name):
            op.drop_index(name, table, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            columns,
            unique=unique,
            if_not_exists=True,
            postgresql_concurrently=True,
            postgresql_where=rows,
        )


def drop_index(name: str, table: str) -> None:
    """The reverse; nobody uses it any more."""
    context = op.get_context()
    if context.dialect.name != "postgresql":
        op.drop_index(name, table)
        return
    with _alone():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Outside of a transaction, and as long as it takes: nobody waits for who waits here."""
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        yield
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")


def _is_half_built(name: str) -> bool:
    query = text("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
    return bool(op.get_bind().scalar(query, {"name": name}))

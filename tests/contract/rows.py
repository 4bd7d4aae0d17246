"""A row in every table, without knowing what the tables are: so that a new one is not forgotten."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, JSON, Boolean, Column, Connection, Float, Integer, LargeBinary, String, Table, insert

from bot.store.tables import Moment, metadata

PRESENT = {
    "channel": "web",
    "holder": "bot",
    "author": "customer",
    "status": "sent",
    "state": "done",
    "stage": "done",
    "role": "agent",
    "kind": "message",
    "slot": None,
    "dropped": None,
    "locked_until": None,
    "type": "text/plain",
}
"""Values that mean something, by column."""


def fill(connection: Connection, at: datetime, words: str, **values: Any) -> dict[str, dict[str, Any]]:
    """
    One row in each, with `words` in every text that has room for them and is no id, and `at` in every moment.

    `values` by column win. Returns the rows by table.
    """
    rows: dict[str, dict[str, Any]] = {}
    for table in metadata.sorted_tables:
        row = {column.name: _value(table, column, rows, at, words) for column in table.c if not _makes_itself(column)}
        row |= {name: value for name, value in (PRESENT | values).items() if name in row}
        if table.name == "conversations" and "state" not in values:
            row["state"] = words
        made = connection.execute(insert(table), row).inserted_primary_key
        assert made is not None
        rows[table.name] = row | dict(zip([key.name for key in table.primary_key], made, strict=True))
    return rows


def _makes_itself(column: Column[Any]) -> bool:
    return column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys


def _value(table: Table, column: Column[Any], rows: dict[str, Any], at: datetime, words: str) -> Any:
    for key in column.foreign_keys:
        if key.column.table is table:
            return None
        return rows[key.column.table.name][key.column.name]
    longest = getattr(column.type, "length", None) or 10**6
    is_id = column.primary_key and table.name != "channel_notes"
    if is_id and isinstance(column.type, LargeBinary):
        return b"1"
    if is_id and isinstance(column.type, String):
        return f"{table.name}-1"[:longest]
    found = next((value for kind, value in _by_type(at, words) if isinstance(column.type, kind)), None)
    return (words if len(words) <= longest else "x") if found is None else found


def _by_type(at: datetime, words: str) -> list[tuple[Any, Any]]:
    numbers = (Integer, Float)
    return [
        (Moment, at),
        (ARRAY, [1]),
        (JSON, [{"words": words}]),
        (Boolean, False),
        (numbers, 1),
        (LargeBinary, words.encode()),
    ]

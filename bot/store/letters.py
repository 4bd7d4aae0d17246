"""Compare texts without regard to case, umlauts as well, the same on every database."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class lowered(FunctionElement[str]):  # noqa: N801 -- SQLAlchemy's own functions are called like this, too
    """A text in lower case; what it is compared with is to be lowered by Python."""

    type = Text()
    name = "lower"
    inherit_cache = True

    def __init__(self, column: ColumnElement[str]) -> None:
        super().__init__(column)


@compiles(lowered)
def _by_our_function(element: lowered, compiler: SQLCompiler, **options: Any) -> str:
    # bot.store.sqlite gives SQLite a function that knows all letters.
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(lowered, "postgresql")
def _by_icu(element: lowered, compiler: SQLCompiler, **options: Any) -> str:
    # A cluster of the locale C knows no umlauts, whatever its encoding.
    return f'lower({compiler.process(element.clauses, **options)} COLLATE "und-x-icu")'

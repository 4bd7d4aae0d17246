"""Print every setting with its meaning and default, as `.env.example` has them."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from bot.channels.choose import DOORS, KINDS
from bot.channels.options import prefix_of
from bot.settings import Settings

HEAD = """\
# Every setting with its default. Copy this file to .env and change what you need.
# A value may also stand in a file: POSTBOTE_SECRET_KEY_FILE=/run/secrets/key instead of POSTBOTE_SECRET_KEY=…
# Made by: python -m bot settings > .env.example
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Print the example."""
    print(example(), end="")
    return 0


def example() -> str:
    """The text of `.env.example`."""
    own = (_lines("PORT" if key == "port" else f"POSTBOTE_{key.upper()}", field) for key, field in _fields(Settings))
    channels = (
        _lines(f"{prefix_of(name)}{key.upper()}", field)
        for name, options in sorted({**DOORS, **{name: kind.options for name, kind in KINDS.items()}}.items())
        for key, field in _fields(options)
    )
    return HEAD + "".join((*own, *channels))


def _fields(shape: type[BaseSettings]) -> Iterable[tuple[str, FieldInfo]]:
    return shape.model_fields.items()


def _lines(name: str, field: FieldInfo) -> str:
    default = "" if field.is_required() else _text(field.default)
    return f"\n# {field.description}\n# {name}={default}\n"


def _text(default: Any) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default) if isinstance(default, str | Path) else json.dumps(default, ensure_ascii=False, default=str)

"""Print every setting with its meaning and default, as `.env.example` has them."""

import argparse
import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import Settings

HEAD = """\
# Every setting with its default. Copy this file to .env and change what you need.
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
    return HEAD + "".join(
        f"\n# {field.description}\n# {_name(key)}={_text(field.default)}\n"
        for key, field in Settings.model_fields.items()
    )


def _name(key: str) -> str:
    return "PORT" if key == "port" else f"POSTBOTE_{key.upper()}"


def _text(default: Any) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default) if isinstance(default, str | Path) else json.dumps(default, ensure_ascii=False)

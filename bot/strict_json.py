"""JSON as Python values, and nothing that a database could not store."""

import json
from typing import Any


def decode(raw: bytes | str) -> Any:
    """Raises ValueError, also for NaN, lone surrogates, and nesting that is too deep."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        value = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")

"""JSON as Python values, and nothing that a database could not store."""

import json
from typing import Any

NUL = "\\u0000"
"""As JSON writes it, which PostgreSQL takes in no text."""


def decode(raw: bytes | str) -> Any:
    """
    Without U+0000 in texts.

    Raises ValueError, also for NaN, numbers without bounds, lone surrogates, and nesting that is too deep.
    """
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        value = json.loads(text, parse_constant=_refuse_constant)
        if NUL in text:
            value = _without_nul(value)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return value


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_without_nul(each) for each in value]
        case dict():
            return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")

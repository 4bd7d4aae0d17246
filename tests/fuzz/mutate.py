"""Bytes that nobody sends: real ones with something changed, the same for the same seed."""

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from tests.channels.mutations import ODD

LARGEST = 16384
"""Bytes of one input; what is larger is refused at the doors by its size."""
TOKENS = (
    b'\x00', b'\xff\xfe', b'\xef\xbb\xbf', b'\r\n', b'\n\n', b'\x1b[2J', b'\xed\xa0\x80', b'\xf0\x9f\x92\x8c',
    b'\xe2\x80\xae', b'%00', b'%s', b'{}', b'[[', b']]', b'"', b"'", b'\\', b'\\u0000', b'\\ud800', b'<', b'>',
    b'&#0;', b'<!--', b'-->', b'](', b'```', b'# ', b'## ', b'{#', b'-1', b'0', b'9999999999999999999999', b'1e999',
    b'NaN', b'null', b'true', b'\xc2\xb2', b'31.02.2026', b'24:61', b'=?utf-8?b?', b'?=',
    b'Content-Type: multipart/mixed; boundary=', b'--', b'@', b'.', b'/', b'..', b'://', b'http://[', b'xn--',
    b'\xc4\xb0', b'\xef\xbc\x91',
)  # fmt: skip


def inputs(seeds: Sequence[bytes], total: int, seed: int) -> Iterator[bytes]:
    """The seeds as they are, then changed ones, until they have `total` bytes together."""
    chance = random.Random(seed)
    seeds = [raw[:LARGEST] for raw in seeds]
    values = [_json(each) for each in seeds]
    left = total
    for raw in seeds:
        left -= len(raw)
        yield raw
    while left > 0:
        place = chance.randrange(len(seeds))
        value = values[place]
        if value is not None and chance.random() < 0.6:
            raw = json.dumps(_changed(chance, value), ensure_ascii=chance.random() < 0.5).encode(
                "utf-8", "surrogatepass"
            )
        else:
            raw = _mangled(chance, seeds[place], seeds[chance.randrange(len(seeds))])
        left -= len(raw) or 1
        yield raw


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _changed(chance: random.Random, value: Any) -> Any:
    """One to three parts of a value dropped, doubled, wrapped, or put in the place of another."""
    value = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(list(_paths(value)))
        if not path:
            return chance.choice(ODD)
        parent = value
        for key in path[:-1]:
            parent = parent[key]
        match chance.randrange(4):
            case 0:
                del parent[path[-1]]
            case 1:
                parent[path[-1]] = [parent[path[-1]]]
            case 2:
                parent[path[-1]] = copy.deepcopy(parent)
            case _:
                parent[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return value


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from _paths(each, (*path, key))


def _mangled(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    """One to eight places of the bytes flipped, cut, doubled, or with something else put in."""
    bytes_ = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        start = chance.randint(0, len(bytes_))
        end = min(len(bytes_), start + chance.choice((1, 2, 8, 40, 400)))
        match chance.randrange(6):
            case 0 if start < len(bytes_):
                bytes_[start] ^= 1 << chance.randrange(8)
            case 1:
                del bytes_[start:end]
            case 2:
                bytes_[start:start] = bytes_[start:end] * chance.choice((1, 1, 2, 30))
            case 3:
                bytes_[start:end] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 20))
            case 4:
                at = chance.randint(0, len(other))
                bytes_[start:start] = other[at : at + 100]
            case _:
                bytes_[start:start] = chance.randbytes(chance.randint(1, 6))
    return bytes(bytes_[:LARGEST])

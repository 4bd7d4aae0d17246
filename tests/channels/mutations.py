"""Payloads that no vendor sends: real ones with something changed."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from bot.channels.port import Event, Failed, Gone, Said, Seen, SeenUntil, Unreadable

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 1e308, "", " ", "\0", "a" * 5000, "💌" * 300, "\u202e", "/restart", "{slot}",
    [], {}, [[]], [None], {"": ""}, {"$ne": 1}, [[[[[[[[[[]]]]]]]]]], "9" * 400, "2026-13-45T99:99:99Z", "../..",
)  # fmt: skip
MOST_EVENTS = 500


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, each in inner for deeper in _paths(each, (*path, key)))]


def _change(value: Any, path: tuple[Any, ...], how: str, odd: Any) -> Any:
    if not path:
        return odd
    value = copy.deepcopy(value)
    parent = value
    for key in path[:-1]:
        parent = parent[key]
    key = path[-1]
    if how == "drop":
        del parent[key]
    elif how == "twice" and isinstance(parent, list):
        parent.insert(key, parent[key])
    elif how == "wrap":
        parent[key] = [parent[key]]
    else:
        parent[key] = odd
    return value


@st.composite
def mutated(draw: st.DrawFn, payloads: list[Any]) -> bytes:
    """JSON of one of the payloads with one to three changes, now and then with bytes that are none."""
    value = draw(st.sampled_from(payloads))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_paths(value)))
        value = _change(
            value, path, draw(st.sampled_from(["drop", "twice", "wrap", "odd"])), draw(st.sampled_from(ODD))
        )
    raw = json.dumps(value).encode()
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(raw)))
        raw = raw[:place] + draw(st.binary(max_size=4)) + raw[place + draw(st.integers(0, 3)) :]
    return raw


def check_events(events: Any, size: int) -> None:
    """What a channel may make of a payload of `size` bytes."""
    events = list(events)
    assert len(events) <= MOST_EVENTS
    for event in events:
        _check_event(event, size)


def _check_event(event: Event, size: int) -> None:
    match event:
        case Said() | Unreadable():
            incoming = event.incoming
            assert 0 < len(incoming.address) <= 255
            assert 0 < len(incoming.message_id) <= 255
            assert len(incoming.text) <= 2 * size + 100
            assert (incoming.address + incoming.message_id + incoming.text).encode()
            assert incoming.choice is None or incoming.choice.encode() is not None
        case Failed():
            assert 0 < len(event.address) <= 255
            assert abs(event.message_id) < 2**63
        case Gone():
            assert 0 < len(event.address) <= 255
        case SeenUntil():
            assert 0 < len(event.address) <= 255
        case Seen():
            assert 0 < len(event.address) <= 255
            assert abs(event.seq) < 2**63

"""Whom a message in a room is for, as the homeserver knows it; asked once, and again when it may have changed."""

from typing import Any

from mautrix.api import Path

from bot.channels.matrix_client import MatrixClient
from bot.channels.matrix_events import EDIT, THREAD, Content, RoomEvent, address_of, find_content, find_event

TWO = 2
MOST_REMEMBERED = 10_000


class Rooms:
    """The rooms that the bot is in."""

    def __init__(self, client: MatrixClient) -> None:
        self._client = client
        self._direct: dict[str, bool] = {}
        self._threads: set[str] = set()
        """Addresses in rooms of many where the bot was spoken to."""

    def forget(self, room: str) -> None:
        """Who is in it has changed."""
        self._direct.pop(room, None)

    async def find_address(self, room: str, event: RoomEvent, content: Content, user: str) -> str | None:
        """The conversation that the message belongs to; None where it is not meant for `user`, the bot."""
        if await self._is_direct(room):
            return address_of(room, None)
        thread, ours = await self._thread(room, event, content, user)
        address = address_of(room, thread)
        if address is None or not (ours or content.now.names(user) or address in self._threads):
            return None
        if len(self._threads) >= MOST_REMEMBERED:
            self._threads.clear()
        self._threads.add(address)
        return address

    async def is_empty(self, room: str, user: str) -> bool:
        """Whether nobody but the bot is in it, or invited."""
        return await self._others(room, user) == []

    async def is_encrypted(self, room: str) -> bool:
        """https://spec.matrix.org/latest/client-server-api/#mroomencryption"""
        return await self._client.find_raw(Path.v3.rooms[room].state["m.room.encryption"]) is not None

    async def _is_direct(self, room: str) -> bool:
        if room not in self._direct:
            if len(self._direct) >= MOST_REMEMBERED:
                self._direct.clear()
            self._direct[room] = len(await self._others(room, "")) <= TWO
        return self._direct[room]

    async def _others(self, room: str, user: str) -> list[str]:
        found = await self._client.find_raw(Path.v3.rooms[room].members) or {}
        chunk = found.get("chunk", []) if isinstance(found, dict) else []
        events = [event for raw in chunk if (event := find_event(raw))]
        return [
            event.state_key
            for event in events
            if event.state_key and event.state_key != user and event.membership in {"join", "invite"}
        ]

    async def _thread(self, room: str, event: RoomEvent, content: Content, user: str) -> tuple[str, bool]:
        """Of the message: the event that it began with, and whether the bot has spoken there."""
        relation = content.relation
        if relation and relation.event_id and relation.rel_type == THREAD:
            return relation.event_id, await self._spoke(room, relation.event_id, user)
        if relation and relation.event_id and relation.rel_type == EDIT:
            root, _ = await self._root(room, relation.event_id)
            return root, await self._spoke(room, root, user)
        if relation and relation.reply:
            root, sender = await self._root(room, relation.reply.event_id)
            return (root, True) if sender == user else (event.event_id, False)
        return event.event_id, False

    async def _root(self, room: str, event_id: str) -> tuple[str, str]:
        """Of an event: what its thread began with, and who sent it."""
        event = find_event(await self._client.find_raw(Path.v3.rooms[room].event[event_id]))
        content = find_content(event) if event else None
        relation = content.relation if content else None
        root = relation.event_id if relation and relation.rel_type == THREAD else None
        return root or event_id, event.sender if event else ""

    async def _spoke(self, room: str, root: str, user: str) -> bool:
        """https://spec.matrix.org/latest/client-server-api/#server-side-aggregation-of-mthread-relationships"""
        if address_of(room, root) in self._threads:
            return True
        event = find_event(await self._client.find_raw(Path.v3.rooms[room].event[root]))
        if event is None:
            return False
        if event.sender == user:
            return True
        return _at(event.unsigned, "m.relations", THREAD, "current_user_participated") is True


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value

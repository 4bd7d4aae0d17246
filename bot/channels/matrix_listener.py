"""
Listen to a homeserver by long polling: https://spec.matrix.org/latest/client-server-api/#syncing

Road: /sync → matrix_events → matrix_rooms → `take`; only then is the place in /sync kept, so that a message is neither
missed nor taken twice, whenever the process ends.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from mautrix.api import Path
from mautrix.types import RoomID

from bot.channels.api import RefusedError
from bot.channels.matrix_client import MatrixClient
from bot.channels.matrix_events import (
    MESSAGES,
    WANTED,
    Page,
    Room,
    RoomEvent,
    Sync,
    find_content,
    find_event,
    since_invited,
    understand,
)
from bot.channels.matrix_rooms import Rooms
from bot.channels.payload import fit
from bot.channels.port import Event, Gone, Notes, Take
from bot.conversations.errors import DeliveryError

CHANNEL = "matrix"
LONG_POLL = 30_000
"""Milliseconds that the homeserver may wait for something to happen."""
TIMELINE = {"limit": 50, "types": WANTED}
FILTER = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": TIMELINE,
        "state": {"types": []},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}
"""https://spec.matrix.org/latest/client-server-api/#filtering"""
MOST_PAGES = 20
"""Of 100 events each, that are fetched for one room after a gap."""
MOST_TRIES = 5
"""To accept an invitation, one each round: the inviting homeserver may be away."""
PLACE = "place"

log = structlog.get_logger(stop="channel")


@dataclass
class Place:
    """How far /sync was taken."""

    user: str
    since: str | None = None
    invitations: dict[str, int] = field(default_factory=dict)
    """Rooms that could not be joined yet, and how often it was tried."""


class Listener:
    """Of the bot's account."""

    def __init__(self, client: MatrixClient, notes: Notes, refusal: Callable[[], str]) -> None:
        """`refusal` is said in encrypted rooms."""
        self._client = client
        self._notes = notes
        self._refusal = refusal
        self._rooms = Rooms(client)

    async def listen(self, take: Take) -> None:
        """Round by round; what was said before the first one is history."""
        place = await self._find_place(await self._client.identify())
        while True:
            try:
                place = await self._round(place, take)
            except RefusedError as error:
                if error.retry_after:
                    await asyncio.sleep(error.retry_after)
                raise

    async def _find_place(self, user: str) -> Place:
        kept = await self._notes.find(CHANNEL, PLACE)
        # Another account has another history.
        return Place(**kept) if kept and kept["user"] == user else Place(user)

    async def _round(self, place: Place, take: Take) -> Place:
        wait = LONG_POLL if place.since else 0
        answer = await self._client.sync(place.since, wait, json.dumps(FILTER))  # type: ignore[arg-type]  # mere strings
        sync = fit(answer, Sync)
        if place.since:
            await take(await self._events(sync, place))
        waiting = await self._accept(
            {room: place.invitations.get(room, 0) for room in sync.rooms.invite} | place.invitations
        )
        new = Place(place.user, sync.next_batch, waiting)
        await self._notes.keep(CHANNEL, PLACE, vars(new))
        return new

    async def _events(self, sync: Sync, place: Place) -> Sequence[Event]:
        events: list[Event] = [Gone(room, "The bot is not in the room any more.") for room in sync.rooms.leave]
        for room, news in sync.rooms.join.items():
            raw = [*await self._missed(room, news, place), *news.timeline.events]
            happened = [event for each in raw if (event := find_event(each))]
            understood = [
                await self._understand(room, event, place.user) for event in since_invited(happened, place.user)
            ]
            events += [event for event in understood if event]
        return events

    async def _understand(self, room: str, event: RoomEvent, user: str) -> Event | None:
        if event.type == "m.room.member":
            return await self._membership(room, event, user)
        if event.type in {"m.room.encrypted", "m.room.encryption"} and event.sender != user:
            await self._refuse_encryption(room)
            return None
        content = find_content(event) if event.type in MESSAGES and event.sender != user else None
        if content is None:
            return None
        address = await self._rooms.find_address(room, event, content, user)
        return understand(event, content, address, user) if address else None

    async def _membership(self, room: str, event: RoomEvent, user: str) -> Event | None:
        """A room that everybody else has left is left by us, too."""
        self._rooms.forget(room)
        if event.state_key == user or event.membership not in {"leave", "ban"}:
            return None
        if not await self._rooms.is_empty(room, user):
            return None
        await self._client.depart(room)
        return Gone(room, "The customer left the room.")

    async def _missed(self, room: str, news: Room, place: Place) -> Sequence[Any]:
        """What a long timeline left out, oldest first: https://spec.matrix.org/latest/client-server-api/#syncing"""
        found: list[Any] = []
        start = news.timeline.prev_batch
        for _ in range(MOST_PAGES):
            if not (start and news.timeline.limited and place.since):
                return found[::-1]
            query = {"dir": "b", "from": start, "to": place.since, "limit": "100", "filter": json.dumps(TIMELINE)}
            page = fit(await self._client.find_raw(Path.v3.rooms[room].messages, **query) or {}, Page)
            found += page.chunk
            start = page.end if page.chunk else None
        log.warning("gap too long", room=room, events=len(found))
        return found[::-1]

    async def _accept(self, invitations: dict[str, int]) -> dict[str, int]:
        """Join; returns those to be tried again."""
        waiting = {}
        for room, tries in invitations.items():
            try:
                await self._client.join_room_by_id(RoomID(room))
                if await self._rooms.is_encrypted(room):
                    await self._refuse_encryption(room)
            except DeliveryError as error:
                log.warning("invitation not accepted", room=room, tries=tries + 1, error=str(error))
                if tries + 1 < MOST_TRIES:
                    waiting[room] = tries + 1
        return waiting

    async def _refuse_encryption(self, room: str) -> None:
        """Once for each room: an m.notice, which no other bot answers."""
        key = f"encrypted {room}"
        if await self._notes.find(CHANNEL, key):
            return
        text = self._refusal()
        try:
            await self._client.say(room, None, {"msgtype": "m.notice", "body": text, "m.mentions": {}}, key)
        except RefusedError as error:
            if not error.final:
                raise
            log.warning("encryption not refused", room=room, error=str(error))
        await self._notes.keep(CHANNEL, key, {"refused": True})

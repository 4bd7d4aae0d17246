"""A customer at a real homeserver, by the client-server API as any client speaks it."""

import asyncio
import json
from itertools import count
from typing import Any, Self

from aiohttp import ClientSession

V3 = "/_matrix/client/v3"
PATIENCE = 60
FILTER = json.dumps({"room": {"timeline": {"limit": 500}}})


class Customer:
    """Signed in; sees what happens by /sync."""

    def __init__(self, url: str, token: str, user: str) -> None:
        self.user = user
        self._url = url
        self._token = token
        self._keys = count()
        self._since: str | None = None
        self._happened: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self._session = ClientSession(self._url, headers={"Authorization": f"Bearer {self._token}"})
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The homeserver's JSON."""
        async with self._session.request(method, path, json=body, **more) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def open(self, *invited: str, encrypted: bool = False) -> str:
        """A room with the others."""
        state = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
        body = {
            "preset": "private_chat",
            "is_direct": len(invited) == 1,
            "invite": invited,
            "initial_state": [state] if encrypted else [],
        }
        return str((await self.ask("POST", f"{V3}/createRoom", body))["room_id"])

    async def send(self, room: str, content: Any, type: str = "m.room.message") -> str:
        """An event; returns its id."""
        path = f"{V3}/rooms/{room}/send/{type}/{next(self._keys)}"
        return str((await self.ask("PUT", path, content))["event_id"])

    async def say(self, room: str, body: str, **more: Any) -> str:
        """A message; returns its id."""
        return await self.send(room, {"msgtype": "m.text", "body": body, **more})

    async def edit(self, room: str, event: str, body: str) -> str:
        """Of an own message."""
        new = {"msgtype": "m.text", "body": body}
        relation = {"rel_type": "m.replace", "event_id": event}
        return await self.say(room, f"* {body}", **{"m.new_content": new, "m.relates_to": relation})

    async def upload(self, content: bytes) -> str:
        """A file; returns its mxc:// address."""
        async with self._session.post("/_matrix/media/v3/upload", data=content) as response:
            return str((await response.json())["content_uri"])

    async def hear(self, room: str, most: int, sender: str) -> list[dict[str, Any]]:
        """What the sender has said in the room, as soon as it is `most` messages."""
        async with asyncio.timeout(PATIENCE):
            while len(heard := self._said(room, sender)) < most:
                await self._sync(5_000)
        return heard

    async def look(self, room: str, sender: str) -> list[dict[str, Any]]:
        """What the sender has said in the room by now."""
        await self._sync(0)
        return self._said(room, sender)

    async def members(self, room: str) -> set[str]:
        """Who is in it."""
        return set((await self.ask("GET", f"{V3}/rooms/{room}/joined_members"))["joined"])

    def _said(self, room: str, sender: str) -> list[dict[str, Any]]:
        return [
            event["content"]
            for event in self._happened
            if (event["room"], event["sender"], event["type"]) == (room, sender, "m.room.message")
        ]

    async def _sync(self, wait: int) -> None:
        query = {"timeout": str(wait), "filter": FILTER} | ({"since": self._since} if self._since else {})
        answer = await self.ask("GET", f"{V3}/sync", params=query)
        self._since = answer["next_batch"]
        for room, news in answer.get("rooms", {}).get("join", {}).items():
            assert not (query.get("since") and news["timeline"]["limited"] and len(news["timeline"]["events"]) >= 500)
            self._happened += [{**event, "room": room} for event in news["timeline"]["events"]]

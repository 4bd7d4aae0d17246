"""A small homeserver: of Matrix's client-server API what the bot asks for, and /sync as its events come."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.channels.port import Channel, Take
from bot.conversations.errors import DeliveryError
from tests.channels.vendor import Vendor

TOKEN = "syt_not_guessable"
DOMAIN = "lindenpost.example"
BOT = f"@postbote:{DOMAIN}"
ANNA = f"@anna:{DOMAIN}"
TEAM = f"!team:{DOMAIN}"
EMPTY = f"!empty:{DOMAIN}"
PATIENCE = 60
"""Seconds for a round, which takes some milliseconds."""


def message(id: str, content: dict[str, Any], type: str = "m.room.message", sender: str = ANNA) -> dict[str, Any]:
    """An event of a room."""
    return {"type": type, "event_id": id, "sender": sender, "origin_server_ts": 1795510000000, "content": content}


def text(id: str, body: str) -> dict[str, Any]:
    """What Anna says."""
    return message(id, {"msgtype": "m.text", "body": body, "m.mentions": {}})


def membership(id: str, user: str, now: str, before: str | None = None) -> dict[str, Any]:
    """Of a user, in a room."""
    event = message(id, {"membership": now}, "m.room.member", user) | {"state_key": user}
    return event | {"unsigned": {"prev_content": {"membership": before}} if before else {}}


def sync(room: str, *events: Any, limited: bool = False) -> dict[str, Any]:
    """An answer with news of one room."""
    timeline = {"events": list(events), "limited": limited, "prev_batch": "before"}
    return {"next_batch": "", "rooms": {"join": {room: {"timeline": timeline}}}}


class Homeserver(Vendor):
    """What happens is in `news`: the token `s3` stands for the first three."""

    def __init__(self) -> None:
        super().__init__()
        self.news: list[Any] = []
        self.history: list[Any] = []
        """What /messages has, newest first."""
        self.events: dict[str, Any] = {}
        """Single ones, by id."""
        self.marks: list[tuple[str, Any]] = []
        """Receipts, typing, joins and leaves: path and body."""
        self.refusals: dict[str, tuple[int, Any]] = {}
        """What is answered to a path that ends so."""
        self.encrypted: set[str] = set()
        self.files: dict[str, bytes] = {}
        self._keys: dict[str, str] = {}
        self._idle = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        v3 = "/_matrix/client/v3"
        room = v3 + "/rooms/{room}"
        return [
            web.get(f"{v3}/account/whoami", self._whoami),
            web.get(f"{v3}/sync", self._sync),
            web.put(room + "/send/m.room.message/{key}", self._send),
            web.get(f"{room}/members", self._members),
            web.get(f"{room}/messages", self._messages),
            web.get(room + "/event/{event}", self._event),
            web.get(f"{room}/state/m.room.encryption", self._encryption),
            web.get("/_matrix/client/v1/media/download/{server}/{id}", self._media),
            web.get("/_matrix/media/v3/download/{server}/{id}", self._media),
            web.post("/{path:.*}", self._mark),
            web.put("/{path:.*}", self._mark),
        ]

    def is_message(self, request: web.Request) -> bool:
        return "/send/m.room.message/" in request.path

    def too_many(self) -> web.Response:
        body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 30_000}
        return web.json_response(body, status=429)

    def blocked(self) -> web.Response:
        return refused(403, "M_FORBIDDEN", f"User {BOT} not in room")

    async def round(self, channel: Channel, take: Take) -> None:
        """The channel listens until it has heard everything and kept its place."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self._listen(channel, take)
                except DeliveryError as error:
                    # On a busy machine the channel's patience ends early; it is started again, as Listening does.
                    if not isinstance(error.__cause__, TimeoutError):
                        raise
                else:
                    return

    async def _listen(self, channel: Channel, take: Take) -> None:
        self._idle.clear()
        listening = asyncio.create_task(channel.listen(take))
        idle = asyncio.create_task(self._idle.wait())
        try:
            await asyncio.wait({listening, idle}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()
        finally:
            for task in (listening, idle):
                task.cancel()
            await asyncio.gather(listening, idle, return_exceptions=True)

    async def _sync(self, request: web.Request) -> web.Response:
        since = request.query.get("since")
        assert json.loads(request.query["filter"])["room"]["timeline"]["limit"]
        if since is None:
            return web.json_response({"next_batch": f"s{len(self.news)}"})
        taken = int(since.removeprefix("s"))
        if taken < len(self.news):
            news = self.news[taken]
            if isinstance(news, web.Response):
                self.news.pop(taken)
                return news
            return web.json_response({**news, "next_batch": f"s{taken + 1}"} if isinstance(news, dict) else news)
        self._idle.set()
        await self._released.wait()
        return web.json_response({"next_batch": since})

    async def _send(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        key = request.match_info["room"] + request.match_info["key"]
        if key not in self._keys:
            self._keys[key] = f"$sent{len(self._keys)}"
            self.sent.append(await request.json())
        return web.json_response({"event_id": self._keys[key]})

    async def _whoami(self, request: web.Request) -> web.Response:
        if "whoami" in self.refusals:
            status, body = self.refusals["whoami"]
            return web.json_response(body, status=status)
        return web.json_response({"user_id": BOT, "device_id": "POSTBOTE", "is_guest": False})

    async def _members(self, request: web.Request) -> web.Response:
        room = request.match_info["room"]
        names = {TEAM: (BOT, ANNA, f"@bert:{DOMAIN}"), EMPTY: (BOT,)}.get(room, (BOT, ANNA))
        return web.json_response({"chunk": [membership(f"$m{name}", name, "join") for name in names]})

    async def _messages(self, request: web.Request) -> web.Response:
        start = int(request.query["from"].removeprefix("before") or 0)
        assert request.query["dir"] == "b"
        assert request.query["to"].startswith("s")
        end = start + 2
        more = {"end": f"before{end}"} if end < len(self.history) else {}
        return web.json_response({"start": "", "chunk": self.history[start:end], **more})

    async def _event(self, request: web.Request) -> web.Response:
        found = self.events.get(request.match_info["event"])
        return web.json_response(found) if found else refused(404, "M_NOT_FOUND", "Event not found.")

    async def _encryption(self, request: web.Request) -> web.Response:
        if request.match_info["room"] in self.encrypted:
            return web.json_response({"algorithm": "m.megolm.v1.aes-sha2"})
        return refused(404, "M_NOT_FOUND", "Event not found.")

    async def _media(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        found = self.files.get(request.path)
        return web.Response(body=found) if found else refused(404, "M_UNRECOGNIZED", "Unrecognized request")

    async def _mark(self, request: web.Request) -> web.Response:
        for end, (status, body) in self.refusals.items():
            if request.path.endswith(end):
                return web.json_response(body, status=status)
        self.marks.append((request.path, await request.json()))
        return web.json_response({"room_id": "!joined:lindenpost.example"})


def refused(status: int, code: str, error: str, **more: Any) -> web.Response:
    """How Matrix says no."""
    return web.json_response({"errcode": code, "error": error, **more}, status=status)

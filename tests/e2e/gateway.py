"""The gateway's end of the widget's channel, with the test as the bot and the agents: docs/widget-protocol.md."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import BrowserContext, Route, WebSocketRoute

PATIENCE = 10.0
SOCKET = "**/channels/web/socket"
BOT = {"holder": "bot", "position": None, "agent": None}
CLOSED = {**BOT, "holder": "closed"}


def offers(*titles: str) -> list[dict[str, str]]:
    """Buttons, or actions of a status."""
    return [{"id": f"choice:{title}", "title": title} for title in titles]


def queued(position: int, *actions: str) -> dict[str, Any]:
    """In the queue, with what the customer may do there."""
    return {"holder": "queued", "position": position, "agent": None, "actions": offers(*actions)}


def held(agent: str, *actions: str) -> dict[str, Any]:
    """An agent has it."""
    return {"holder": "agent", "position": None, "agent": agent, "actions": offers(*actions)}


class Gateway:
    """Answers hello, say and ping as the real one does, and says the rest when the test wants it said."""

    def __init__(self) -> None:
        self.status: dict[str, Any] = BOT
        self.frames: list[dict[str, Any]] = []
        """What the widget sent, without hellos and pings."""
        self._messages: list[dict[str, Any]] = []
        self._sockets: list[WebSocketRoute] = []
        self._changed = asyncio.Condition()

    async def attach(self, context: BrowserContext, *, sockets: bool = True) -> None:
        """From now on these pages talk to us; over plain requests when the network lets no `sockets` through."""
        await context.route("**/channels/web/conversations", self._begin)
        await context.route_web_socket(SOCKET, self._connect if sockets else lambda socket: socket.close())
        await context.route(re.compile(r"/channels/web/messages\?"), self._fetch)
        await context.route("**/channels/web/messages", lambda route: self._post(route, "say"))
        await context.route("**/channels/web/signals", lambda route: self._post(route, None))

    async def say(self, author: str, text: str, **more: Any) -> int:
        """A message from `bot`, `agent` or `notice`; its number."""
        message = self._store(f"gateway-{len(self._messages)}", author, text, html=f"<p>{text}</p>", **more)
        await self.send(type="message", message=message)
        return int(message["seq"])

    async def hold(self, status: dict[str, Any]) -> None:
        """Somebody else holds the conversation."""
        self.status = status
        await self.send(type="status", status=status)

    async def send(self, **frame: Any) -> None:
        """To all tabs."""
        for socket in self._sockets:
            socket.send(json.dumps(frame))
        await self._notify()

    async def cut(self) -> None:
        """The connections end; the widget comes again."""
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close()

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """All frames of this type, so far."""
        return [frame for frame in self.frames if frame["type"] == kind]

    async def hears(self, *, times: int = 1, **wanted: Any) -> None:
        """Return as soon as so many frames with these fields have come."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: sum(wanted.items() <= it.items() for it in self.frames) >= times)

    async def _begin(self, route: Route) -> None:
        await route.fulfill(status=201, json={"secret": "secret"})

    def _connect(self, socket: WebSocketRoute) -> None:
        socket.on_message(lambda data: self._hear(socket, json.loads(data)))

    async def _hear(self, socket: WebSocketRoute, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "hello":
                self._sockets.append(socket)
                welcome = {"type": "welcome", "messages": self._after(frame["after"]), "status": self.status}
                socket.send(json.dumps(welcome))
            case "ping":
                socket.send('{"type": "pong"}')
            case _:
                seq = await self._take(frame)
                if frame["type"] == "say":
                    socket.send(json.dumps({"type": "accepted", "id": frame["id"], "seq": seq}))

    async def _post(self, route: Route, kind: str | None) -> None:
        body = route.request.post_data_json
        seq = await self._take({"type": kind or body["type"], **body})
        if kind is None:
            await route.fulfill(status=204)
        else:
            await route.fulfill(status=202, json={"id": body["id"], "seq": seq})

    async def _fetch(self, route: Route) -> None:
        """Wait as long as the request asks for, unless something is there or comes."""
        asked = {name: value for name, [value] in parse_qs(urlsplit(route.request.url).query).items()}
        after, known = int(asked["after"]), asked.get("known")
        try:
            async with asyncio.timeout(int(asked["wait"])), self._changed:
                await self._changed.wait_for(lambda: self._after(after) or known not in {None, self._known()})
        except TimeoutError:
            pass  # nothing came: an empty list says so
        await route.fulfill(json={"messages": self._after(after), "status": self.status})

    def _known(self) -> str:
        """The status as a client that fetches names it."""
        return ":".join(str(self.status[name] or "") for name in ("holder", "position", "agent"))

    async def _take(self, frame: dict[str, Any]) -> int | None:
        self.frames.append(frame)
        if frame["type"] != "say":
            await self._notify()
            return None
        message = self._store(frame["id"], "customer", frame["text"])
        await self.send(type="message", message=message)
        return int(message["seq"])

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _after(self, seq: int) -> list[dict[str, Any]]:
        return self._messages[seq:]

    def _store(self, key: str, author: str, text: str, **more: Any) -> dict[str, Any]:
        seq = len(self._messages) + 1
        message = {"seq": seq, "id": key, "from": author, "text": text, "at": f"2026-11-27T09:{seq:02}:00Z", **more}
        self._messages.append(message)
        return message

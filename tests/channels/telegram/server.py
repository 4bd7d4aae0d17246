"""A server that speaks as much of the Bot API as the channel uses."""

import asyncio
import itertools
import re
from typing import Any

from aiohttp import web

from tests.channels.vendor import Vendor

TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ME = {"id": 123456, "is_bot": True, "first_name": "Lindenpost Hilfe", "username": "LindenpostHilfeBot"}
FILE = "documents/file_7.pdf"


def ok(result: Any) -> web.Response:
    """As the Bot API answers."""
    return web.json_response({"ok": True, "result": result})


def refused(status: int, description: str, **parameters: Any) -> web.Response:
    """As it refuses."""
    body = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)


class TelegramServer(Vendor):
    """Takes messages, and gives updates to who asks."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Any]] = []
        """All but messages and questions for updates."""
        self.hook: dict[str, Any] = {}
        self.updates: dict[int, Any] = {}
        """What is not confirmed."""
        self.asked = asyncio.Condition()
        """Somebody asked for updates, or there is one."""
        self.refusals: dict[str, web.Response] = {}
        """By method: how the next call of it is refused."""
        self.moved: dict[int, int] = {}
        self.files: dict[str, bytes] = {"doc": b"%PDF-1.7 bill"}
        self._numbers = itertools.count(500)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"/bot{TOKEN}/{{method}}", self._serve),
            web.get(f"/file/bot{TOKEN}/{{path:.+}}", self._file),
            web.post("/bot{token}/{method}", _refuse),
        ]

    def is_message(self, request: web.Request) -> bool:
        return request.path.endswith("/sendMessage")

    def too_many(self) -> web.Response:
        return refused(429, "Too Many Requests: retry after 30", retry_after=30)

    def broken(self) -> web.Response:
        return refused(500, "Internal Server Error")

    def blocked(self) -> web.Response:
        return refused(403, "Forbidden: bot was blocked by the user")

    async def bring(self, update: dict[str, Any]) -> None:
        """A customer did something; returns when it is confirmed."""
        async with self.asked:
            number = next(self._numbers)
            self.updates[number] = {**update, "update_id": number}
            self.asked.notify_all()
            await self.asked.wait_for(lambda: number not in self.updates)

    async def _serve(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.json()
        if refusal := self.refusals.pop(method, None):
            return refusal
        if method == "sendMessage":
            return self._take(body)
        if method == "getUpdates":
            return await self._give(body)
        self.calls.append((method, body))
        return self._answer(method, body)

    def _answer(self, method: str, body: Any) -> web.Response:
        match method:
            case "getMe":
                return ok(ME)
            case "setWebhook":
                self.hook = body
            case "deleteWebhook":
                self.hook = {}
            case "getWebhookInfo":
                return ok({"url": self.hook.get("url", ""), "pending_update_count": 0})
            case "getFile" if body["file_id"] in self.files:
                return ok({"file_id": body["file_id"], "file_path": f"{body['file_id']}/{FILE}"})
            case "getFile":
                return refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return ok(True)

    def _take(self, body: Any) -> web.Response:
        if to := self.moved.get(body["chat_id"]):
            return refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)
        # Telegram counts without the marks.
        assert 0 < len(re.sub("<[^>]*>", "", body["text"]).encode("utf-16-le")) // 2 <= 4096
        self.sent.append(body)
        return ok({"message_id": len(self.sent), "chat": {"id": body["chat_id"], "type": "private"}, "date": 1})

    async def _give(self, question: Any) -> web.Response:
        async with self.asked:
            for number in [number for number in self.updates if number < question.get("offset", 0)]:
                del self.updates[number]
            self.asked.notify_all()
            await self.asked.wait_for(lambda: self.updates or self._released.is_set())
            return ok(list(self.updates.values()))

    async def stop(self) -> None:
        self._released.set()
        async with self.asked:
            self.asked.notify_all()
        await super().stop()

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"].partition("/")[0]])


async def _refuse(_: web.Request) -> web.Response:
    return refused(401, "Unauthorized")

"""A small Graph API for the tests of WhatsApp, Messenger and Instagram."""

import hashlib
import hmac
from collections import deque
from typing import Any

from aiohttp import web

from tests.channels.road import Signed
from tests.channels.vendor import Vendor

APP_SECRET = "4f2a1c0e9b7d4e6f8a3b5c7d9e1f2a3b"
VERIFY_TOKEN = "a word that nobody guesses"
IS_MARK = web.RequestKey("is_mark", bool)
TOKEN = "EAAGm0PX4ZCpsBADCPnotguessable"
OPTIONS = {"app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "token": TOKEN}


def signed(body: bytes) -> Signed:
    """As Meta signs its calls."""
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Signed(body, {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"})


def fault(status: int, code: int, message: str, subcode: int | None = None, **more: Any) -> web.Response:
    """An error as Meta words it."""
    told = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEfGh", **more}
    return web.json_response({"error": told | ({"error_subcode": subcode} if subcode else {})}, status=status)


class Graph(Vendor):
    """Takes messages and marks, which come by the same address, and has files."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Any] = []
        """What is no message: read marks, typing."""
        self.refusals: deque[web.Response] = deque()
        """What the next messages are answered with instead."""
        self.asked: list[tuple[str, Any]] = []
        """Other calls: their path and body."""
        self.file = b"\x89PNG a picture"
        self.answers: dict[str, Any] = {}
        """To GET, by path."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/{id}/messages", self._take),
            web.get("/files/{name}", self._file),
            web.get("/{id}", self._get),
            web.post("/{path:.*}", self._set),
        ]

    def is_message(self, request: web.Request) -> bool:
        return request.path.endswith("/messages") and not request[IS_MARK]

    def too_many(self) -> web.Response:
        response = fault(429, 130429, "(#130429) Rate limit hit")
        response.headers["Retry-After"] = "30"
        return response

    @web.middleware
    async def _fail(self, request: web.Request, handler: Any) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else {}
        request[IS_MARK] = "status" in body or "sender_action" in body
        return await super()._fail(request, handler)

    async def _take(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = await request.json()
        if request[IS_MARK]:
            self.marks.append(body)
            return web.json_response({"success": True})
        if self.refusals:
            return self.refusals.popleft()
        self.sent.append(body)
        return web.json_response({"messages": [{"id": "wamid.HBgLMTY1"}]})

    async def _file(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.headers.get("Authorization")))
        return web.Response(body=self.file, content_type="image/png")

    async def _get(self, request: web.Request) -> web.Response:
        found = self.answers.get(request.path)
        return web.json_response(found) if found else fault(400, 100, "Unsupported get request.", 33)

    async def _set(self, request: web.Request) -> web.Response:
        self.asked.append((request.path_qs, await request.json() if request.body_exists else None))
        return web.json_response({"success": True})

"""A small server that speaks OpenAI's chat protocol, remembers what it was asked, and answers by a script."""

import asyncio
import json
from collections import deque
from enum import Enum
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

MODEL = "schreiber-1"
KEY = "sk-test-1234"


class Fault(Enum):
    """What else may become of a request."""

    RESET = "the connection is cut"
    SILENCE = "no answer ever comes"


Step = str | list[Any] | dict[str, Any] | web.Response | Fault
"""What becomes of a request: the model's text, an array as its JSON, a whole choice, any response, or a fault."""


class ChatEndpoint:
    """`POST /v1/chat/completions`, with a key and one model."""

    def __init__(self) -> None:
        self.script: deque[Step] = deque()
        self.asked: list[dict[str, Any]] = []
        """Bodies of the requests, refused ones as well."""
        self._released = asyncio.Event()

    async def start(self) -> None:
        """`url` is its base address then."""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._server = TestServer(app)
        await self._server.start_server()
        self.url = str(self._server.make_url("/v1"))

    async def stop(self) -> None:
        """Let requests go that hang."""
        self._released.set()
        await self._server.close()

    @property
    def prompts(self) -> list[str]:
        """What was asked, as text."""
        return [body["messages"][0]["content"] for body in self.asked]

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return refusal(401, "Incorrect API key provided.", "invalid_api_key")
        if body["model"] != MODEL:
            return refusal(404, f"The model `{body['model']}` does not exist.", "model_not_found")
        return await self._do(self.script.popleft(), request)

    async def _do(self, step: Step, request: web.Request) -> web.StreamResponse:
        match step:
            case web.Response():
                return step
            case Fault.RESET:
                assert request.transport is not None
                request.transport.abort()
            case Fault.SILENCE:
                await self._released.wait()
            case dict():
                return web.json_response(completion(step))
            case str() | list():
                text = json.dumps(step, ensure_ascii=False) if isinstance(step, list) else step
                return web.json_response(completion(choice(text)))
        return web.Response()


def choice(content: Any, finish_reason: str | None = "stop", **message: Any) -> dict[str, Any]:
    """One of a completion's choices."""
    return {
        "index": 0,
        "message": {"role": "assistant", "content": content, **message},
        "finish_reason": finish_reason,
    }


def completion(*choices: dict[str, Any]) -> dict[str, Any]:
    """As https://platform.openai.com/docs/api-reference/chat/object has it."""
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": MODEL, "choices": list(choices)}


def refusal(status: int, message: str, code: str | None = None, **headers: str) -> web.Response:
    """An error in the protocol's words."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    return web.json_response(body, status=status, headers=headers)

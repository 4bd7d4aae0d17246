"""Ask a ticket system by HTTP and JSON, and name what went wrong."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.tickets.errors import TicketSystemError

LONGEST_ID = 18
"""Digits."""


def check_tickets(found: Any, name: str) -> list[dict[str, Any]]:
    """What a system found: tickets with a number each. Raises TicketSystemError for anything else."""
    if isinstance(found, list) and all(isinstance(each, dict) and is_id(each.get("id")) for each in found):
        return found
    raise TicketSystemError(f"{name} found no tickets, but answered {str(found)[:300]!r}. Is it the release we know?")


def is_id(value: object) -> bool:
    """Whether it is a ticket's number there, as a number or as text."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID


class JsonClient:
    """One ticket system; the connection is opened when it is first used."""

    def __init__(self, name: str, url: str, headers: Mapping[str, str], timeout: float) -> None:
        """`name` is what errors call the system; `timeout` in seconds, for each request."""
        self._name = name
        self._url = url.rstrip("/")
        self._headers = headers
        self._timeout = ClientTimeout(total=timeout)
        self._opened: ClientSession | None = None

    async def get(self, path: str, **query: str) -> Any:
        """The answer's JSON. Raises TicketSystemError."""
        return await self._request("GET", path, params=query)

    async def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """`body` is sent as JSON, bytes as they are. Raises TicketSystemError."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return await self._request(
            "POST", path, data=data, headers={"Content-Type": "application/json", **(headers or {})}
        )

    async def close(self) -> None:
        """Let go of connections."""
        if self._opened:
            await self._opened.close()

    async def _request(self, method: str, path: str, **arguments: Any) -> Any:
        if self._opened is None:
            self._opened = ClientSession(headers=self._headers, timeout=self._timeout)
        try:
            # A redirect would carry the credentials elsewhere.
            async with self._opened.request(method, self._url + path, allow_redirects=False, **arguments) as response:
                text = await response.text()
                self._check(method, path, response.status, text)
        except (ClientError, TimeoutError, UnicodeDecodeError) as error:
            raise TicketSystemError(f"{self._name} at {self._url} does not answer: {error!r}. Does it run?") from error
        return self._decode(text)

    def _check(self, method: str, path: str, status: int, text: str) -> None:
        if status < 300:
            return
        what = f"{self._name} answered {method} {path} with HTTP status {status}: {text[:300]!r}"
        if status in (401, 403):
            # Not final: the tickets wait until somebody has put the credentials right.
            raise TicketSystemError(f"{what}. Check its token and the rights of its user.")
        raise TicketSystemError(what, final=400 <= status < 500 and status not in (408, 409, 425, 429))

    def _decode(self, text: str) -> Any:
        try:
            return json.loads(text) if text.strip() else {}
        except (ValueError, RecursionError) as error:
            raise TicketSystemError(f"{self._name} answered no JSON. Is {self._url} its address?") from error

"""Call a vendor by HTTP and JSON, and name what went wrong so that the outbox knows what to do."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector, hdrs
from yarl import URL

from bot.backoff import seconds_of
from bot.channels.outside import PublicResolver, is_literal, is_public
from bot.clock import Clock
from bot.conversations.errors import DeliveryError, TooLargeError
from bot.conversations.files import File

MAYBE_LATER = frozenset({401, 403, 404, 408, 409, 425, 429})
"""Client errors that pass: our credentials or rights can be put right, and patience helps against the others."""
LONGEST_REASON = 300
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_HOPS = 5
"""From the address of a file to the file."""


class RefusedError(DeliveryError):
    """The vendor answered with an error; the channel may know more of what it means."""

    def __init__(self, message: str, status: int, body: Any, *, final: bool, retry_after: float | None) -> None:
        super().__init__(message, final=final, retry_after=retry_after)
        self.status = status
        self.body = body
        """Its JSON; the text where it was none."""

    def mark_gone(self) -> None:
        """To be called where the vendor means by it that the customer blocks us, or is no more."""
        self.gone = self.final = True


class Api:
    """One vendor; the connection is opened when it is first used."""

    def __init__(  # noqa: PLR0913 -- the last is a switch, by name only
        self,
        name: str,
        url: str,
        timeout: float,
        clock: Clock,
        headers: Mapping[str, str] | None = None,
        *,
        is_open: bool = False,
    ) -> None:
        """
        `name` is what errors call the vendor; `timeout` in seconds, for each request.

        `is_open`: it is asked for addresses that others chose; only the vendor's host may then be in a private network.
        """
        self._name = name
        self._url = url.rstrip("/")
        self._timeout = ClientTimeout(total=timeout)
        self._clock = clock
        self._headers = dict(headers or {})
        self._host = URL(url).host or ""
        self._is_open = is_open
        self._opened: ClientSession | None = None

    async def get(self, path: str, **query: str) -> Any:
        """The answer's JSON. Raises RefusedError, and DeliveryError when there is no answer."""
        return await self.request("GET", path, params=query)

    async def post(self, path: str, body: Any, **arguments: Any) -> Any:
        """`body` goes as JSON; raises as `get` does."""
        return await self.request("POST", path, json=body, **arguments)

    async def request(self, method: str, path: str, **arguments: Any) -> Any:
        """`path` may be a whole address; `arguments` are aiohttp's. Raises as `get` does."""
        status, headers, raw = await self._exchange(method, path, **arguments)
        body = _decode(raw)
        if status >= 300:
            raise self._refused(method, status, headers, body)
        return body

    async def fetch(self, path: str, most: int, **arguments: Any) -> bytes:
        """A file of `most` bytes at most. Raises DeliveryError, and TooLargeError of it."""
        status, headers, raw = await self._exchange("GET", path, most=most, **arguments)
        return self._file(status, headers, raw, most)

    def _file(self, status: int, headers: Mapping[str, str], raw: bytes, most: int) -> bytes:
        if status >= 300:
            raise self._refused("GET", status, headers, _decode(raw))
        if len(raw) > most:
            raise TooLargeError(most)
        return raw

    async def fetch_open(self, file: File, most: int) -> bytes:
        """
        A file whose reference is an address that opens it, at the vendor or wherever that leads to in public.

        Raises DeliveryError. Ask an Api without credentials: whoever keeps the file must not learn them.
        """
        if not file.reference.startswith(("https://", "http://")):
            raise DeliveryError(f"{self._name} gave no address for {file.name!r}.", final=True)
        where = URL(file.reference)
        for _ in range(MOST_HOPS):
            self._check_public(where)
            status, headers, raw = await self._exchange("GET", str(where), most=most)
            if status not in REDIRECTS or hdrs.LOCATION not in headers:
                return self._file(status, headers, raw, most)
            where = where.join(URL(headers[hdrs.LOCATION]))
        raise DeliveryError(f"{self._name} sends from place to place for {file.name!r}.", final=True)

    def _check_public(self, where: URL) -> None:
        """Addresses in names are looked at by the resolver."""
        if where.scheme not in {"http", "https"} or not where.host:
            raise DeliveryError(f"{self._name} sends to what is no address of the web.", final=True)
        if is_literal(where.host) and where.host != self._host and not is_public(where.host):
            raise DeliveryError(f"{self._name} sends into a network that is not public.", final=True)

    async def close(self) -> None:
        """Let go of connections."""
        if self._opened:
            await self._opened.close()

    async def _exchange(
        self, method: str, path: str, most: int = -2, **arguments: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        if self._opened is None:
            connector = TCPConnector(resolver=PublicResolver(self._host)) if self._is_open else None
            self._opened = ClientSession(headers=self._headers, timeout=self._timeout, connector=connector)
        url = path if path.startswith(("https://", "http://")) else self._url + path
        try:
            # A redirect would carry the credentials elsewhere; who has none may ask for it.
            async with self._opened.request(method, url, **{"allow_redirects": False, **arguments}) as response:
                raw = await _read(response, most) if most >= 0 else await response.read()
                return response.status, response.headers, raw
        except (ClientError, TimeoutError) as error:
            # Without the address, in which some vendors want a token.
            raise DeliveryError(f"{self._name} does not answer: {type(error).__name__}.") from error

    def _refused(self, method: str, status: int, headers: Mapping[str, str], body: Any) -> RefusedError:
        reason = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        return RefusedError(
            f"{self._name} answered {method} with HTTP status {status}: {reason[:LONGEST_REASON]}",
            status,
            body,
            final=status < 500 and status not in MAYBE_LATER,
            retry_after=seconds_of(headers.get("Retry-After", ""), self._clock()) or None,
        )


async def _read(response: ClientResponse, most: int) -> bytes:
    """All of it, or something of more than `most` bytes."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > most:
            break
    return bytes(raw)


def _decode(raw: bytes) -> Any:
    text = raw.decode("utf-8", "replace")
    try:
        return json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return text

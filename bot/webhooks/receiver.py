"""Post events to a URL of the hoster's, signed."""

import json

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.backoff import seconds_of
from bot.clock import Clock
from bot.handoff.events import Event, ReceiverError
from bot.signing import Signer

GONE = 410


class HttpReceiver:
    """The port `bot.handoff.ports.Receiver`; the connection is opened when it is first used."""

    def __init__(self, url: str, signer: Signer, timeout: float, clock: Clock) -> None:
        """`timeout` in seconds, for each request."""
        self._url = url
        self._signer = signer
        self._timeout = ClientTimeout(total=timeout)
        self._clock = clock
        self._opened: ClientSession | None = None

    async def send(self, event: Event) -> None:
        """See the port."""
        body = _body(event)
        headers = {"Content-Type": "application/json", **self._signer.headers(event.key, self._clock(), body)}
        try:
            # A redirect would carry what customers wrote elsewhere.
            async with self._session().post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                self._check(response)
        except (ClientError, TimeoutError) as error:
            raise ReceiverError(f"{self._url} does not answer: {error!r}. Does it run?") from error

    async def close(self) -> None:
        """See the port."""
        if self._opened:
            await self._opened.close()

    def _session(self) -> ClientSession:
        if self._opened is None:
            self._opened = ClientSession(timeout=self._timeout)
        return self._opened

    def _check(self, response: ClientResponse) -> None:
        if 200 <= response.status < 300:
            return
        # All but Gone is tried again, as the specification asks: a wrong path or secret can be put right.
        raise ReceiverError(
            f"{self._url} answered with HTTP status {response.status}. Look at its log, and at POSTBOTE_EVENTS_….",
            final=response.status == GONE,
            retry_after=seconds_of(response.headers.get("Retry-After", ""), self._clock()),
        )


def _body(event: Event) -> bytes:
    said = {"type": event.type, "timestamp": event.at.isoformat().replace("+00:00", "Z"), "data": event.data}
    return json.dumps(said, ensure_ascii=False).encode()

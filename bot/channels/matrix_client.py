"""
Matrix's client-server API by mautrix, over our own HTTP.

Of the two client libraries that are kept (matrix-nio 0.26 and mautrix 0.21, both of July 2026), mautrix needs nothing
that is not here already; nio brings seven packages more, keeps the place in /sync before we have stored what came, and
sits out a homeserver's Retry-After by itself, unseen by our outbox. mautrix's HTTP drops Retry-After and reads files of
any size, so its requests go through `Api`, as those of every channel do.
"""

import re
from logging import getLogger
from typing import Any, cast

from aiohttp import ClientTimeout
from mautrix.api import HTTPAPI, Method, Path
from mautrix.client import ClientAPI
from mautrix.types import EventType, RoomID, UserID
from mautrix.util.logging import TraceLogger

from bot.channels.api import Api, RefusedError
from bot.channels.matrix_events import THREAD
from bot.conversations.errors import DeliveryError

MEDIA = re.compile(r"\Amxc://(?P<server>[A-Za-z0-9.:\[\]-]+)/(?P<id>[A-Za-z0-9_-]+)\Z")
"""https://spec.matrix.org/latest/client-server-api/#matrix-content-mxc-uris"""
TOKEN = "POSTBOTE_CHANNEL_MATRIX_ACCESS_TOKEN"
UNKNOWN = "M_UNKNOWN_TOKEN"
GONE = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_NOT_JOINED"})
"""To a message of ours: we are not in the room any more."""


class _Transport(HTTPAPI):
    """What mautrix asks for, asked by us."""

    def __init__(self, api: Api, timeout: float) -> None:
        # Not the base's, which opens a connection before anything runs.
        self._api = api
        self._timeout = timeout
        self.token = ""
        self.log = cast(TraceLogger, getLogger("mau.http"))

    async def request(  # type: ignore[override]  # of the base's arguments, those that its callers give
        self, method: Method, path: Any, content: Any = None, query_params: Any = None, **_: Any
    ) -> Any:
        query = {key: str(value) for key, value in (query_params or {}).items()}
        # A long poll is answered only when something happens.
        timeout = ClientTimeout(total=self._timeout + int(query.get("timeout", "0")) / 1000)
        body = {} if method is Method.GET else {"json": content or {}}
        try:
            return await self._api.request(method.value, f"/{path}", params=query, timeout=timeout, **body)
        except RefusedError as error:
            explain(error)
            raise


class MatrixClient(ClientAPI):
    """The bot's account at its homeserver. Everything raises RefusedError, and DeliveryError without an answer."""

    def __init__(self, api: Api, timeout: float) -> None:
        super().__init__(api=_Transport(api, timeout))
        self._http = api

    async def identify(self) -> str:
        """The name of the account."""
        answer = await self.get_raw(Path.v3.account.whoami)
        user = answer.get("user_id") if isinstance(answer, dict) else None
        if not isinstance(user, str) or not user.startswith("@"):
            raise DeliveryError("Matrix does not say who we are. Is POSTBOTE_CHANNEL_MATRIX_HOMESERVER a homeserver?")
        self.mxid = UserID(user)
        return user

    async def say(self, room: str, thread: str | None, content: dict[str, Any], key: str) -> None:
        """
        A message, once for each key.

        https://spec.matrix.org/latest/client-server-api/#transaction-identifiers and #threading there.
        """
        threaded = {"m.relates_to": _in_thread(thread)} if thread else {}
        try:
            await self.send_message_event(RoomID(room), EventType.ROOM_MESSAGE, {**content, **threaded}, key)  # type: ignore[arg-type]  # a dict does as well
        except RefusedError as error:
            if code_of(error) in GONE:
                error.mark_gone()
            raise

    async def get_raw(self, path: Any, **query: str) -> Any:
        """The homeserver's JSON as it is; mautrix's own shapes raise on what any customer can write."""
        return await self.api.request(Method.GET, path, query_params=query)

    async def find_raw(self, path: Any, **query: str) -> Any | None:
        """None where the homeserver does not have it, or does not show it to us."""
        try:
            return await self.get_raw(path, **query)
        except RefusedError as error:
            if is_transient(error):
                raise
            return None

    async def depart(self, room: str) -> None:
        """Leave the room and forget it, if we are in it."""
        for step in ("leave", "forget"):
            try:
                await self.api.request(Method.POST, getattr(Path.v3.rooms[room], step))
            except RefusedError as error:
                if is_transient(error):
                    raise

    async def read(self, room: str, event: str, thread: str | None) -> None:
        """Mark as read: https://spec.matrix.org/latest/client-server-api/#threaded-read-receipts"""
        body = {"thread_id": thread} if thread else {}
        await self.api.request(Method.POST, Path.v3.rooms[room].receipt["m.read"][event], body)

    async def fetch(self, address: str, most: int) -> bytes:
        """A file by its mxc:// address; homeservers before 1.11 have it elsewhere. Raises DeliveryError."""
        found = MEDIA.match(address)
        if found is None:
            raise DeliveryError("Matrix has a file without an mxc:// address.", final=True)
        place = f"{found['server']}/{found['id']}"
        try:
            return await self._http.fetch(f"/_matrix/client/v1/media/download/{place}", most)
        except RefusedError as error:
            if error.status not in {404, 405}:
                explain(error)
                raise
        return await self._http.fetch(f"/_matrix/media/v3/download/{place}", most)


def _in_thread(root: str) -> dict[str, Any]:
    """With an answer to its root for clients that show no threads."""
    return {"rel_type": THREAD, "event_id": root, "is_falling_back": True, "m.in_reply_to": {"event_id": root}}


def is_transient(error: RefusedError) -> bool:
    """Whether the same may be answered later, or with another token; else the answer is no."""
    return error.status >= 500 or error.status in {401, 408, 429}


def code_of(error: RefusedError) -> str:
    """Matrix's own, such as M_FORBIDDEN: https://spec.matrix.org/latest/client-server-api/#standard-error-response"""
    code = error.body.get("errcode") if isinstance(error.body, dict) else None
    return code if isinstance(code, str) else ""


def explain(error: RefusedError) -> None:
    """When to come again, where the homeserver says it in its body, and what to do about a token that is no more."""
    wait = error.body.get("retry_after_ms") if isinstance(error.body, dict) else None
    if error.retry_after is None and isinstance(wait, int) and 0 < wait < 86_400_000:
        error.retry_after = wait / 1000
    if code_of(error) == UNKNOWN:
        soft = error.body.get("soft_logout") is True
        why = (
            "has run out; sign in again with the same device, so that no message is sent twice,"
            if soft
            else ("is not known any more: the bot was signed out. Sign in again")
        )
        error.args = (f"Matrix: {TOKEN} {why} and set the new token.",)

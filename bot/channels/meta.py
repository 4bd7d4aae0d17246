"""
What WhatsApp, Messenger and Instagram share: Meta's signature, its handshake, and what its errors mean.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started,
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

import hashlib
import hmac
import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, SecretStr

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError, ForgedError
from bot.channels.options import Options, plain
from bot.channels.payload import check_same
from bot.channels.port import Answer, Call, Channel, Event, Tools
from bot.conversations.errors import DeliveryError

GRAPH_HOST = "https://graph.facebook.com/"
GRAPH = f"{GRAPH_HOST}v25.0"
SIGNATURE = "X-Hub-Signature-256"
TOKEN_REFUSED = 190
RETRIED: Mapping[int, float | None] = {
    0: None, 1: None, 2: None, 3: None, 4: 60.0, 10: None, 17: 60.0, 32: 60.0, TOKEN_REFUSED: None, 368: 600.0,
    613: 60.0, 1200: None, 80006: 60.0, 80007: 60.0, 130429: None, 131000: None, 131005: None, 131016: None,
    131031: 600.0, 131042: 600.0, 131045: 600.0, 131048: 600.0, 131056: 6.0, 131057: 60.0, 131064: 600.0, 133004: None,
}  # fmt: skip
"""
Codes of what passes or can be put right by the operator, with the seconds to wait where Meta does not say.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (131056: one message in
6 seconds to the same customer), https://developers.facebook.com/docs/messenger-platform/error-codes
"""
PERMISSIONS = range(200, 300)
Choice = re.compile(r"[A-Za-z0-9_-]{16}")
"""A button's id as we give it; whatever else comes back is of a button that somebody else made."""
Milliseconds = Annotated[int, Field(ge=0, lt=10**14)]


class MetaOptions(Options):
    """What each of the three needs."""

    app_secret: SecretStr = Field(min_length=1, description="The Meta app's secret, which signs its calls to us.")
    verify_token: SecretStr = Field(
        min_length=8, description="A long random word of your own, the same in the app's webhook settings."
    )
    token: SecretStr = Field(min_length=1, description="Access token that does not expire, of a system user or page.")
    url: str = Field(GRAPH, description="Where Meta's Graph API is, with its version.")


class MetaChannel(Channel):
    """Base of the three."""

    opened_by = frozenset({"GET", "POST"})
    gone: ClassVar[frozenset[int]]
    """Codes, or subcodes, of errors by which Meta means that nothing reaches the customer."""

    def __init__(self, options: MetaOptions, tools: Tools) -> None:
        self._app_secret = plain(options.app_secret).encode()
        self._verify_token = plain(options.verify_token)
        bearer = {"Authorization": f"Bearer {plain(options.token)}"}
        self.api = Api("Meta", options.url, tools.timeout, tools.clock, bearer)

    async def check(self, call: Call) -> None:
        """HMAC of the body; the handshake has no body, and knows our verify token instead."""
        if call.method == "GET":
            check_same(call.query.get("hub.verify_token", ""), self._verify_token, "hub.verify_token")
            if call.query.get("hub.mode") != "subscribe":
                raise ForgedError("hub.mode is not 'subscribe'. Only Meta's handshake comes by GET.")
            return
        expected = hmac.new(self._app_secret, call.body, hashlib.sha256).hexdigest()
        check_same(call.headers.get(SIGNATURE, ""), f"sha256={expected}", SIGNATURE)

    def parse(self, call: Call) -> Sequence[Event]:
        """See the port; a handshake tells nothing."""
        return [] if call.method == "GET" else self.understand(call.body)

    @abstractmethod
    def understand(self, body: bytes) -> Sequence[Event]:
        """See `parse` of the port."""

    def reply(self, call: Call) -> Answer:
        """The handshake wants its challenge back."""
        return Answer(call.query.get("hub.challenge", "") if call.method == "GET" else "")

    async def request(self, method: str, path: str, **arguments: Any) -> Any:
        """As Api's, with Meta's own codes understood."""
        try:
            return await self.api.request(method, path, **arguments)
        except RefusedError as error:
            self._judge(error)
            raise

    async def whoami(self, path: str, *fields: str) -> str:
        """For `ping`: what Meta calls us."""
        try:
            found = await self.request("GET", path, params={"fields": ",".join(fields)})
        except DeliveryError as error:
            raise ChannelError(f"Meta does not know {self.name}: {error}") from error
        named = [str(found[field]) for field in fields if isinstance(found, dict) and field in found]
        if not named:
            raise ChannelError(f"Meta does not say who {self.name} is. Look at the id and the token in the settings.")
        return " · ".join(named)

    async def close(self) -> None:
        """See the port."""
        await self.api.close()

    def _judge(self, error: RefusedError) -> None:
        code, subcode = codes_of(error)
        if {code, subcode} & self.gone:
            error.mark_gone()
        elif code in RETRIED or code in PERMISSIONS:
            error.final = False
            error.retry_after = error.retry_after or RETRIED.get(code)
        if code == TOKEN_REFUSED:
            # Meta's own words quote the token when it is malformed.
            error.args = (f"Meta refuses the access token of {self.name} (190, {subcode}). Make a new one.",)
            error.body = None


def codes_of(error: RefusedError) -> tuple[int, int]:
    """Meta's code and subcode; -1 where there is none."""
    told = error.body.get("error") if isinstance(error.body, dict) else None
    code, subcode = (told.get("code"), told.get("error_subcode")) if isinstance(told, dict) else (None, None)
    return (code if isinstance(code, int) else -1, subcode if isinstance(subcode, int) else -1)


def find_choice(payload: str | None) -> str | None:
    """The id of a button of ours."""
    return payload if payload and Choice.fullmatch(payload) else None

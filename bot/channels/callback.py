"""
Rasa's `callback` channel: messages come by HTTP, replies are posted to an address of the operator's.

https://rasa.com/docs/rasa/connectors/your-own-website/#callbackinput. In: `{"sender", "message", "metadata"}`, answered
by `success`. Out: `{"recipient_id", "text", "buttons": [{"title", "payload"}]}`, signed as Standard Webhooks has it,
with an id that stays the same on every attempt.
"""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from aiohttp import hdrs
from pydantic import Field, SecretStr, field_validator

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError, ForeignError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.payload import Id, Payload, check_same, read
from bot.channels.port import Answer, Call, Channel, Event, Kind, Part, Said, Tools
from bot.channels.rest import CHOICE
from bot.conversations.errors import DeliveryError
from bot.conversations.model import Incoming, Message
from bot.conversations.plain import PLAIN
from bot.settings import SHORTEST_SECRET
from bot.signing import Signer

GONE = 410
MOST_BUTTONS = 50
"""More than there ever are: the form has no limit."""


class CallbackOptions(Options):
    """POSTBOTE_CHANNEL_CALLBACK_…"""

    url: str = Field(
        pattern=r"^https?://[^/\s]+",
        description="Address that replies are posted to; http:// in your own network only.",
    )
    secret: SecretStr = Field(description="Secret that signs them: whsec_ and base64, or plain.")
    token: SecretStr = Field(
        min_length=SHORTEST_SECRET,
        description=f"What callers of ours send as Authorization: Bearer …; {SHORTEST_SECRET} characters at least.",
    )

    @field_validator("secret")
    @classmethod
    def _signs(cls, value: SecretStr) -> SecretStr:
        if not plain(value):
            raise ValueError("it must not be empty")
        Signer(plain(value))
        return value


class Uttered(Payload):
    """What a customer says."""

    sender: Id
    message: str
    metadata: dict[str, Any] | None = None
    """`message_id` in it makes sending again harmless: the same id is the same message."""


class Callback(Channel):
    """The port for it."""

    name = "callback"
    form = Form(PLAIN, longest=1_000_000, most_buttons=MOST_BUTTONS)

    def __init__(self, options: CallbackOptions, tools: Tools) -> None:
        self._token = plain(options.token)
        self._signer = Signer(plain(options.secret))
        self._clock = tools.clock
        self._url = options.url
        self._api = Api("The callback's receiver", options.url, tools.timeout, tools.clock)

    async def check(self, call: Call) -> None:
        """The bearer token."""
        given = call.headers.get(hdrs.AUTHORIZATION, "")
        check_same(given, f"Bearer {self._token}", "Authorization: Bearer …")

    def parse(self, call: Call) -> Sequence[Event]:
        """One message a call."""
        said = read(call.body, Uttered)
        if not said.message.strip():
            raise ForeignError("message: it is empty. Send some text.")
        metadata = said.metadata or {}
        pressed = CHOICE.fullmatch(said.message.strip())
        incoming = Incoming(
            channel=self.name,
            address=said.sender,
            message_id=_message_id(metadata),
            text=said.message,
            choice=pressed[1] if pressed else None,
            most_buttons=MOST_BUTTONS,
            metadata=metadata,
        )
        return [Said(incoming)]

    def reply(self, call: Call) -> Answer:  # noqa: ARG002 -- the same for all
        """Rasa's."""
        return Answer("success")

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:  # noqa: ARG002 -- see the port
        """The answer's Markdown as it is, in one text: what the receiver shows, and how much, is its own matter."""
        await self.post(address, Part(message.text, message.buttons, int(message.id), message.seq, message.id))

    async def post(self, address: str, part: Part) -> None:
        """410: the customer is gone. All else is tried again, for a wrong path or secret can be put right."""
        body = json.dumps(_reply(address, part), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self._signer.headers(part.key, self._clock(), body)}
        try:
            await self._api.request("POST", self._url, data=body, headers=headers)
        except RefusedError as error:
            error.final = False
            if error.status == GONE:
                error.mark_gone()
            raise

    async def ping(self) -> str:
        """Whether somebody is there; what they answer to a question that nobody agreed on says nothing."""
        try:
            await self._api.request("GET", self._url)
        except RefusedError:
            pass
        except DeliveryError as error:
            raise ChannelError(str(error)) from error
        return f"answers on {self._url}"

    async def set_webhook(self, url: str) -> str:
        """Nobody is to be told."""
        return f"Post your customers' messages to {url}/webhook, with Authorization: Bearer …"

    async def close(self) -> None:
        """See the port."""
        await self._api.close()


def _message_id(metadata: dict[str, Any]) -> str:
    given = metadata.get("message_id")
    if given is None:
        return str(uuid.uuid4())
    if not isinstance(given, str | int) or isinstance(given, bool) or not 0 < len(str(given)) <= 200:
        raise ForeignError("metadata.message_id: a text of 1 to 200 characters.")
    return str(given)


def _reply(address: str, part: Part) -> dict[str, Any]:
    reply: dict[str, Any] = {"recipient_id": address, "text": part.text}
    if part.buttons:
        reply["buttons"] = [{"title": button.title, "payload": f"/choice-{button.id}"} for button in part.buttons]
    return reply


KIND = Kind(lambda tools: Callback(load_options(CallbackOptions, "callback"), tools), CallbackOptions)

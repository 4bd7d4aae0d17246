"""
Chatwoot, as an agent bot: https://www.chatwoot.com/hc/user-guide/articles/1677497472-how-to-use-agent-bots.

People answer in Chatwoot, not at our desk: a hand-off opens the conversation there, and from then on the bot is silent
until somebody sets it to pending again, or the customer writes after it was resolved.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Self

from pydantic import Field, SecretStr, model_validator

from bot.channels.api import Api, RefusedError
from bot.channels.chatwoot_events import NAME, Reader
from bot.channels.errors import ChannelError, ForgedError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.payload import check_same, read_json
from bot.channels.port import Call, Channel, Event, Kind, Part, Tools
from bot.channels.styles import MARKDOWN
from bot.clock import Clock
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File

SHORTEST = 16
"""Of a secret that an operator makes up."""
OLDEST = 300
"""Seconds after which a call is a replay, as Chatwoot advises: https://github.com/chatwoot/chatwoot/pull/13573"""
MOST_BUTTONS = 10
"""Of a list in WhatsApp, where Chatwoot brings messages as well."""
LONGEST, LONGEST_WITH_BUTTONS = 2000, 1000
"""Chatwoot takes 150,000; these are below what Messenger and WhatsApp take, where it brings them."""
PAUSE = 60.0
"""Seconds over which Chatwoot counts the messages of a conversation."""
NOBODY = 0
"""No conversation has this number."""


class ChatwootOptions(Options):
    """POSTBOTE_CHANNEL_CHATWOOT_…"""

    token: SecretStr = Field(description="The bot's access token: Settings → Bots.")
    account: int = Field(ge=1, description="The account's number, which stands in the address of its dashboard.")
    signing_secret: SecretStr = Field(
        SecretStr(""), description="The bot's webhook secret, Settings → Bots, since Chatwoot 4.13; needed if no other."
    )
    address_secret: SecretStr = Field(
        SecretStr(""),
        description="For older ones: the bot's address ends in ?secret=…, with these 16 characters at least.",
    )
    inboxes: tuple[int, ...] = Field(
        (), description="Numbers of the inboxes to be answered, such as [3, 4]; all that have the bot if there is none."
    )
    buttons: bool = Field(
        True, description="Buttons as such. If false as a numbered list, for inboxes that show none, such as e-mail."
    )
    url: str = Field("https://app.chatwoot.com", description="Where Chatwoot is.")

    @model_validator(mode="after")
    def _is_secret(self) -> Self:
        if not (plain(self.signing_secret) or plain(self.address_secret)):
            raise ValueError(
                "set POSTBOTE_CHANNEL_CHATWOOT_SIGNING_SECRET, or POSTBOTE_CHANNEL_CHATWOOT_ADDRESS_SECRET for a "
                "Chatwoot that does not sign; else anybody could speak for your customers"
            )
        if 0 < len(plain(self.address_secret)) < SHORTEST:
            raise ValueError(f"POSTBOTE_CHANNEL_CHATWOOT_ADDRESS_SECRET needs {SHORTEST} characters, or can be guessed")
        return self


class Chatwoot(Channel):
    """The port for one account."""

    name = NAME

    def __init__(self, options: ChatwootOptions, tools: Tools) -> None:
        self.form = Form(
            MARKDOWN, LONGEST, MOST_BUTTONS if options.buttons else 0, longest_with_buttons=LONGEST_WITH_BUTTONS
        )
        self._signing = plain(options.signing_secret).encode()
        self._address = plain(options.address_secret)
        self._clock: Clock = tools.clock
        self._account = options.account
        self._reader = Reader(options.account, frozenset(options.inboxes), self.form.most_buttons)
        url = f"{options.url.rstrip('/')}/api/v1/accounts/{options.account}/conversations"
        token = {"api_access_token": plain(options.token)}
        self._api = Api("Chatwoot", url, tools.timeout, tools.clock, token)
        self._files = Api("Chatwoot", options.url, tools.timeout, tools.clock, is_open=True)

    async def check(self, call: Call) -> None:
        """By the signature over time and body, by the secret in the address, or by both where both are set."""
        if self._signing:
            self._check_signature(call, self._signing)
        if self._address:
            check_same(call.query.get("secret", ""), self._address, "secret in the address")

    def _check_signature(self, call: Call, secret: bytes) -> None:
        stamp = call.headers.get("X-Chatwoot-Timestamp", "")
        signed = stamp.encode("utf-8", "surrogateescape") + b"." + call.body
        expected = "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
        check_same(call.headers.get("X-Chatwoot-Signature", ""), expected, "X-Chatwoot-Signature")
        if not (stamp.isascii() and stamp.isdigit()) or abs(self._clock().timestamp() - int(stamp[:15])) > OLDEST:
            raise ForgedError(f"X-Chatwoot-Timestamp is more than {OLDEST} s off. Does the clock here go right?")

    def parse(self, call: Call) -> Sequence[Event]:
        """One event a call."""
        return self._reader.events(read_json(call.body))

    async def post(self, address: str, part: Part) -> None:
        """https://developers.chatwoot.com/api-reference/messages/create-new-message"""
        body: dict[str, Any] = {"content": part.text, "message_type": "outgoing", "private": False}
        if part.buttons:
            body["content_type"] = "input_select"
            items = [{"title": button.title, "value": button.id} for button in part.buttons]
            body["content_attributes"] = {"items": items}
        await self._ask(f"/{address}/messages", body)

    async def hand_over(self, address: str) -> None:
        """https://developers.chatwoot.com/api-reference/conversations/toggle-status"""
        await self._ask(f"/{address}/toggle_status", {"status": "open"})

    async def fetch(self, file: File, most: int) -> bytes:
        """Chatwoot sends on to where it keeps files; nobody there is to learn the token."""
        return await self._files.fetch_open(file, most)

    async def ping(self) -> str:
        """Bots may read nothing in most versions, so this asks for what cannot be: whoever may ask is answered 404."""
        try:
            await self._api.post(f"/{NOBODY}/toggle_status", {"status": "open"})
        except RefusedError as error:
            if _is_gone(error):
                return f"the bot in account {self._account}"
            raise ChannelError(f"Chatwoot does not know our bot: {error}") from error
        except DeliveryError as error:
            raise ChannelError(str(error)) from error
        raise ChannelError("Chatwoot answers as no Chatwoot does. Is POSTBOTE_CHANNEL_CHATWOOT_URL right?")

    async def set_webhook(self, url: str) -> str:
        """A bot may not change itself."""
        secret = "?secret= and what POSTBOTE_CHANNEL_CHATWOOT_ADDRESS_SECRET is" if self._address else ""
        return f"Enter {url}{secret} as the bot's webhook URL in Chatwoot: Settings → Bots."

    async def close(self) -> None:
        """See the port."""
        await self._api.close()
        await self._files.close()

    async def _ask(self, path: str, body: Mapping[str, Any]) -> None:
        try:
            await self._api.post(path, body)
        except RefusedError as error:
            if _is_gone(error):
                error.mark_gone()
            elif error.status == 422 and "Too many messages" in str(error.body):
                # Its limit for one conversation, which it does not tell by 429.
                error.final, error.retry_after = False, PAUSE
            raise


def _is_gone(error: RefusedError) -> bool:
    """The conversation was deleted; a 404 without words is of whatever stands before Chatwoot."""
    return error.status == 404 and isinstance(error.body, dict) and "error" in error.body


KIND = Kind(lambda tools: Chatwoot(load_options(ChatwootOptions, NAME), tools), ChatwootOptions, own_desk=True)

"""
How Messenger and Instagram are answered; they share it.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages,
https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/send-message
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError
from bot.channels.meta import MetaChannel, MetaOptions, codes_of
from bot.channels.meta_payload import Reader
from bot.channels.port import Event, Part, Tools
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Incoming

MOST_REPLIES = 13
LONGEST_REPLY = 20
OUTSIDE = frozenset({2018065, 2018278, 2534022})
"""Subcodes of what comes later than the window after the customer's last message allows."""
RESPONSE = {"messaging_type": "RESPONSE"}
BY_A_PERSON = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


class MessagingOptions(MetaOptions):
    """What both need."""

    human_agent: bool = Field(
        False,
        description="Whether Meta approved the feature Human Agent for the app: then what agents write arrives for "
        "7 days after the customer's last message, not for 24 hours.",
    )


class MessagingChannel(MetaChannel):
    """Base of both."""

    object: ClassVar[str]
    """What Meta's calls are about."""
    title: ClassVar[str]
    fields: str
    """Of webhooks, to subscribe."""
    gone = frozenset({551, 1545041, 2018001, 2018108, 2534014})

    def __init__(self, options: MessagingOptions, tools: Tools, account: str) -> None:
        """`account` is the id of our page or account."""
        super().__init__(options, tools)
        self.account = account
        self._by_people = options.human_agent
        self._reader = Reader(self.object, account, self.name, self.form)
        # Without our token, which the addresses of files do not want.
        self._files = Api(f"{self.title}'s server of files", options.url, tools.timeout, tools.clock, is_open=True)

    def understand(self, body: bytes) -> Sequence[Event]:
        """See Reader."""
        return self._reader.events(body)

    async def post(self, address: str, part: Part) -> None:
        """See the port; an agent's words may come later than the bot's."""
        message: dict[str, Any] = {"text": part.text}
        if part.buttons:
            message["quick_replies"] = [
                {"content_type": "text", "title": button.title, "payload": button.id} for button in part.buttons
            ]
        try:
            await self._send(address, {"message": message, **RESPONSE})
        except RefusedError as error:
            if codes_of(error)[1] not in OUTSIDE:
                raise
            await self._send_late(address, part, message)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Seen, and that we are writing."""
        for action in ("mark_seen", "typing_on"):
            await self._send(incoming.address, {"sender_action": action})

    async def fetch(self, file: File, most: int) -> bytes:
        """By the address that came with the message."""
        return await self._files.fetch_open(file, most)

    async def set_webhook(self, url: str) -> str:
        """Subscribes the page or account; the address itself belongs to the app, and may serve others as well."""
        try:
            await self.request("POST", "/me/subscribed_apps", params={"subscribed_fields": self.fields})
        except DeliveryError as error:
            raise ChannelError(f"{self.title} does not subscribe us: {error}") from error
        return (
            f"{self.title} is subscribed to {self.fields}. Enter {url} as callback URL in the app's webhook settings."
        )

    async def close(self) -> None:
        """See the port."""
        await super().close()
        await self._files.close()

    async def _send_late(self, address: str, part: Part, message: Mapping[str, Any]) -> None:
        if not (self._by_people and part.author is Author.AGENT):
            raise DeliveryError(
                f"More than 24 hours have passed since the customer's last message, so {self.title} takes nothing. "
                "What agents write is taken for 7 days if Meta approves Human Agent and "
                f"POSTBOTE_CHANNEL_{self.name.upper()}_HUMAN_AGENT is set.",
                final=True,
            )
        try:
            await self._send(address, {"message": message, **BY_A_PERSON})
        except RefusedError as error:
            error.final = error.final or codes_of(error)[1] in OUTSIDE
            raise

    async def _send(self, address: str, content: Mapping[str, Any]) -> None:
        await self.request("POST", "/me/messages", json={"recipient": {"id": address}, **content})

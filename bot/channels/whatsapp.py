"""
WhatsApp by Meta's Cloud API; see docs/channels/whatsapp.md.

https://developers.facebook.com/documentation/business-messaging/whatsapp
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from bot.channels.api import RefusedError
from bot.channels.errors import ChannelError
from bot.channels.meta import MetaChannel, MetaOptions, codes_of
from bot.channels.options import load_options
from bot.channels.parts import Form, utf16
from bot.channels.port import Event, Kind, Part, Tools
from bot.channels.styles import WHATSAPP
from bot.channels.whatsapp_payload import UNDELIVERABLE, Reader
from bot.conversations.errors import UNTIL_THEY_WRITE, DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Choice, Incoming

WINDOW = timedelta(hours=24) - timedelta(minutes=1)
"""After the customer's last message, with a minute for the message's own way."""
OUTSIDE = 131047
MOST_REPLIES = 3
LONGEST_REPLY = 20
LONGEST_ROW = 24
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]+")


class WhatsAppOptions(MetaOptions):
    """POSTBOTE_CHANNEL_WHATSAPP_…"""

    phone_number_id: str = Field(pattern=r"^[0-9]{1,32}$", description="Id of our phone number, not the number.")
    template: str = Field(
        "",
        pattern=r"^[a-z0-9_]*$",
        description="Name of an approved template without variables that asks the customer to write. It is sent when "
        "24 hours have passed since their last message; ours then waits for their answer. Without it, ours is dead.",
    )
    template_language: str = Field("de", pattern=r"^[a-zA-Z_]{2,6}$", description="The template's language.")


class WhatsApp(MetaChannel):
    """The port for it."""

    name = "whatsapp"
    form = Form(WHATSAPP, longest=4096, most_buttons=10, measure=utf16, longest_title=72, longest_with_buttons=1024)
    gone = frozenset({UNDELIVERABLE})

    def __init__(self, options: WhatsAppOptions, tools: Tools) -> None:
        super().__init__(options, tools)
        self._number = options.phone_number_id
        self._template = options.template
        self._language = options.template_language
        self._verify = options.verify_token
        self._tools = tools
        self._reader = Reader(options.phone_number_id, self.name, self.form)

    def understand(self, body: bytes) -> Sequence[Event]:
        """See Reader."""
        return self._reader.events(body)

    async def remember(self, incoming: Incoming) -> None:
        """When they last wrote, which opens the window; also tells that a template has had its effect."""
        at = int(incoming.metadata["at"])
        note = await self._tools.notes.find(self.name, incoming.address)
        if note is None or note["at"] < at:
            await self._tools.notes.keep(self.name, incoming.address, {"at": at})

    async def post(self, address: str, part: Part) -> None:
        """See the port; outside of the window it raises, with the reason."""
        note = await self._tools.notes.find(self.name, address)
        if note and self._tools.clock() - datetime.fromtimestamp(note["at"], UTC) > WINDOW:
            await self._reopen(address, note)
        try:
            ours = f"{part.message_id}:{part.seq}:{address}"
            await self._send(address, self._content(part) | {"biz_opaque_callback_data": ours})
        except RefusedError as error:
            if codes_of(error)[0] == OUTSIDE:
                await self._reopen(address, note or {"at": 0})
            raise

    async def acknowledge(self, incoming: Incoming) -> None:
        """Two blue ticks, and that we are writing, for 25 seconds at most."""
        mark = {"status": "read", "message_id": incoming.message_id, "typing_indicator": {"type": "text"}}
        await self.request("POST", f"/{self._number}/messages", json={"messaging_product": "whatsapp", **mark})

    async def fetch(self, file: File, most: int) -> bytes:
        """By the address that its id has for five minutes."""
        found = await self.request("GET", f"/{file.reference}", params={"phone_number_id": self._number})
        url = found.get("url") if isinstance(found, dict) else None
        if not isinstance(url, str):
            raise DeliveryError(f"WhatsApp has no file {file.reference}.", final=True)
        return await self.api.fetch(url, most)

    async def ping(self) -> str:
        """Our name and number."""
        return await self.whoami(f"/{self._number}", "verified_name", "display_phone_number")

    async def set_webhook(self, url: str) -> str:
        """For this number alone, so that other numbers of the same app are left as they are."""
        token = self._verify.get_secret_value()
        override = {"webhook_configuration": {"override_callback_uri": url, "verify_token": token}}
        try:
            await self.request("POST", f"/{self._number}", json=override)
        except DeliveryError as error:
            raise ChannelError(f"WhatsApp does not take the address {url}: {error}") from error
        return f"WhatsApp calls {url} for this number. The app must be subscribed to the field messages."

    async def _reopen(self, address: str, note: Mapping[str, Any]) -> None:
        """Outside of the window: ask them to write, once, and wait for it. Always raises."""
        if not self._template:
            raise DeliveryError(
                "More than 24 hours have passed since the customer's last message, so WhatsApp takes a template only. "
                "Set POSTBOTE_CHANNEL_WHATSAPP_TEMPLATE to one that asks them to write.",
                final=True,
            )
        now = self._tools.clock().timestamp()
        if "asked" not in note:
            template = {"name": self._template, "language": {"code": self._language}}
            await self._send(address, {"type": "template", "template": template})
            await self._tools.notes.keep(self.name, address, {**note, "asked": now})
        elif now - note["asked"] > UNTIL_THEY_WRITE - 3600:
            raise DeliveryError("The customer was asked to write 30 days ago, and did not.", final=True)
        raise DeliveryError(
            f"Waits until the customer writes, as they were asked by the template {self._template}.",
            retry_after=UNTIL_THEY_WRITE,
        )

    async def _send(self, address: str, content: Mapping[str, Any]) -> None:
        # Who has a user name may have no number that we know.
        to = {"recipient": address} if USER_ID.fullmatch(address) else {"to": address}
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **to, **content}
        await self.request("POST", f"/{self._number}/messages", json=body)

    def _content(self, part: Part) -> dict[str, Any]:
        if not part.buttons:
            return {"type": "text", "text": {"body": part.text, "preview_url": False}}
        action = _replies(part.buttons) or _list(part.buttons, self._tools.sentence("utter_list_button"))
        return {"type": "interactive", "interactive": {"body": {"text": part.text}, **action}}


def _replies(buttons: Sequence[Choice]) -> dict[str, Any] | None:
    if len(buttons) > MOST_REPLIES or any(utf16(button.title) > LONGEST_REPLY for button in buttons):
        return None
    shown = [{"type": "reply", "reply": {"id": button.id, "title": button.title}} for button in buttons]
    return {"type": "button", "action": {"buttons": shown}}


def _list(buttons: Sequence[Choice], opens: str) -> dict[str, Any]:
    rows = [{"id": button.id, **_row(button.title)} for button in buttons]
    return {"type": "list", "action": {"button": opens[:LONGEST_REPLY], "sections": [{"rows": rows}]}}


def _row(title: str) -> dict[str, str]:
    short = title
    while utf16(short) > LONGEST_ROW:
        short = f"{short.rstrip('…')[:-1].rstrip()}…"
    return {"title": short} if short == title else {"title": short, "description": title}


KIND = Kind(lambda tools: WhatsApp(load_options(WhatsAppOptions, "whatsapp"), tools), WhatsAppOptions)

"""
What WhatsApp tells us, as events.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

import mimetypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import structlog
from pydantic import Field

from bot.channels.errors import ForeignError
from bot.channels.meta import find_choice
from bot.channels.parts import Form
from bot.channels.payload import Id, Payload, fit, read
from bot.channels.port import Event, Failed, Gone, Said, Seen, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

SIGNS = {"location": "📍", "contacts": "👤", "sticker": "🙂", "order": "🛒"}
UNKNOWN = "❓"
SILENT = frozenset({"reaction", "revoke", "request_welcome", "call_permission_reply"})
"""Nothing that wants an answer."""
MOVED = frozenset({"user_changed_number", "user_changed_user_id", "customer_changed_number"})
UNDELIVERABLE = 131026
"""No number of WhatsApp's, or the customer blocks us; WhatsApp does not say which."""
OURS = re.compile(r"([1-9][0-9]{0,17}):([0-9]{1,9}):(.{1,255})")
"""What we gave a message to be told again: its id, its seq, and who it was for."""

log = structlog.get_logger(stop="channel")

Seconds = Annotated[str, Field(pattern=r"^[0-9]{1,11}$")]
Address = Annotated[str, Field(max_length=200)]


class _Text(Payload):
    body: str


class _TemplateButton(Payload):
    text: str
    payload: str | None = None


class _Reply(Payload):
    id: str = Field(max_length=256)
    title: str
    description: str | None = None


class _Interactive(Payload):
    type: str
    button_reply: _Reply | None = None
    list_reply: _Reply | None = None


class _Media(Payload):
    id: str = Field(pattern=r"^[0-9A-Za-z_-]{1,200}$")
    mime_type: str = "application/octet-stream"
    caption: str | None = None
    filename: str | None = None
    voice: bool = False


class _Content(Payload):
    type: str
    text: _Text | None = None
    button: _TemplateButton | None = None
    interactive: _Interactive | None = None
    image: _Media | None = None
    video: _Media | None = None
    audio: _Media | None = None
    document: _Media | None = None

    @property
    def media(self) -> _Media | None:
        """The file, if it is one."""
        return self.image or self.video or self.audio or self.document


class _Edit(Payload):
    message: _Content


class _System(Payload):
    type: str | None = None
    previous_user_id: Address | None = None


class _Message(_Content):
    id: Id
    from_: Address | None = Field(None, alias="from")
    from_user_id: Address | None = None
    """The business-scoped user id: the same whether or not the customer hides the number behind a user name."""
    timestamp: Seconds
    group_id: str | None = None
    edit: _Edit | None = None
    system: _System | None = None


class _Fault(Payload):
    code: int
    title: str | None = None
    error_data: dict[str, Any] | None = None


class _Status(Payload):
    status: str
    timestamp: Seconds
    biz_opaque_callback_data: str | None = None
    errors: list[_Fault] = Field(default_factory=list)


class _Metadata(Payload):
    phone_number_id: str


class _Value(Payload):
    metadata: _Metadata
    messages: list[_Message] = Field(default_factory=list)
    statuses: list[_Status] = Field(default_factory=list)
    errors: list[_Fault] = Field(default_factory=list)
    """Of the app or the account, not of a message."""


class _Change(Payload):
    field: str
    value: dict[str, Any]


class _Entry(Payload):
    changes: list[_Change]


class _Notification(Payload):
    object: Literal["whatsapp_business_account"]
    entry: list[_Entry]


@dataclass(frozen=True)
class Reader:
    """Of the calls that are about one of our phone numbers."""

    number: str
    """Its id."""
    channel: str
    form: Form

    def events(self, body: bytes) -> Sequence[Event]:
        """Oldest first; of other numbers of the same app, none. Raises ForeignError."""
        dated = [each for value in self._values(read(body, _Notification)) for each in self._dated(value)]
        return [event for _, events in sorted(dated, key=lambda each: each[0]) for event in events]

    def _values(self, notification: _Notification) -> Iterator[_Value]:
        for entry in notification.entry:
            for change in entry.changes:
                if change.field == "messages":
                    value = fit(change.value, _Value)
                    if value.metadata.phone_number_id == self.number:
                        _log(value.errors)
                        yield value

    def _dated(self, value: _Value) -> Iterator[tuple[int, list[Event]]]:
        for message in value.messages:
            yield int(message.timestamp), list(self._message(message))
        for status in value.statuses:
            yield int(status.timestamp), list(_status(status))

    def _message(self, message: _Message) -> Iterator[Event]:
        if message.type == "system":
            yield from _system(message)
        elif message.group_id is None and message.type not in SILENT:
            yield self._said(message, message.edit.message if message.edit else message)

    def _said(self, message: _Message, content: _Content) -> Event:
        media, reply = content.media, _reply(content)
        if content.type == "audio" and media and media.voice:
            return Unreadable(self._incoming(message, "🎤"))
        if media:
            # An edit has the file of before with other words.
            files = () if message.edit else (_file(content.type, media),)
            return Said(self._incoming(message, media.caption or ""), files)
        if reply:
            return Said(self._incoming(message, reply[0], reply[1]))
        if content.type == "text" and content.text:
            return Said(self._incoming(message, content.text.body))
        return Unreadable(self._incoming(message, SIGNS.get(content.type, UNKNOWN)))

    def _incoming(self, message: _Message, text: str, choice: str | None = None) -> Incoming:
        address = message.from_user_id or message.from_
        if not address:
            raise ForeignError("A message of WhatsApp's is from nobody: neither from nor from_user_id is there.")
        return Incoming(
            self.channel,
            address,
            message.id,
            text,
            choice,
            self.form.most_buttons,
            self.form.longest_title,
            metadata={"at": int(message.timestamp)},
        )


def _reason(fault: _Fault) -> str:
    """As the desk shows it."""
    details = (fault.error_data or {}).get("details") or ""
    return f"{fault.code} {fault.title or ''}: {details}".strip(": ")[:300]


def _log(faults: Sequence[_Fault]) -> None:
    for fault in faults:
        log.warning("WhatsApp reports a fault", error=_reason(fault))


def _reply(content: _Content) -> tuple[str, str | None] | None:
    if content.button:
        return content.button.text, find_choice(content.button.payload)
    pressed = content.interactive and (content.interactive.button_reply or content.interactive.list_reply)
    # A title that was too long for its row stands below it, whole.
    return (pressed.description or pressed.title, find_choice(pressed.id)) if pressed else None


def _file(kind: str, media: _Media) -> File:
    type = media.mime_type.partition(";")[0].strip()
    name = media.filename or f"{kind}{mimetypes.guess_extension(type) or ''}"
    return File(name, type, None, media.id)


def _system(message: _Message) -> Iterator[Event]:
    if message.system and message.system.type in MOVED:
        for address in filter(None, (message.system.previous_user_id, message.from_)):
            yield Gone(address, "The customer has another number now.")


def _status(status: _Status) -> Iterator[Event]:
    ours = OURS.fullmatch(status.biz_opaque_callback_data or "")
    if ours is None:
        return
    id, seq, address = int(ours[1]), int(ours[2]), ours[3]
    if status.status == "failed":
        faults = list(map(_reason, status.errors))
        yield Failed(address, id, "; ".join(faults) or "WhatsApp does not say why.")
        if any(fault.code == UNDELIVERABLE for fault in status.errors):
            yield Gone(address, faults[0])
    elif status.status in {"delivered", "read", "played"}:
        yield Seen(address, seq, read=status.status != "delivered")

"""
What Messenger and Instagram tell us, as events; they share a form.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events,
https://developers.facebook.com/documentation/instagram-platform/webhooks/examples
"""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from bot.channels.errors import ForeignError
from bot.channels.meta import Milliseconds, find_choice
from bot.channels.parts import Form
from bot.channels.payload import Id, Payload, read
from bot.channels.port import Event, Said, SeenUntil, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

FILES = {"image": "image/jpeg", "video": "video/mp4", "file": "application/octet-stream"}
"""Kinds that are fetched, with their types where the address does not tell."""
SIGNS = {"audio": "🎤", "location": "📍", "sticker": "🙂"}
SHARED = frozenset({"fallback", "share", "reel", "ig_reel", "post", "ig_post", "ig_story", "story"})
LINK, UNKNOWN = "🔗", "❓"
MENTION = "story_mention"
"""Said to the customer's own followers, not to us."""
THUMBS = frozenset({369239263222822, 369239343222814, 369239383222810})
"""The sticker beside Messenger's input, in three sizes."""
GET_STARTED = "GET_STARTED"
LONGEST_ID = 230
"""Of a message, with room for what is added; ids differ at their ends."""

Mid = Annotated[str, Field(min_length=1, max_length=1000)]


class _Party(Payload):
    id: Id | None = None


class _QuickReply(Payload):
    payload: str | None = None


class _Place(Payload):
    url: str | None = None
    sticker_id: int | None = None


class _Attachment(Payload):
    type: str
    payload: _Place | None = None


class _Message(Payload):
    mid: Mid
    text: str | None = None
    quick_reply: _QuickReply | None = None
    attachments: list[_Attachment] = Field(default_factory=list)
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False


class _Postback(Payload):
    mid: Mid | None = None
    title: str | None = None
    payload: str | None = None


class _Edit(Payload):
    mid: Mid
    text: str | None = None
    num_edit: int | Annotated[str, Field(max_length=9)] = 0


class _Read(Payload):
    """Messenger has a watermark, Instagram the last message; then the event's own time counts."""

    watermark: Milliseconds | None = None


class _Happening(Payload):
    sender: _Party | None = None
    timestamp: Milliseconds = 0
    message: _Message | None = None
    postback: _Postback | None = None
    message_edit: _Edit | None = None
    read: _Read | None = None
    delivery: _Read | None = None


class _Entry(Payload):
    id: str
    messaging: list[_Happening] = Field(default_factory=list)
    """Beside it `standby`, what others answer, and `changes`, such as comments, do not matter to us."""


class _Notification(Payload):
    object: str
    entry: list[_Entry]


@dataclass(frozen=True)
class Reader:
    """Of the calls that are about our page or account."""

    object: str
    account: str
    """Its id."""
    channel: str
    form: Form

    def events(self, body: bytes) -> Sequence[Event]:
        """Oldest first; of other pages of the same app, none. Raises ForeignError."""
        notification = read(body, _Notification)
        if notification.object != self.object:
            raise ForeignError(f"This is about {notification.object[:50]!r}, not {self.object!r}.")
        happened = [each for entry in notification.entry if entry.id == self.account for each in entry.messaging]
        happened.sort(key=lambda each: each.timestamp)
        return [event for each in happened for event in self._events(each)]

    def _events(self, happening: _Happening) -> Iterator[Event]:
        address = happening.sender and happening.sender.id
        if not address:
            return
        if happening.message:
            yield from self._message(address, happening.message)
        elif happening.postback:
            yield from self._postback(address, happening.postback, happening.timestamp)
        elif happening.message_edit:
            yield from self._edit(address, happening.message_edit)
        elif seen := happening.read or happening.delivery:
            moment = seen.watermark if seen.watermark is not None else happening.timestamp
            yield SeenUntil(address, datetime.fromtimestamp(moment / 1000, UTC), read=happening.read is not None)

    def _message(self, address: str, message: _Message) -> Iterator[Event]:
        if message.is_echo or message.is_deleted:
            return
        files = tuple(file for file in map(_file, message.attachments) if file)
        text = message.text or ""
        if text or files:
            pressed = find_choice(message.quick_reply.payload) if message.quick_reply else None
            yield Said(self._incoming(address, message.mid, text, pressed), files)
        elif message.is_unsupported or not message.attachments:
            yield Unreadable(self._incoming(address, message.mid, UNKNOWN))
        else:
            yield from self._attached(address, message)

    def _attached(self, address: str, message: _Message) -> Iterator[Event]:
        first = message.attachments[0]
        if _sticker(first) in THUMBS:
            yield Said(self._incoming(address, message.mid, "👍"))
        elif first.type != MENTION:
            yield Unreadable(self._incoming(address, message.mid, _sign(first)))

    def _postback(self, address: str, postback: _Postback, timestamp: int) -> Iterator[Event]:
        if postback.title:
            opens = postback.payload == GET_STARTED
            id = postback.mid or f"postback:{timestamp}"
            yield Said(self._incoming(address, id, postback.title, find_choice(postback.payload), opens=opens))

    def _edit(self, address: str, edit: _Edit) -> Iterator[Event]:
        if edit.text:
            yield Said(self._incoming(address, f"{edit.mid}:{edit.num_edit}", edit.text))

    def _incoming(
        self, address: str, id: str, text: str, choice: str | None = None, *, opens: bool = False
    ) -> Incoming:
        most, longest = self.form.most_buttons, self.form.longest_title
        return Incoming(self.channel, address, id[-LONGEST_ID:], text, choice, most, longest, opens=opens)


def _sticker(attachment: _Attachment) -> int | None:
    return attachment.payload.sticker_id if attachment.payload else None


def _sign(attachment: _Attachment) -> str:
    if _sticker(attachment) is not None:
        return SIGNS["sticker"]
    return LINK if attachment.type in SHARED else SIGNS.get(attachment.type, UNKNOWN)


def _file(attachment: _Attachment) -> File | None:
    url = attachment.payload.url if attachment.payload else None
    if attachment.type not in FILES or _sticker(attachment) is not None:
        return None
    if not url or not url.startswith(("https://", "http://")):
        return None
    name = _name(url)
    type = mimetypes.guess_type(name)[0] or FILES[attachment.type]
    named = name if PurePosixPath(name).suffix else f"{attachment.type}{mimetypes.guess_extension(type) or ''}"
    return File(named, type, None, url)


def _name(url: str) -> str:
    try:
        return PurePosixPath(urlsplit(url).path).name
    except ValueError:
        return ""

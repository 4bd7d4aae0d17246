"""
What Chatwoot calls an agent bot with, and what of it customers said.

Its webhooks: https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks; what an agent bot gets of
them stands in app/listeners/agent_bot_listener.rb of https://github.com/chatwoot/chatwoot, the shape of a message in
`Message#webhook_data`.
"""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import Field

from bot.channels.payload import Payload, fit
from bot.channels.port import Event, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

NAME = "chatwoot"
BOTS = "pending"
"""The status of a conversation that its bot is to answer; in any other one people have it, or it is over."""
MEDIA = frozenset({"image", "video", "file"})
"""Attachments that are files; audio is what customers speak."""
SIGNS = {"audio": "🎤", "location": "📍", "contact": "👤"}
OTHER = "🔗"
"""A shared post, a story, and what Chatwoot has no kind for."""
CHOICE = re.compile(r"[A-Za-z0-9_-]{1,100}")

Number = Annotated[int, Field(ge=1, lt=2**63)]


class Numbered(Payload):
    """An account or an inbox."""

    id: Number


class Conversation(Payload):
    """Its id is the one that people see, which counts within the account."""

    id: Number
    status: str


class Attachment(Payload):
    """https://github.com/chatwoot/chatwoot/blob/develop/app/models/attachment.rb"""

    file_type: str = ""
    data_url: Annotated[str, Field(max_length=4000)] | None = None
    file_size: int | None = None


class Mail(Payload):
    """Of an inbox for e-mail."""

    auto_reply: bool | None = None


class Attributes(Payload):
    """What is peculiar to a kind of message."""

    submitted_values: Any = None
    """Of a form it is another shape than of buttons."""
    deleted: bool | None = None
    is_unsupported: bool | None = None
    email: Mail | None = None


class Submitted(Payload):
    """A button that was pressed."""

    title: str
    value: str


class Message(Payload):
    """Of the events `message_created` and `message_updated`."""

    id: Number
    message_type: str
    content: str | None = None
    content_type: str | None = None
    private: bool = False
    content_attributes: Attributes | None = None
    attachments: list[Attachment] = Field(default_factory=list, max_length=100)
    account: Numbered
    inbox: Numbered
    conversation: Conversation

    @property
    def attributes(self) -> Attributes:
        """None of them, where Chatwoot says nothing."""
        return self.content_attributes or Attributes()


class Envelope(Payload):
    """What every call has."""

    event: str = Field(min_length=1, max_length=100)


@dataclass(frozen=True)
class Reader:
    """Reads one account's calls."""

    account: int
    inboxes: frozenset[int]
    """Those to be answered; all, where none is named."""
    most_buttons: int

    def events(self, value: Any) -> Sequence[Event]:
        """None of what is not ours to answer. Raises ForeignError."""
        if fit(value, Envelope).event not in {"message_created", "message_updated"}:
            return ()
        message = fit(value, Message)
        if not self._is_ours(message):
            return ()
        if message.message_type == "incoming":
            return self._said(message)
        return self._pressed(message)

    def _is_ours(self, message: Message) -> bool:
        return (
            message.account.id == self.account
            and (not self.inboxes or message.inbox.id in self.inboxes)
            and message.conversation.status == BOTS
            and not message.private
        )

    def _said(self, message: Message) -> Sequence[Event]:
        attributes = message.attributes
        if attributes.deleted or (attributes.email and attributes.email.auto_reply):
            return ()
        text = message.content or ""
        # Chatwoot updates messages for many reasons, and does not say which: with another text it is another message.
        incoming = self._incoming(message, sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16], text)
        files = tuple(_file(each) for each in message.attachments if each.file_type in MEDIA and each.data_url)
        if files or text.strip():
            return (Said(incoming, files),)
        return (Unreadable(self._incoming(message, "", _sign(message))),) if _is_something(message) else ()

    def _pressed(self, message: Message) -> Sequence[Event]:
        """A press changes our message."""
        submitted = message.attributes.submitted_values
        if message.content_type != "input_select" or not isinstance(submitted, list) or not submitted:
            return ()
        pressed = fit(submitted[-1], Submitted)
        choice = pressed.value if CHOICE.fullmatch(pressed.value) else None
        return (Said(self._incoming(message, choice or "", pressed.title, choice)),)

    def _incoming(self, message: Message, suffix: str, text: str, choice: str | None = None) -> Incoming:
        id = f"{message.id}:{suffix}" if suffix else str(message.id)
        return Incoming(NAME, str(message.conversation.id), id, text, choice, self.most_buttons)


def _is_something(message: Message) -> bool:
    return bool(message.attachments or message.attributes.is_unsupported)


def _sign(message: Message) -> str:
    return next((SIGNS[each.file_type] for each in message.attachments if each.file_type in SIGNS), OTHER)


def _file(attachment: Attachment) -> File:
    address = attachment.data_url or ""
    name = _name(address) or attachment.file_type
    type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(name, type, attachment.file_size, address)


def _name(address: str) -> str:
    """Chatwoot names a file only at the end of its address."""
    try:
        return unquote(PurePosixPath(urlsplit(address).path).name)
    except ValueError:
        return ""

"""
What Rocket.Chat's Omnichannel calls us with, and what of it visitors said.

https://docs.rocket.chat/docs/webhooks; each message as in apps/meteor/app/livechat/server/hooks/sendToCRM.ts of
https://github.com/RocketChat/Rocket.Chat.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from bot.channels.payload import Id, Payload, fit
from bot.channels.port import Event, Gone, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

NAME = "rocketchat"
VOICE, OTHER = "🎤", "🔗"
CLOSED = "The chat was closed in Rocket.Chat."

Key = Annotated[str, Field(min_length=1, max_length=100)]


class Agent(Payload):
    """Who serves the chat; nobody, while it waits in a queue."""

    id: Id = Field(alias="_id")


class Named(Payload):
    """A file as the visitor called it."""

    name: str | None = None
    type: str | None = None


class Upload(Payload):
    """Where it is."""

    public_path: Annotated[str, Field(max_length=4000)] = Field("", alias="publicFilePath")
    size: int | None = None


class Message(Payload):
    """Of the visitor; of anybody else where there is an agent."""

    id: Key = Field(alias="_id")
    text: str | None = Field(None, alias="msg")
    agent: str | None = Field(None, alias="agentId")
    edited: Key | None = Field(None, alias="editedAt")
    closing: bool = Field(False, alias="closingMessage")
    navigation: Any = None
    file: Named | None = None
    upload: Upload | None = Field(None, alias="fileUpload")


class Room(Payload):
    """Each chat has one of its own."""

    id: Id = Field(alias="_id")


class Chat(Room):
    """What was said in it."""

    agent: Agent | None = None
    messages: list[Message] = Field(default_factory=list, max_length=500)


class Envelope(Payload):
    """What every call has; some are of no chat."""

    type: str = Field(min_length=1, max_length=100)


@dataclass(frozen=True)
class Reader:
    """Reads what concerns the chats of one agent, the bot."""

    agent: str

    def events(self, value: Any) -> Sequence[Event]:
        """None of what is not ours to answer. Raises ForeignError."""
        match fit(value, Envelope).type:
            case "Message":
                return list(self._said(fit(value, Chat)))
            case "LivechatSession":
                return [Gone(fit(value, Room).id, CLOSED)]
        return ()

    def _said(self, chat: Chat) -> Iterator[Event]:
        if chat.agent is None or chat.agent.id != self.agent:
            return
        for message in chat.messages:
            if message.agent is None and not message.closing and message.navigation is None:
                yield _read(chat, message)


def _read(chat: Chat, message: Message) -> Event:
    id = f"{message.id}:{message.edited}" if message.edited else message.id
    text = message.text or ""
    voice = message.file is not None and (message.file.type or "").startswith("audio/")
    if voice or not (text.strip() or message.file):
        return Unreadable(Incoming(NAME, chat.id, id, VOICE if voice else OTHER, None, 0))
    files = (_file(message.file, message.upload),) if message.file else ()
    return Said(Incoming(NAME, chat.id, id, text, None, 0), files)


def _file(file: Named, upload: Upload | None) -> File:
    size, address = (upload.size, upload.public_path) if upload else (None, "")
    return File(file.name or "?", file.type or "application/octet-stream", size, address)

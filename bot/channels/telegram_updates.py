"""
Telegram's updates, as its Bot API documents them, and what they mean.

https://core.telegram.org/bots/api#update and https://core.telegram.org/bots/webhooks#testing-your-bot-with-updates
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from bot.channels.payload import Id, Payload
from bot.channels.port import Event, Gone, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is asked to send."""
UNREADABLE = {
    "voice": "🎤", "video_note": "📹", "sticker": "🙂", "location": "📍", "contact": "👤", "poll": "📊",
    "dice": "🎲", "game": "🎮", "story": "📖", "checklist": "☑️", "paid_media": "🖼️",
}  # fmt: skip
"""What nobody here can read, and how the transcript shows it."""
FILES = {
    # An animation comes as a document, too.
    "document": ("document", "application/octet-stream"),
    "animation": ("animation.mp4", "video/mp4"),
    "video": ("video.mp4", "video/mp4"),
    "audio": ("audio.mp3", "audio/mpeg"),
}
"""Name and type of what Telegram names neither of."""
GROUPS = frozenset({"group", "supergroup"})
START = "/start"
"""What a customer sends by opening the chat."""

Number = Annotated[int, Field(ge=-(2**62), le=2**62)]
"""Telegram's have 52 bits at most."""


class User(Payload):
    """A person or a bot."""

    id: Number
    is_bot: bool = False


class Chat(Payload):
    """With one person, or with many."""

    id: Number
    type: str = "private"


class Attached(Payload):
    """A file."""

    file_id: str = Field(min_length=1, max_length=500)
    file_name: str | None = None
    mime_type: str | None = None
    file_size: Number | None = None


class Key(Payload):
    """A button; not all have data."""

    text: str
    callback_data: str | None = None


class Keyboard(Payload):
    """Buttons under a message."""

    inline_keyboard: list[list[Key]] = Field(default_factory=list)


class Replied(Payload):
    """The message that another one answers."""

    from_: User | None = Field(None, alias="from")


class Message(Payload):
    """https://core.telegram.org/bots/api#message"""

    # The names of what we do not read tell what it is.
    model_config = ConfigDict(extra="allow")

    message_id: Number
    chat: Chat
    from_: User | None = Field(None, alias="from")
    edit_date: Number | None = None
    text: str = ""
    caption: str = ""
    media_group_id: Id | None = None
    message_thread_id: Number | None = None
    is_topic_message: bool = False
    forward_date: Number | None = None
    forward_origin: object = None
    reply_to_message: Replied | None = None
    reply_markup: Keyboard = Keyboard()
    photo: list[Attached] = Field(default_factory=list)
    """One picture in several sizes, the largest last."""
    document: Attached | None = None
    video: Attached | None = None
    audio: Attached | None = None
    animation: Attached | None = None


class Pressed(Payload):
    """https://core.telegram.org/bots/api#callbackquery"""

    id: Id
    from_: User = Field(alias="from")
    message: Message | None = None
    data: Id | None = None


class Member(Payload):
    """What we are in a chat."""

    status: str


class Membership(Payload):
    """https://core.telegram.org/bots/api#chatmemberupdated"""

    chat: Chat
    new_chat_member: Member


class Update(Payload):
    """One of many kinds; those that we do not name do not matter to us."""

    update_id: Number
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Pressed | None = None
    my_chat_member: Membership | None = None


@dataclass(frozen=True)
class Place:
    """A chat, a person in a group, or a person in a topic of a group."""

    chat: int
    user: int | None = None
    thread: int | None = None

    @classmethod
    def of(cls, message: Message, user: User) -> "Place":
        """In a group everybody has a conversation of their own, so that nobody sees what is another's."""
        if message.chat.type not in GROUPS:
            return cls(message.chat.id)
        return cls(message.chat.id, user.id, message.message_thread_id if message.is_topic_message else None)

    @classmethod
    def read(cls, address: str) -> "Place":
        """What `address` made."""
        return cls(*map(int, address.split(":")))

    @property
    def address(self) -> str:
        """As a conversation is named."""
        return ":".join(str(part) for part in (self.chat, self.user, self.thread) if part is not None)


@dataclass(frozen=True)
class Reader:
    """Makes events of updates."""

    channel: str
    bot: int
    """Our id."""
    username: str
    """Ours, without @; empty while it is not known."""
    most_buttons: int

    def events(self, update: Update) -> Sequence[Event]:
        """None where it does not matter to us."""
        if message := update.message:
            return self._said(message)
        if edited := update.edited_message:
            return self._edited(edited)
        if pressed := update.callback_query:
            return self._pressed(pressed)
        if update.my_chat_member:
            return _membership(update.my_chat_member)
        return []

    def _said(self, message: Message) -> Sequence[Event]:
        author = self._author(message)
        if author is None:
            return []
        words, files = self._words(message), _files(message)
        if sign := next((sign for kind, sign in UNREADABLE.items() if kind in (message.model_extra or {})), None):
            return [Unreadable(self._incoming(message, author, sign))]
        if not files and not message.text:
            return []
        said = self._incoming(message, author, words, opens=_opens(message, words, files))
        if not message.media_group_id:
            return [Said(said, files)]
        # The pictures of an album come one by one, and get one answer.
        album = self._incoming(message, author, "", f"album:{message.media_group_id}")
        return [*([Said(said)] if words else []), Said(album, files)]

    def _edited(self, message: Message) -> Sequence[Event]:
        author, words = self._author(message), self._words(message)
        # Without a date it is no edit, such as a place that moves.
        if author is None or not message.edit_date or not words:
            return []
        return [Said(self._incoming(message, author, words, f"{message.message_id}:{message.edit_date}"))]

    def _pressed(self, pressed: Pressed) -> Sequence[Event]:
        message = pressed.message
        if message is None or pressed.data is None or pressed.from_.is_bot:
            return []
        keys = [key for row in message.reply_markup.inline_keyboard for key in row]
        title = next((key.text for key in keys if key.callback_data == pressed.data), "")
        marks = {"query": pressed.id, "message": message.message_id}
        incoming = self._incoming(
            message, pressed.from_, title, f"pressed:{pressed.id}", choice=pressed.data, metadata=marks
        )
        return [Said(incoming)]

    def _author(self, message: Message) -> User | None:
        """Who speaks to us; None where nobody does."""
        author = message.from_
        if author is None or author.is_bot or message.chat.type == "channel":
            return None
        return author if message.chat.type not in GROUPS or self._is_addressed(message) else None

    def _is_addressed(self, message: Message) -> bool:
        replied = message.reply_to_message.from_ if message.reply_to_message else None
        return (replied is not None and replied.id == self.bot) or bool(
            self._mention and self._mention.search(message.text or message.caption)
        )

    def _words(self, message: Message) -> str:
        """Without our name, by which a group calls us."""
        text = message.text or message.caption
        if self._mention and message.chat.type in GROUPS:
            return self._mention.sub("", text).strip()
        return text

    @property
    def _mention(self) -> re.Pattern[str] | None:
        return re.compile(rf"@{re.escape(self.username)}(?!\w)", re.IGNORECASE) if self.username else None

    def _incoming(self, message: Message, author: User, text: str, id: str | None = None, **more: Any) -> Incoming:
        address = Place.of(message, author).address
        return Incoming(
            self.channel, address, id or str(message.message_id), text, most_buttons=self.most_buttons, **more
        )


def _opens(message: Message, words: str, files: Sequence[File]) -> bool:
    """The customer pressed Start, or called us by our name alone."""
    if files or message.forward_origin or message.forward_date:
        return False
    return not words or words.split(maxsplit=1)[0] == START


def _files(message: Message) -> tuple[File, ...]:
    if message.photo:
        photo = message.photo[-1]
        return (File("photo.jpg", "image/jpeg", photo.file_size, photo.file_id),)
    for kind, (name, type_) in FILES.items():
        if file := getattr(message, kind):
            return (File(file.file_name or name, file.mime_type or type_, file.file_size, file.file_id),)
    return ()


def _membership(membership: Membership) -> Sequence[Event]:
    """In a group we learn of it by the next message that we cannot send."""
    if membership.chat.type != "private" or membership.new_chat_member.status != "kicked":
        return []
    return [Gone(str(membership.chat.id), "The customer blocks the bot in Telegram.")]

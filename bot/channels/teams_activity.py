"""
What Microsoft Teams calls us with, and what of it customers said.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object and
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import unescape
from mimetypes import guess_type
from typing import Annotated, Any

from pydantic import Field

from bot.channels.errors import ForeignError
from bot.channels.payload import Payload, fit
from bot.channels.port import Event, Gone, Said, SeenUntil, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

NAME = "teams"
MOST_BUTTONS = 6
LONGEST_ADDRESS = 255
DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
"""https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4"""
MEDIA = ("image/", "audio/", "video/")
READ = "application/vnd.microsoft.readReceipt"
MOMENT = re.compile(r"[0-9]{13}")
MENTION = re.compile(r"</?at(?: [^<>]*)?>")
CHOICE = r"\A[A-Za-z0-9_-]{1,100}\z"

Key = Annotated[str, Field(pattern=r"\A[^\x00-\x20]{1,150}\z")]
Stamp = Annotated[str, Field(pattern=r"\A[^\x00-\x20]{1,60}\z")]
LongKey = Annotated[str, Field(pattern=r"\A[^\x00-\x20]{1,1000}\z")]


class Account(Payload):
    """A person, or a bot."""

    id: LongKey
    object_id: Key | None = Field(None, alias="aadObjectId")
    role: str | None = None


class Conversation(Payload):
    """A chat, or a thread of a channel."""

    id: LongKey
    type: str = Field("personal", alias="conversationType")


class Mention(Payload):
    """An entity of the text."""

    mentioned: Account
    text: str = ""


class Attachment(Payload):
    """A file, or the text as HTML."""

    type: str = Field("", alias="contentType")
    url: str | None = Field(None, alias="contentUrl")
    name: str | None = None
    content: Any = None


class Chosen(Payload):
    """What our buttons bring back."""

    choice: str = Field(pattern=CHOICE)
    address: str


class Activity(Payload):
    """Anything that happened; which fields it has depends on its type."""

    type: str = Field(min_length=1, max_length=100)
    channel: str = Field(alias="channelId")
    service_url: str = Field(alias="serviceUrl", max_length=500)
    sender: Account | None = Field(None, alias="from")
    recipient: Account
    conversation: Conversation
    id: Key | None = None
    timestamp: Stamp = "-"
    text: str | None = None
    value: Any = None
    action: str = ""
    name: str = ""
    entities: list[dict[str, Any]] = Field(default_factory=list)
    attachments: list[Attachment] = Field(default_factory=list)
    members_added: list[Account] = Field(default_factory=list, alias="membersAdded")
    channel_data: dict[str, Any] = Field(default_factory=dict, alias="channelData")

    @property
    def is_personal(self) -> bool:
        """Whether nobody else reads along."""
        return self.conversation.type == "personal"


def read_activity(value: Any) -> Sequence[Event]:
    """What happened. Raises ForeignError."""
    activity = fit(value, Activity)
    match activity.type:
        case "message":
            return _said(activity, "")
        case "messageUpdate" if activity.channel_data.get("eventType") == "editMessage":
            return _said(activity, f":{activity.timestamp}")
        case "conversationUpdate":
            return _opened(activity)
        case "installationUpdate" if activity.action == "remove" and activity.is_personal:
            return [Gone(_address(activity), "The customer removed the app from Teams.")]
        case "event" if activity.name == READ:
            return _seen(activity)
    return ()


def _seen(activity: Activity) -> Sequence[Event]:
    """Ids of messages are milliseconds since 1970, and the last one read is named."""
    last = activity.value.get("lastReadMessageId") if isinstance(activity.value, dict) else None
    if not isinstance(last, str) or not MOMENT.fullmatch(last):
        return ()
    return [SeenUntil(_address(activity), datetime.fromtimestamp(int(last) / 1000, UTC), read=True)]


def _opened(activity: Activity) -> Sequence[Event]:
    """Somebody added the bot to their chats, and has said nothing yet."""
    if not activity.is_personal or all(member.id != activity.recipient.id for member in activity.members_added):
        return ()
    return [Said(_incoming(activity, activity.id or f"opened:{activity.timestamp}", "👋", opens=True))]


def _said(activity: Activity, mark: str) -> Sequence[Event]:
    sender = activity.sender
    if activity.id is None or sender is None:
        raise ForeignError("This message has no `id` or no `from`.")
    if sender.role == "bot" or sender.id == activity.recipient.id:
        return ()
    mentions = [fit(each, Mention) for each in activity.entities if each.get("type") == "mention"]
    ours = [each.text for each in mentions if each.mentioned.id == activity.recipient.id]
    chosen = _chosen(activity.value)
    if chosen and chosen.address != _address(activity):
        # Another one's buttons, in a channel.
        return ()
    if not (activity.is_personal or chosen or ours):
        return ()
    text = _plain(activity.text or "", ours)
    incoming = _incoming(activity, f"{activity.id}{mark}", text, chosen.choice if chosen else None)
    files = tuple(file for each in activity.attachments if (file := _file(each)))
    if text or chosen or files:
        return [Said(incoming, files)]
    return [Unreadable(_incoming(activity, incoming.message_id, "📎"))]


def _incoming(activity: Activity, id: str, text: str, choice: str | None = None, *, opens: bool = False) -> Incoming:
    """With what is needed to answer."""
    place = {"service_url": activity.service_url, "conversation": activity.conversation.id}
    return Incoming(NAME, _address(activity), id, text, choice, MOST_BUTTONS, opens=opens, metadata=place)


def _address(activity: Activity) -> str:
    """
    The conversation's id, which in a channel names the thread, too.

    Where others read along, it is the person's own conversation in it, so that what one of them has proven is not at
    the others' disposal. What is too long to be stored is hashed; the channel's notes have it.
    """
    whole = activity.conversation.id
    if not activity.is_personal and activity.sender:
        whole = f"{whole}|{activity.sender.object_id or activity.sender.id}"
    return whole if len(whole) <= LONGEST_ADDRESS else hashlib.sha256(whole.encode()).hexdigest()


def _chosen(value: Any) -> Chosen | None:
    """A button of ours, if it is one; other cards may send what they like."""
    try:
        return fit(json.loads(value) if isinstance(value, str) else value, Chosen)
    except (ValueError, RecursionError, ForeignError):
        return None


def _plain(text: str, ours: Sequence[str]) -> str:
    """As the person typed it: our own name left out, others' without marks."""
    for mention in filter(None, ours):
        text = text.replace(mention, " ")
    return unescape(MENTION.sub("", text)).replace("\xa0", " ").strip()


def _file(attachment: Attachment) -> File | None:
    """None for cards, quotes, and the text as HTML."""
    name = (attachment.name or "").replace("\0", "") or "?"
    if attachment.type == DOWNLOAD:
        content = attachment.content if isinstance(attachment.content, dict) else {}
        url = content.get("downloadUrl")
        kind = guess_type(name)[0] or "application/octet-stream"
        return File(name, kind, None, url if isinstance(url, str) else "")
    if attachment.type.startswith(MEDIA):
        return File(name, attachment.type, None, attachment.url or "")
    return None
